from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.accounts import rules
from qingfeng.accounts.actions import accounts
from qingfeng.accounts.models import AdminSeat, SeatHandover, User
from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import SYSTEM, Actor
from qingfeng.core.errors import Refused
from qingfeng.core.roles import ADMIN_ROLES, Role


@transaction.atomic
def seat_first(
    *, people: dict[str, tuple[str, str]], at: dt.datetime, reason: str, encoded: str = ""
) -> dict[str, accounts.Opened]:
    """Open the first three accounts and seat them: role → (login name, name). Once, by the platform itself.

    Raises `Refused` where a seat is taken already or a seat is not named.
    """
    if AdminSeat.objects.exists():
        raise Refused("三员已经设立，换人请办理交接")
    if set(people) != set(ADMIN_ROLES):
        raise Refused("系统、安全、审计管理员须同时指定，各一人")
    opened = {}
    for role in sorted(people):
        username, name = people[role]
        opened[role] = accounts.create(
            username=username, name=name, by=SYSTEM, at=at, reason=reason, encoded=encoded
        )
        _sit(role, opened[role].user, by=SYSTEM, at=at, reason=reason)
    return opened


@transaction.atomic
def hand_over(*, seat: AdminSeat, to: User, by: Actor, at: dt.datetime, reason: str) -> SeatHandover:
    """Give the seat to another person, who holds no other role. Raises `Denied` and `Refused`."""
    locked = AdminSeat.objects.select_for_update().get(pk=seat.pk)
    person = User.objects.select_for_update().get(pk=to.pk)
    rules.hand_over_seat.check(by, locked)
    faults = _faults(locked, person, at, reason)
    if faults:
        raise Refused(*faults)
    handover = _sit(locked.role, person, by=by, at=at, reason=reason, former=locked)
    seat.refresh_from_db()
    for user in (to, handover.from_user):
        if user is not None:
            user.forget_roles()
    return handover


def _faults(seat: AdminSeat, person: User, at: dt.datetime, reason: str) -> list[str]:
    faults = []
    if not reason.strip():
        faults.append("请写明交接的依据")
    if not person.is_active:
        faults.append("接任人的账号已经停用")
    if person.pk == seat.user_id:
        faults.append("接任人就是现任，不必交接")
    elif person.seat_role:
        faults.append(f"接任人现任{Role(person.seat_role).label}，三员不得兼任")
    if person.grants.open_from(at.date()).exists():
        faults.append("接任人还有业务角色，请安全管理员先行收回：三员不得兼任业务角色")
    return faults


def _sit(
    role: str, person: User, *, by: Actor, at: dt.datetime, reason: str, former: AdminSeat | None = None
) -> SeatHandover:
    if former is None:
        seat = AdminSeat.objects.create(role=role, user=person, since=at)
    else:
        seat = former
        AdminSeat.objects.filter(pk=seat.pk).update(user=person, since=at)
    handover = SeatHandover.objects.create(
        role=role,
        from_user=former.user if former else None,
        to_user=person,
        by_id=by.pk,
        at=at,
        reason=reason.strip(),
    )
    audit.record(
        action="admin_seat.hand_over",
        by=by,
        at=at,
        subject=references.reference_to(seat),
        detail={"role": role, "from": handover.from_user_id, "to": person.pk},
    )
    return handover


@transaction.atomic
def reset_password(*, seat: AdminSeat, at: dt.datetime, reason: str) -> accounts.Opened:
    """Reset an administrator's password from the host, two people present; no page can. Raises `Refused`."""
    return accounts.put_temporary_password(seat.user, by=SYSTEM, at=at, reason=reason)
