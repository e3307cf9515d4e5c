from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from qingfeng.accounts import rules
from qingfeng.accounts.actions import stand_ins
from qingfeng.accounts.events import LiaisonObjected
from qingfeng.accounts.models import Grant, User
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Unit


@transaction.atomic
def give(
    *,
    account: User,
    role: str,
    by: Actor,
    at: dt.datetime,
    reason: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    unit: Unit | None = None,
) -> Grant:
    """Give the account a role, for one unit or for all, from and to a date.

    Raises `Denied`, and `Refused` where dates, unit or reason do not hold or the role is held already.
    """
    locked = User.objects.select_for_update().get(pk=account.pk)
    rules.give_grant.check(by, locked, role, unit)
    faults = _faults(role, unit, starts_on, ends_on, reason)
    if not faults and _overlaps(locked, role, unit, starts_on, ends_on):
        faults = [f"该账号在这段时间内已有{unit or '全部单位'}的“{Role(role).label}”角色"]
    if faults:
        raise Refused(*faults)
    grant = Grant.objects.create(
        user=locked,
        role=role,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.pk,
        reason=reason.strip(),
    )
    account.forget_roles()
    if role == Role.SANCTIONED_PERSON:
        stand_ins.end_all_of(user=locked, by=by, at=at, reason="受处分人员不代理，也不由人代理")
    detail = {"user": locked.pk, "role": str(role), "unit": unit.pk if unit else None}
    audit.record(action="grant.give", by=by, at=at, subject=references.reference_to(grant), detail=detail)
    return grant


@transaction.atomic
def end(*, grant: Grant, by: Actor, at: dt.datetime, reason: str) -> None:
    """Take a role back at once; the record stays. Raises `Denied`, and `Refused` without a reason."""
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    rules.end_grant.check(by, locked)
    if not reason.strip():
        raise Refused("请写明收回的依据")
    Grant.objects.filter(pk=grant.pk).update(ended_at=at, ended_by_id=by.pk, end_reason=reason.strip())
    grant.refresh_from_db()
    grant.user.forget_roles()
    detail = {"user": grant.user_id, "role": grant.role, "unit": grant.unit_id}
    audit.record(action="grant.end", by=by, at=at, subject=references.reference_to(grant), detail=detail)
    if grant.is_named:
        events.publish(LiaisonObjected(grant_id=grant.pk))


@transaction.atomic
def end_together(*, grants: Sequence[Grant], by: Actor, at: dt.datetime, reason: str) -> int:
    """Take several roles back in one act and return how many; those ended meanwhile are passed over.

    Raises `Denied`, and `Refused` where none is chosen or without a reason.
    """
    rules.end_grants.check(by)
    if not grants:
        raise Refused("请至少选一项授权")
    rows = Grant.objects.filter(pk__in=[grant.pk for grant in grants], ended_at__isnull=True).order_by("pk")
    found = list(rows)
    for grant in found:
        end(grant=grant, by=by, at=at, reason=reason)
    return len(found)


def _faults(
    role: str, unit: Unit | None, starts_on: dt.date, ends_on: dt.date | None, reason: str
) -> list[str]:
    faults = []
    if role not in Role.values:
        faults.append("没有这个角色")
    if ends_on is not None and ends_on < starts_on:
        faults.append("截止日期不得早于生效日期")
    if unit is not None and not Unit.objects.active_on(starts_on).filter(pk=unit.pk).exists():
        faults.append(f"{unit}在生效日期尚未启用或已经停用")
    if not reason.strip():
        faults.append("请写明授权依据")
    return faults


def _overlaps(
    account: User, role: str, unit: Unit | None, starts_on: dt.date, ends_on: dt.date | None
) -> bool:
    same = account.grants.own().filter(role=role, unit=unit, ended_at__isnull=True)
    same = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        same = same.filter(starts_on__lte=ends_on)
    return same.exists()
