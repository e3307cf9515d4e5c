from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from qingfeng.accounts.enums import AccountState
from qingfeng.accounts.models import AccountChange, Grant, User
from qingfeng.accounts.queries import places, policy
from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.organizations.models import Person, Unit


def visible_to(user: Actor) -> QuerySet[User]:
    """Return the accounts in the user's scope: all for the three administrators, none for others."""
    return User.objects.all() if user.holds(*ADMIN_ROLES) else User.objects.none()


def with_roles(rows: QuerySet[User]) -> QuerySet[User]:
    """Load each account's seat, person and grants of today (`current_grants`) in three queries."""
    today = Grant.objects.active_on(clock.today()).select_related("unit").order_by("role", "pk")
    return rows.select_related("seat", "person").prefetch_related(
        Prefetch("grants", queryset=today, to_attr="current_grants")
    )


def holding(rows: QuerySet[User], role: str) -> QuerySet[User]:
    """Keep the accounts that hold the role today."""
    if role in ADMIN_ROLES:
        return rows.filter(seat__role=role)
    held = Grant.objects.active_on(clock.today()).filter(user=OuterRef("pk"), role=role)
    return rows.filter(Exists(held), seat__isnull=True)


def reaching(rows: QuerySet[User], unit: str) -> QuerySet[User]:
    """Keep the accounts that hold a role for the unit today."""
    held = Grant.objects.active_on(clock.today()).filter(user=OuterRef("pk"), unit=int(unit))
    return rows.filter(Exists(held))


def in_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
    if state == AccountState.DISABLED:
        return rows.filter(is_active=False)
    return rows.filter(is_active=True, must_change_password=state == AccountState.FRESH)


def state_of(user: User) -> AccountState:
    if not user.is_active:
        return AccountState.DISABLED
    return AccountState.FRESH if user.must_change_password else AccountState.ACTIVE


def role_words(user: User) -> str:
    """Say in one line which roles an account from `with_roles` holds today."""
    seat = getattr(user, "seat", None)
    if seat is not None:
        return str(Role(seat.role).label)
    grants: list[Grant] = getattr(user, "current_grants", [])
    return "、".join(f"{grant}（{grant.unit}）" if grant.unit else str(grant) for grant in grants)


def units_with_grants() -> list[tuple[str, str]]:
    """Return the units that any grant names, as choices of a filter."""
    rows = Unit.objects.filter(grants__isnull=False).distinct().order_by("sort_order", "code")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "short_name")]


def units_to_grant(date: dt.date) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.active_on(date).order_by("sort_order", "code")
    return rows


def person_by_code(code: str) -> Person | None:
    return Person.objects.filter(code=code).first()


def changes_of(user: User) -> list[dict[str, str]]:
    """Return what administrators did to the account, the newest first, as a timeline takes them."""
    rows: QuerySet[AccountChange] = user.changes.select_related("by").order_by("-at", "-pk")
    return [
        {
            "at": clock.spoken(row.at),
            "who": row.by.name if row.by else "系统",
            "what": row.get_what_display(),
            "note": row.reason,
        }
        for row in rows
    ]


@dataclass(frozen=True)
class OpenSession:
    """A place where the account is signed in."""

    key: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    ip: str
    user_agent: str
    is_current: bool

    @property
    def browser(self) -> str:
        return places.words_of(self.user_agent)

    @property
    def digest(self) -> str:
        return places.session_digest(self.key)


def sessions_of(user: User, current: str | None = None) -> list[OpenSession]:
    """Return where the account is signed in now, the newest first, without writing."""
    now = clock.now()
    awake = now - policy.idle_limit()
    rows = list(UserSession.objects.filter(user=user, last_seen_at__gt=awake).order_by("-created_at"))
    keys = [row.session_key for row in rows]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    return [
        OpenSession(
            row.session_key,
            row.created_at,
            row.last_seen_at,
            row.ip,
            row.user_agent,
            row.session_key == current,
        )
        for row in rows
        if row.session_key in alive
    ]


@dataclass(frozen=True)
class Standing:
    """How an account stands: where it is signed in, what was done to it, how it is secured."""

    state: AccountState
    sessions: list[OpenSession]
    changes: list[dict[str, str]]
    has_factor: bool


def standing(user: User, current: str | None = None) -> Standing:
    return Standing(
        state=state_of(user),
        sessions=sessions_of(user, current),
        changes=changes_of(user),
        has_factor=policy.has_factor(user),
    )


def fit_for_a_seat(date: dt.date) -> QuerySet[User]:
    """Return the accounts that hold no seat and no role, now or later."""
    held = Grant.objects.open_from(date).filter(user=OuterRef("pk"))
    rows = User.objects.filter(~Exists(held), is_active=True, seat__isnull=True)
    return rows.order_by("name", "username")


def grants_visible_to(user: Actor) -> QuerySet[Grant]:
    """Return the grants in the user's scope, like the accounts."""
    rows = Grant.objects.all() if user.holds(*ADMIN_ROLES) else Grant.objects.none()
    return rows.select_related("user", "unit", "granted_by", "ended_by")


def grants_of(user: Actor, account: User) -> list[Grant]:
    """Return every grant of an account, the newest first."""
    return list(grants_visible_to(user).filter(user=account).order_by("-starts_on", "-pk"))


GRANT_STATES = (("current", "有效"), ("later", "未生效"), ("over", "已到期"), ("ended", "已收回"))


def grants_in_state(rows: QuerySet[Grant], state: str) -> QuerySet[Grant]:
    today = clock.today()
    conditions = {
        "ended": Q(ended_at__isnull=False),
        "later": Q(ended_at__isnull=True, starts_on__gt=today),
        "over": Q(ended_at__isnull=True, ends_on__lt=today),
        "current": Q(ended_at__isnull=True, starts_on__lte=today)
        & (Q(ends_on__isnull=True) | Q(ends_on__gte=today)),
    }
    return rows.filter(conditions[state])


def grant_words(grant: Grant) -> str:
    return dict(GRANT_STATES)[grant_state(grant)]


def grant_state(grant: Grant) -> str:
    """Return how the grant stands today: the key of `GRANT_STATES`."""
    today = clock.today()
    if grant.ended_at:
        return "ended"
    if grant.starts_on > today:
        return "later"
    return "over" if grant.ends_on and grant.ends_on < today else "current"
