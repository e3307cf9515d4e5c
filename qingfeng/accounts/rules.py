from __future__ import annotations

from qingfeng.accounts.models import AdminSeat, Grant, User
from qingfeng.core.actors import Actor
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.core.rules import require, rule
from qingfeng.organizations.models import Unit

SYSTEM_ONLY = "账号由系统管理员办理"
SECURITY_ONLY = "授权由安全管理员办理"


@rule
def read_accounts(user: Actor) -> None:
    require(user.holds(*ADMIN_ROLES), "账号与授权只供系统、安全、审计管理员查看")


@rule
def open_account(user: Actor) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), SYSTEM_ONLY)


@rule
def disable_account(user: Actor, account: User) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), SYSTEM_ONLY)
    require(account.pk != user.pk, "不得停用本人账号")
    require(not account.seat_role, "该账号任三员席位，请先办理交接，再停用")
    require(account.is_active, "该账号已经停用")


@rule
def enable_account(user: Actor, account: User) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), SYSTEM_ONLY)
    require(not account.is_active, "该账号正在使用，不必启用")


@rule
def reset_password(user: Actor, account: User) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), SYSTEM_ONLY)
    require(account.pk != user.pk, "本人密码请在“我的账号”中修改")
    require(not account.seat_role, "三员的密码须两人在场，在服务器上用命令重置")
    require(account.is_active, "该账号已经停用，请先启用")


@rule
def unlock_account(user: Actor, account: User) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), SYSTEM_ONLY)
    require(account.pk != user.pk, "不得解除本人账号的锁定")


@rule
def end_sessions(user: Actor, account: User) -> None:
    require(user.holds(Role.SYSTEM_ADMIN) or account.pk == user.pk, "只能退出本人的登录")


@rule
def remove_second_factor(user: Actor, account: User) -> None:
    require(user.holds(Role.SECURITY_ADMIN), "两步验证由安全管理员解除")
    require(account.pk != user.pk, "本人的两步验证请在“我的账号”中处理")


@rule
def give_grant(user: Actor, account: User, role: str, unit: Unit | None) -> None:
    require(user.holds(Role.SECURITY_ADMIN), SECURITY_ONLY)
    require(account.pk != user.pk, "不得给本人授权")
    require(role not in ADMIN_ROLES, "三员席位不靠授权取得，请办理交接")
    require(not account.seat_role, "该账号任三员席位，不得兼任业务角色")
    require(account.is_active, "该账号已经停用，不能授权")
    require(role not in UNIT_BOUND_ROLES or unit is not None, "该角色须指明单位")


@rule
def end_grant(user: Actor, grant: Grant) -> None:
    require(user.holds(Role.SECURITY_ADMIN), SECURITY_ONLY)
    require(grant.ended_at is None, "该授权已经收回")


@rule
def hand_over_seat(user: Actor, seat: AdminSeat) -> None:
    """Let no seat name its own successor: the security seat is handed over by the system administrator."""
    if seat.role == Role.SECURITY_ADMIN:
        require(user.holds(Role.SYSTEM_ADMIN), "安全管理员席位由系统管理员办理交接")
    else:
        require(user.holds(Role.SECURITY_ADMIN), "系统、审计管理员席位由安全管理员办理交接")


@rule
def change_preference(user: Actor) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), "设置由系统管理员修改")
