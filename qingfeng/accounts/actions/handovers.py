"""Hand-over of an office: one act ends one's grants and gives them to another, with a list both confirm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from qingfeng.accounts import rules
from qingfeng.accounts.events import HandoverConfirmed, OfficeHandedOver
from qingfeng.accounts.models import Grant, Handover, HandoverItem, User
from qingfeng.accounts.queries import handovers as queries
from qingfeng.accounts.queries import open_work
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role

DAY = dt.timedelta(days=1)


@transaction.atomic
def hand_over(
    *,
    giver: User,
    taker: User,
    grants: Sequence[Grant],
    last_day: dt.date,
    reason: str,
    by: Actor,
    at: dt.datetime,
) -> Handover:
    """End the giver's grants with his last day, and give the taker the same from the day after.

    Raises `Denied`, and `Refused` where dates, people or roles do not allow it.
    """
    people = {
        person.pk: person
        for person in User.objects.select_for_update().filter(pk__in=[giver.pk, taker.pk]).order_by("pk")
    }
    rules.hand_over_office.check(by, people[giver.pk])
    chosen = list(Grant.objects.select_for_update().filter(pk__in=[grant.pk for grant in grants]))
    faults = _faults(people[giver.pk], people[taker.pk], chosen, last_day, timezone.localdate(at))
    if not reason.strip():
        faults.append("请写明依据")
    if faults:
        raise Refused(*dict.fromkeys(faults))
    row = Handover.objects.create(
        giver=giver, taker=taker, last_day=last_day, reason=reason.strip(), by_id=by.pk, at=at
    )
    row.grants.set(chosen)
    for grant in chosen:
        _pass_on(grant, taker=people[taker.pk], last_day=last_day, reason=row.reason, by=by, at=at)
    giver.forget_roles()
    taker.forget_roles()
    list_open_work(row, today=timezone.localdate(at))
    _record("handover.give", row, by=by, at=at)
    events.publish(OfficeHandedOver(handover_id=row.pk))
    return row


@transaction.atomic
def give(*, handover: Handover, by: Actor, at: dt.datetime) -> Handover:
    """Confirm the list as the giver; while he is in office it is drawn up anew first. Raises `Denied`."""
    row = Handover.objects.select_for_update().get(pk=handover.pk)
    rules.give_handover.check(by, row)
    if timezone.localdate(at) <= row.last_day:
        list_open_work(row, today=timezone.localdate(at))
    digest = queries.digest_of(row)
    Handover.objects.filter(pk=row.pk).update(given_at=at, given_by_id=by.pk, digest=digest)
    return _confirmed("handover.confirm", handover, by=by, at=at)


@transaction.atomic
def take(*, handover: Handover, by: Actor, at: dt.datetime, digest: str) -> Handover:
    """Confirm as the taker the very list that the giver confirmed. Raises `Denied` and `Refused`."""
    row = Handover.objects.select_for_update().get(pk=handover.pk)
    rules.take_handover.check(by, row)
    if digest != row.digest or queries.digest_of(row) != row.digest:
        raise Refused("清单与移交人确认的不一致，请刷新后核对；仍不一致的，请告诉安全管理员")
    Handover.objects.filter(pk=row.pk).update(taken_at=at, taken_by_id=by.pk)
    return _confirmed("handover.take", handover, by=by, at=at)


def list_open_work(row: Handover, *, today: dt.date) -> None:
    """Write down what the giver has open; the caller holds the row, and nobody confirmed it yet."""
    HandoverItem.objects.filter(handover=row).delete()
    duties = open_work.of(User.objects.get(pk=row.giver_id), today)
    HandoverItem.objects.bulk_create(
        HandoverItem(
            handover=row,
            position=position,
            area=duty.area[:60],
            title=duty.title[:200],
            meta=duty.meta[:300],
            due_date=duty.due_date,
            url=duty.url[:300],
        )
        for position, duty in enumerate(duties, start=1)
    )


def _pass_on(
    grant: Grant, *, taker: User, last_day: dt.date, reason: str, by: Actor, at: dt.datetime
) -> None:
    held = taker.grants.own().filter(role=grant.role, unit=grant.unit_id, ended_at__isnull=True)
    until = grant.ends_on
    Grant.objects.filter(pk=grant.pk).update(ends_on=last_day)
    subject = references.reference_to(grant)
    audit.record(
        action="grant.limit",
        by=by,
        at=at,
        subject=subject,
        detail={"user": grant.user_id, "role": grant.role},
    )
    if held.open_from(last_day + DAY).exists():
        return
    given = Grant.objects.create(
        user=taker,
        role=grant.role,
        unit_id=grant.unit_id,
        starts_on=last_day + DAY,
        ends_on=until,
        granted_by_id=by.pk,
        reason=reason,
    )
    detail = {"user": taker.pk, "role": given.role, "unit": given.unit_id}
    audit.record(action="grant.give", by=by, at=at, subject=references.reference_to(given), detail=detail)


def _faults(
    giver: User, taker: User, chosen: Sequence[Grant], last_day: dt.date, today: dt.date
) -> list[str]:
    faults = [] if chosen else ["请至少选一个角色"]
    if giver.pk == taker.pk:
        faults.append("接收人不能是移交人本人")
    if not taker.is_active:
        faults.append("接收人的账号已经停用")
    if taker.seat_role:
        faults.append("三员不得兼任业务角色")
    if taker.grants.open_from(today).filter(role=Role.SANCTIONED_PERSON).exists():
        faults.append("受处分人员不能接收")
    if last_day < today:
        faults.append("移交人的最后一天不得早于今天")
    return faults + [fault for grant in chosen if (fault := _of_grant(grant, giver, last_day))]


def _of_grant(grant: Grant, giver: User, last_day: dt.date) -> str:
    if grant.user_id != giver.pk or grant.origin_id is not None:
        return "只能移交移交人自己的角色，代理来的不能移交"
    if grant.ended_at is not None or (grant.ends_on and grant.ends_on <= last_day):
        return f"“{grant}”角色在最后一天之后本来就不在"
    return f"“{grant}”角色在最后一天还没有开始" if grant.starts_on > last_day else ""


def _confirmed(action: str, handover: Handover, *, by: Actor, at: dt.datetime) -> Handover:
    handover.refresh_from_db()
    _record(action, handover, by=by, at=at)
    events.publish(HandoverConfirmed(handover_id=handover.pk))
    return handover


def _record(action: str, row: Handover, *, by: Actor, at: dt.datetime) -> None:
    detail = {
        "from": row.giver_id,
        "to": row.taker_id,
        "rows": row.items.count(),
        **({"digest": row.digest} if row.digest else {}),
    }
    audit.record(action=action, by=by, at=at, subject=references.reference_to(row), detail=detail)
