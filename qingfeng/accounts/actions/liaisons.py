"""The head of a unit names its liaison officer himself: towns must not wait for the city."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from qingfeng.accounts import rules
from qingfeng.accounts.events import LiaisonNamed
from qingfeng.accounts.models import Grant, User
from qingfeng.accounts.queries import liaisons as queries
from qingfeng.accounts.queries import separation
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Unit


@transaction.atomic
def name(
    *,
    unit: Unit,
    to: User,
    starts_on: dt.date,
    reason: str,
    by: Actor,
    at: dt.datetime,
    replaces: Grant | None = None,
) -> Grant:
    """Name a liaison officer from a day on; the one he replaces is it until the day before.

    Raises `Denied`, and `Refused` where person or dates do not allow it.
    """
    rules.name_liaison.check(by, unit)
    person = User.objects.select_for_update().get(pk=to.pk)
    former = Grant.objects.select_for_update().get(pk=replaces.pk) if replaces else None
    faults = _faults(unit, person, former, starts_on, reason, by=by, at=at)
    if faults:
        raise Refused(*dict.fromkeys(faults))
    if former is not None:
        _replace(former, starts_on, by=by, at=at)
    grant = Grant.objects.create(
        user=person,
        role=Role.UNIT_LIAISON,
        unit=unit,
        starts_on=starts_on,
        granted_by_id=by.pk,
        reason=reason.strip(),
        is_named=True,
    )
    to.forget_roles()
    detail = {"user": person.pk, "role": grant.role, "unit": unit.pk}
    audit.record(action="grant.name", by=by, at=at, subject=references.reference_to(grant), detail=detail)
    events.publish(LiaisonNamed(grant_id=grant.pk))
    return grant


def _replace(former: Grant, starts_on: dt.date, *, by: Actor, at: dt.datetime) -> None:
    """End the former one's grant the day before, or now where the new one begins today."""
    last_day = starts_on - dt.timedelta(days=1)
    ends = {"ended_at": at, "ended_by_id": by.pk, "end_reason": "单位另行指定联络员"}
    if starts_on > timezone.localdate(at) and last_day >= former.starts_on:
        ends = {"ends_on": last_day}
    Grant.objects.filter(pk=former.pk).update(**ends)
    former.user.forget_roles()
    detail = {"user": former.user_id, "role": former.role, "unit": former.unit_id}
    audit.record(action="grant.limit", by=by, at=at, subject=references.reference_to(former), detail=detail)


def _faults(
    unit: Unit,
    person: User,
    former: Grant | None,
    starts_on: dt.date,
    reason: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> list[str]:
    today = timezone.localdate(at)
    faults = [] if reason.strip() else ["请写明依据"]
    if starts_on < today:
        faults.append("开始日期不得早于今天")
    if not queries.candidates(unit, by).filter(pk=person.pk).exists():
        faults.append("联络员须是本单位的人，账号在用；没有账号的，请系统管理员先开户")
    known = queries.of_unit(unit, today)
    if former is not None and not known.filter(pk=former.pk).exists():
        faults.append("要接替的联络员已经不在")
    if known.filter(user=person).exists():
        faults.append("此人已经是本单位联络员")
    own = separation.of(person.grants.own().open_from(starts_on))
    return faults + separation.conflicts(own, [separation.Held(Role.UNIT_LIAISON, unit.pk)])
