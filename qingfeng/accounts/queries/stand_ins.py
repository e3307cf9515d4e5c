"""Who stands in for whom: in scope, by state, and what it gives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingfeng.accounts.enums import StandInState
from qingfeng.accounts.models import Grant, StandIn, User
from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.roles import ADMIN_ROLES, COMMISSION_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.organizations.models import Post


def visible_to(user: Actor) -> QuerySet[StandIn]:
    """Return the stand-ins in scope: all for the administrators, one's own, those of one's unit's liaison."""
    rows = StandIn.objects.select_related("absent", "deputy", "asked_by", "confirmed_by")
    if user.holds(*ADMIN_ROLES):
        return rows
    liaisons = Grant.objects.filter(
        absences=OuterRef("pk"), role=Role.UNIT_LIAISON, unit__in=user.units_for(Role.UNIT_HEAD)
    )
    own = Q(absent=user.pk) | Q(deputy=user.pk) | Q(asked_by=user.pk)
    return rows.filter(own | Exists(liaisons))


def by_id(stand_in_id: int) -> StandIn:
    """Return a stand-in for who is told of it; views fetch from `visible_to`."""
    rows = StandIn.objects.select_related("absent", "deputy", "asked_by", "confirmed_by", "ended_by")
    return with_grants(rows).get(pk=stand_in_id)


def state_of(row: StandIn) -> StandInState:
    """Work out how the stand-in stands today."""
    if row.refused_at is not None:
        return StandInState.REFUSED
    if row.ended_at is not None:
        return StandInState.ENDED if row.confirmed_at else StandInState.WITHDRAWN
    today = clock.today()
    if row.ends_on < today:
        return StandInState.OVER
    if row.confirmed_at is None:
        return StandInState.ASKED
    return StandInState.LATER if row.starts_on > today else StandInState.RUNNING


def in_state(rows: QuerySet[StandIn], state: str) -> QuerySet[StandIn]:
    today = clock.today()
    open_rows = Q(refused_at__isnull=True, ended_at__isnull=True)
    running = open_rows & Q(ends_on__gte=today)
    conditions = {
        StandInState.REFUSED: Q(refused_at__isnull=False),
        StandInState.ENDED: Q(ended_at__isnull=False, confirmed_at__isnull=False),
        StandInState.WITHDRAWN: Q(ended_at__isnull=False, confirmed_at__isnull=True),
        StandInState.OVER: open_rows & Q(ends_on__lt=today),
        StandInState.ASKED: running & Q(confirmed_at__isnull=True),
        StandInState.LATER: running & Q(confirmed_at__isnull=False, starts_on__gt=today),
        StandInState.RUNNING: running & Q(confirmed_at__isnull=False, starts_on__lte=today),
    }
    return rows.filter(conditions[StandInState(state)])


def with_grants(rows: QuerySet[StandIn]) -> QuerySet[StandIn]:
    return rows.prefetch_related("grants__unit")


def role_words(row: StandIn) -> str:
    """Say in one line which roles are stood in for."""
    return "、".join(f"{grant}（{grant.unit}）" if grant.unit else str(grant) for grant in row.grants.all())


def open_of(user: User) -> list[StandIn]:
    """Return what runs or is to come, with the user on either side."""
    rows = StandIn.objects.standing().filter(ends_on__gte=clock.today())
    mine = rows.filter(Q(absent=user) | Q(deputy=user)).select_related("absent", "deputy")
    return list(mine.order_by("starts_on", "pk"))


def waiting_for(user: Actor) -> QuerySet[StandIn]:
    """Return what is asked for and waits for the user's word."""
    rows = in_state(visible_to(user), StandInState.ASKED)
    if user.holds(Role.SECURITY_ADMIN):
        return rows
    others = Grant.objects.filter(absences=OuterRef("pk")).exclude(
        role=Role.UNIT_LIAISON, unit__in=user.units_for(Role.UNIT_HEAD)
    )
    return rows.filter(~Exists(others)).exclude(absent=user.pk).exclude(deputy=user.pk)


def roles_by_absent(user: Any) -> dict[int, frozenset[str]]:
    """Return for whom the user stands in today, and in which roles."""
    found: dict[int, set[str]] = defaultdict(set)
    for grant in user.stood_in:
        found[grant.origin.user_id].add(grant.role)
    return {absent: frozenset(roles) for absent, roles in found.items()}


def whom_one_may_ask_for(user: Actor) -> QuerySet[User]:
    """Return the accounts for which the user may ask: all for the security administrator, own liaisons."""
    rows = User.objects.filter(is_active=True, seat__isnull=True)
    if user.holds(Role.SECURITY_ADMIN):
        return rows
    liaisons = (
        Grant.objects.open_from(clock.today())
        .own()
        .filter(user=OuterRef("pk"), role=Role.UNIT_LIAISON, unit__in=user.units_for(Role.UNIT_HEAD))
    )
    return rows.filter(Exists(liaisons))


def grants_to_pass(user: User, asker: Actor, today: dt.date) -> QuerySet[Grant]:
    """Return the grants of the user's own that somebody may stand in for, as far as the asker may ask."""
    rows = Grant.objects.open_from(today).own().filter(user=user).exclude(role=Role.SANCTIONED_PERSON)
    if user.pk != asker.pk and not asker.holds(Role.SECURITY_ADMIN):
        rows = rows.filter(role=Role.UNIT_LIAISON, unit__in=asker.units_for(Role.UNIT_HEAD))
    return rows.select_related("unit").order_by("role", "pk")


def deputies_for(user: User, asker: Actor, today: dt.date) -> QuerySet[User]:
    """Return who can be asked to stand in: colleagues of the commission, people of one's own units."""
    rows = User.objects.filter(is_active=True, seat__isnull=True).exclude(pk=user.pk).order_by("name", "pk")
    if asker.holds(Role.SECURITY_ADMIN):
        return rows
    units = set(
        Grant.objects.active_on(today)
        .own()
        .filter(user=user, role__in=UNIT_BOUND_ROLES)
        .values_list("unit_id", flat=True)
    )
    colleague = Grant.objects.active_on(today).filter(user=OuterRef("pk"), role__in=COMMISSION_ROLES)
    near = Q(pk__in=people_of(units))
    if Grant.objects.active_on(today).own().filter(user=user, role__in=COMMISSION_ROLES).exists():
        return rows.filter(near | Exists(colleague))
    return rows.filter(near)


def people_of(units: Any) -> QuerySet[User]:
    """Return the accounts of the people who work in the units: by post today, or by a role, now or before."""
    posts = Post.objects.held_on(clock.today()).filter(person__user=OuterRef("pk"), unit__in=units)
    roles = Grant.objects.own().filter(user=OuterRef("pk"), unit__in=units)
    return User.objects.filter(Exists(posts) | Exists(roles))


def story_of(row: StandIn) -> list[dict[str, str]]:
    """Tell what happened to the stand-in, the newest first, as a timeline takes it."""
    steps = [
        (row.ended_at, row.ended_by, "提前结束" if row.confirmed_at else "撤回", row.end_reason),
        (row.refused_at, row.refused_by, "不同意", row.end_reason),
        (row.confirmed_at, row.confirmed_by, "确认", ""),
        (row.asked_at, row.asked_by, "提出", row.reason),
    ]
    return [
        {"at": clock.spoken(at), "who": by.name if by else "系统", "what": what, "note": note}
        for at, by, what, note in steps
        if at is not None
    ]
