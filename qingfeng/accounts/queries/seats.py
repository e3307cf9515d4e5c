from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from qingfeng.accounts.models import AdminSeat, SeatHandover
from qingfeng.core.actors import Actor
from qingfeng.core.roles import ADMIN_ROLES, Role

DUTIES = {
    Role.SYSTEM_ADMIN: "开户、停用、重置密码，修改设置",
    Role.SECURITY_ADMIN: "授权、收回授权，解除两步验证",
    Role.AUDIT_ADMIN: "查看和校验审计记录",
}


@dataclass(frozen=True)
class Seat:
    """One of the three seats with its holder, or vacant before the platform is set up."""

    role: Role
    duty: str
    held: AdminSeat | None


def seats() -> list[Seat]:
    held = {seat.role: seat for seat in AdminSeat.objects.select_related("user")}
    return [Seat(role, duty, held.get(role)) for role, duty in DUTIES.items()]


def visible_to(user: Actor) -> QuerySet[AdminSeat]:
    rows = AdminSeat.objects.select_related("user")
    return rows if user.holds(*ADMIN_ROLES) else rows.none()


def handovers() -> QuerySet[SeatHandover]:
    return SeatHandover.objects.select_related("from_user", "to_user", "by").order_by("-at", "-pk")
