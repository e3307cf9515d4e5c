from __future__ import annotations

from collections.abc import Iterable, Sequence

from qingfeng.accounts.models import AdminSeat, Grant, Handover, StandIn, User
from qingfeng.core import clock
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
    require(grant.origin_id is None, "这是代理来的角色，请结束那项代理")


@rule
def end_grants(user: Actor) -> None:
    require(user.holds(Role.SECURITY_ADMIN), SECURITY_ONLY)


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


# Stand-in and hand-over


def _is_head_for(user: Actor, grants: Iterable[Grant]) -> bool:
    """Say whether all the grants are of liaison officers of units that the user heads."""
    rows = list(grants)
    return bool(rows) and all(
        grant.role == Role.UNIT_LIAISON and user.holds(Role.UNIT_HEAD, unit=grant.unit_id) for grant in rows
    )


@rule
def ask_stand_in(user: Actor, absent: User, grants: Sequence[Grant]) -> None:
    """The person himself, the head for his unit's liaison officer, or the security administrator."""
    own = user.pk == absent.pk
    may = own or user.holds(Role.SECURITY_ADMIN) or _is_head_for(user, grants)
    require(may, "代理由离岗人本人、安全管理员提出；单位联络员的，也可由本单位负责人提出")


@rule
def answer_stand_in(user: Actor, stand_in: StandIn) -> None:
    """The security administrator; for a unit's liaison officer, also the unit's head; neither of the two."""
    require(user.pk not in {stand_in.absent_id, stand_in.deputy_id}, "代理双方不能自己确认")
    may = user.holds(Role.SECURITY_ADMIN) or _is_head_for(user, stand_in.grants.all())
    require(may, "代理由安全管理员确认；单位联络员的，也可由本单位负责人确认")
    require(stand_in.refused_at is None and stand_in.ended_at is None, "这项代理已经结束")
    require(stand_in.confirmed_at is None, "这项代理已经确认")


@rule
def end_stand_in(user: Actor, stand_in: StandIn) -> None:
    """Either of the two, who asked, or who may confirm."""
    own = user.pk in {stand_in.absent_id, stand_in.deputy_id, stand_in.asked_by_id}
    may = own or user.holds(Role.SECURITY_ADMIN) or _is_head_for(user, stand_in.grants.all())
    require(may, "代理由双方、提出人或者安全管理员结束")
    require(stand_in.refused_at is None and stand_in.ended_at is None, "这项代理已经结束")
    require(stand_in.ends_on >= clock.today(), "这项代理已经到期")


@rule
def name_liaison(user: Actor, unit: Unit) -> None:
    require(user.holds(Role.UNIT_HEAD, unit=unit), "联络员由本单位负责人指定")


@rule
def hand_over_office(user: Actor, giver: User) -> None:
    require(user.holds(Role.SECURITY_ADMIN), "岗位交接由安全管理员办理")
    require(giver.pk != user.pk, "不得办理本人的交接")
    require(not giver.seat_role, "三员席位的交接在“三员”中办理")


@rule
def read_handover_list(user: Actor, handover: Handover) -> None:
    """What is open may touch on business: for the two people, not for the administrators."""
    require(user.pk in {handover.giver_id, handover.taker_id}, "交接清单只供移交人和接收人查看")


@rule
def give_handover(user: Actor, handover: Handover) -> None:
    own = user.pk == handover.giver_id
    require(
        own or user.holds(Role.SECURITY_ADMIN), "移交清单由移交人确认；本人不能确认的，由安全管理员代为确认"
    )
    require(handover.given_at is None, "移交人已经确认")


@rule
def take_handover(user: Actor, handover: Handover) -> None:
    require(user.pk == handover.taker_id, "接收由接收人本人确认")
    require(handover.given_at is not None, "移交人还没有确认清单")
    require(handover.taken_at is None, "接收人已经确认")
