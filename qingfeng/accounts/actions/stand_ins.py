"""Stand-in: asked for, confirmed, over with its last day; the roles it gives are grants like any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from qingfeng.accounts import rules
from qingfeng.accounts.enums import LeaveKind
from qingfeng.accounts.events import StandInAnswered, StandInAsked, StandInEnded
from qingfeng.accounts.models import Grant, StandIn, User
from qingfeng.accounts.queries import policy, separation
from qingfeng.audit import actions as audit
from qingfeng.core import clock, events, preferences, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role


@transaction.atomic
def ask(
    *,
    absent: User,
    deputy: User,
    grants: Sequence[Grant],
    leave_kind: str,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    by: Actor,
    at: dt.datetime,
) -> StandIn:
    """Ask that one person stand in for another, in some of his roles, from the first day to the last.

    Raises `Denied`, and `Refused` where dates, people or roles do not allow it.
    """
    people = _hold_people(absent, deputy)
    chosen = list(Grant.objects.select_for_update().filter(pk__in=[grant.pk for grant in grants]))
    rules.ask_stand_in.check(by, people[absent.pk], chosen)
    faults = _of_dates(starts_on, ends_on, timezone.localdate(at)) + _of_words(leave_kind, reason)
    faults += _of_people(Wish(people[absent.pk], people[deputy.pk], chosen, starts_on, ends_on))
    if faults:
        raise Refused(*dict.fromkeys(faults))
    row = StandIn.objects.create(
        absent=absent,
        deputy=deputy,
        leave_kind=leave_kind,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        asked_by_id=by.pk,
        asked_at=at,
    )
    row.grants.set(chosen)
    _record("ask", row, by=by, at=at)
    events.publish(StandInAsked(stand_in_id=row.pk))
    return row


@transaction.atomic
def confirm(*, stand_in: StandIn, by: Actor, at: dt.datetime) -> StandIn:
    """Give the deputy the roles for the days; what was in order when it was asked is looked at again.

    Raises `Denied` and `Refused`.
    """
    people = _hold_people(stand_in.absent, stand_in.deputy)
    row = _lock(stand_in)
    rules.answer_stand_in.check(by, row)
    today = timezone.localdate(at)
    chosen = list(row.grants.select_for_update())
    faults = ["代理的最后一天已经过去"] if row.ends_on < today else []
    absent, deputy = people[row.absent_id], people[row.deputy_id]
    faults += _of_people(Wish(absent, deputy, chosen, row.starts_on, row.ends_on), but=row)
    if faults:
        raise Refused(*dict.fromkeys(faults))
    for grant in chosen:
        Grant.objects.create(
            user=deputy,
            role=grant.role,
            unit_id=grant.unit_id,
            starts_on=max(row.starts_on, today, grant.starts_on),
            ends_on=min(row.ends_on, grant.ends_on or row.ends_on),
            granted_by_id=by.pk,
            reason=f"代理{absent.name}",
            origin=grant,
            stand_in=row,
        )
    StandIn.objects.filter(pk=row.pk).update(confirmed_at=at, confirmed_by_id=by.pk)
    _record("confirm", row, by=by, at=at)
    events.publish(StandInAnswered(stand_in_id=row.pk))
    return _refreshed(stand_in)


@transaction.atomic
def refuse(*, stand_in: StandIn, by: Actor, at: dt.datetime, reason: str) -> StandIn:
    """Say no, and why. Raises `Denied`, and `Refused` without a reason."""
    row = _lock(stand_in)
    rules.answer_stand_in.check(by, row)
    _need(reason, "请写明不同意的理由")
    StandIn.objects.filter(pk=row.pk).update(refused_at=at, refused_by_id=by.pk, end_reason=reason.strip())
    _record("refuse", row, by=by, at=at)
    events.publish(StandInAnswered(stand_in_id=row.pk))
    return _refreshed(stand_in)


@transaction.atomic
def end(*, stand_in: StandIn, by: Actor, at: dt.datetime, reason: str) -> StandIn:
    """End the stand-in now, or take back what was only asked for. Raises `Denied` and `Refused`."""
    row = _lock(stand_in)
    rules.end_stand_in.check(by, row)
    _need(reason, "请写明结束的理由")
    _end(row, by=by, at=at, reason=reason.strip())
    return _refreshed(stand_in)


def end_all_of(*, user: User, by: Actor, at: dt.datetime, reason: str) -> int:
    """End every stand-in that the person takes part in; the caller has checked who may."""
    rows = StandIn.objects.select_for_update().standing().filter(Q(absent=user) | Q(deputy=user))
    found = list(rows.filter(ends_on__gte=timezone.localdate(at)))
    for row in found:
        _end(row, by=by, at=at, reason=reason)
    return len(found)


def _end(row: StandIn, *, by: Actor, at: dt.datetime, reason: str) -> None:
    StandIn.objects.filter(pk=row.pk).update(ended_at=at, ended_by_id=by.pk, end_reason=reason)
    Grant.objects.filter(stand_in=row, ended_at__isnull=True).update(
        ended_at=at, ended_by_id=by.pk, end_reason=f"代理结束：{reason}"[:200]
    )
    _record("end", row, by=by, at=at)
    events.publish(StandInEnded(stand_in_id=row.pk))


def _hold_people(*people: User) -> dict[int, User]:
    """Lock both, in one order, so that two acts about one person do not pass each other."""
    rows = User.objects.select_for_update().filter(pk__in=[person.pk for person in people]).order_by("pk")
    return {person.pk: person for person in rows}


def _lock(stand_in: StandIn) -> StandIn:
    return StandIn.objects.select_for_update().get(pk=stand_in.pk)


def _refreshed(stand_in: StandIn) -> StandIn:
    stand_in.refresh_from_db()
    stand_in.absent.forget_roles()
    stand_in.deputy.forget_roles()
    return stand_in


def _need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence)


def _of_dates(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> list[str]:
    longest = preferences.get(policy.STAND_IN_DAYS.key)
    faults = []
    if starts_on < today:
        faults.append("开始日期不得早于今天")
    if ends_on < starts_on:
        faults.append("结束日期不得早于开始日期")
    elif (ends_on - starts_on).days >= longest:
        faults.append(f"一次代理不超过 {longest} 天；更久的，请办岗位交接")
    return faults


def _of_words(leave_kind: str, reason: str) -> list[str]:
    faults = [] if leave_kind in LeaveKind.values else ["请选离岗原因"]
    return faults + ([] if reason.strip() else ["请写明依据"])


@dataclass(frozen=True)
class Wish:
    """Who is to stand in for whom, in which roles, when; looked at when asked, and again when confirmed."""

    absent: User
    deputy: User
    grants: Sequence[Grant]
    starts_on: dt.date
    ends_on: dt.date


def _of_people(wish: Wish, but: StandIn | None = None) -> list[str]:
    """Return what speaks against these two people and these roles."""
    if wish.absent.pk == wish.deputy.pk:
        return ["代理人不能是本人"]
    faults = [] if wish.grants else ["请至少选一个角色"]
    faults += _of_one(wish.absent, "离岗人") + _of_one(wish.deputy, "代理人")
    faults += _of_grants(wish) + _of_others(wish, but)
    open_rows = wish.deputy.grants.own().open_from(wish.starts_on)
    own = [grant for grant in open_rows if grant.starts_on <= wish.ends_on]
    faults += separation.conflicts(separation.of(own), separation.of(wish.grants))
    held = {(grant.role, grant.unit_id) for grant in own}
    doubled = [grant for grant in wish.grants if (grant.role, grant.unit_id) in held]
    return faults + [f"代理人自己就有“{grant}”角色，不必代理" for grant in doubled]


def _of_one(person: User, who: str) -> list[str]:
    faults = [] if person.is_active else [f"{who}的账号已经停用"]
    if person.seat_role:
        faults.append("三员席位不代理，也不代理别人")
    if person.grants.open_from(clock.today()).filter(role=Role.SANCTIONED_PERSON).exists():
        faults.append("受处分人员不代理，也不由人代理")
    return faults


def _of_grants(wish: Wish) -> list[str]:
    faults = []
    for grant in wish.grants:
        if grant.user_id != wish.absent.pk or grant.origin_id is not None:
            faults.append("只能代理离岗人自己的角色，代理来的不能再代理")
        elif grant.ended_at is not None or (grant.ends_on and grant.ends_on < wish.starts_on):
            faults.append(f"“{grant}”角色在开始日期已经不在")
    return faults


def _of_others(wish: Wish, but: StandIn | None) -> list[str]:
    """Shut out chains, and two who stand in for one role at once."""
    meanwhile = StandIn.objects.overlapping(wish.starts_on, wish.ends_on)
    if but is not None:
        meanwhile = meanwhile.exclude(pk=but.pk)
    faults = []
    if meanwhile.filter(absent=wish.deputy).exists():
        faults.append("代理人在这段时间自己也要由人代理，请另选")
    if meanwhile.filter(deputy=wish.absent).exists():
        faults.append("离岗人在这段时间正代理别人，请先结束那项代理")
    if meanwhile.filter(grants__in=[grant.pk for grant in wish.grants]).exists():
        faults.append("其中有的角色在这段时间已经有人代理，或者已经提出")
    return faults


def _record(verb: str, row: StandIn, *, by: Actor, at: dt.datetime) -> None:
    detail = {
        "from": row.absent_id,
        "to": row.deputy_id,
        "grants": list(row.grants.order_by("pk").values_list("pk", flat=True)),
    }
    audit.record(action=f"stand_in.{verb}", by=by, at=at, subject=references.reference_to(row), detail=detail)
