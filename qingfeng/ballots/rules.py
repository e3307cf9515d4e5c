"""Who may do what with an urn. Order (which step follows which) is in `states`."""

from __future__ import annotations

from qingfeng.accounts.models import User
from qingfeng.ballots.models import Keeper, Urn
from qingfeng.core.actors import Actor
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.core.rules import require, rule

ONLY_OFFICER = "无记名测评由党风室组织，您没有这项权限。"
OWN_KEEPER = "保管票箱的人不能同时组织测评、制发测评码。"


def _officer(user: Actor) -> None:
    require(user.holds(Role.CONDUCT_OFFICE), ONLY_OFFICER)


def _is_keeper(user: Actor, urn: Urn) -> bool:
    return user.pk is not None and Keeper.objects.filter(urn=urn, user_id=user.pk).exists()


@rule
def prepare_urn(user: Actor) -> None:
    _officer(user)


@rule
def arrange_urn(user: Actor, urn: Urn) -> None:
    """Name the keepers, and set how many people each pool has."""
    _officer(user)


@rule
def be_keeper(user: User) -> None:
    """Keep a key: people of the commission who neither organise the ballot nor administer the platform."""
    require(user.is_active, "该用户已停用，不能保管票箱。")
    require(user.holds(*COMMISSION_ROLES), "票箱保管人应是本机关工作人员。")
    require(not user.holds(Role.CONDUCT_OFFICE), OWN_KEEPER)


@rule
def accept_key(user: Actor, keeper: Keeper) -> None:
    require(keeper.user_id == user.pk, "口令只能由保管人本人设置。")


@rule
def open_urn(user: Actor, urn: Urn) -> None:
    _officer(user)


@rule
def issue_codes(user: Actor, urn: Urn) -> None:
    _officer(user)
    require(not _is_keeper(user, urn), OWN_KEEPER)


@rule
def close_urn(user: Actor, urn: Urn) -> None:
    _officer(user)


@rule
def mix_urn(user: Actor, urn: Urn) -> None:
    require(_is_keeper(user, urn), "开箱由两位保管人共同进行，您不是这个票箱的保管人。")


@rule
def discard_urn(user: Actor, urn: Urn) -> None:
    require(
        user.holds(Role.SECRETARY, Role.DEPUTY_LEADER),
        "票箱作废或登记口令遗失后，已投的票全部销毁，由书记或分管领导决定。",
    )


@rule
def publish_urn(user: Actor, urn: Urn) -> None:
    """Export what is published after the mix."""
    require(
        user.holds(Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.OFFICE),
        "仅测评组织人员和委领导可以导出公布文件。",
    )


@rule
def read_comments(user: Actor, urn: Urn) -> None:
    require(
        user.holds(Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER),
        "仅测评组织人员和委领导可以查看意见。",
    )
