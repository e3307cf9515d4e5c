"""The commission's security policy: what a password must be, when a sign-in ends or is locked."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator

from qingfeng.accounts.models import User
from qingfeng.core import preferences
from qingfeng.core.roles import ADMIN_ROLES, Role

GROUP = "登录安全"
STANDARD = "GB/T 22239-2019 三级“身份鉴别”"

MIN_LENGTH = preferences.declare(
    "password_min_length", "密码最少位数", 10, group=GROUP, minimum=8, maximum=40,
    help="新设的密码至少这么长", basis=f"{STANDARD}；位数为建议值",
)  # fmt: skip
CLASSES = preferences.declare(
    "password_classes", "密码字符种类", 3, group=GROUP, minimum=2, maximum=4,
    help="大写字母、小写字母、数字、符号四类中至少含几类", basis=f"{STANDARD}；类数为建议值",
)  # fmt: skip
HISTORY = preferences.declare(
    "password_history", "密码不得重复次数", 5, group=GROUP, minimum=0, maximum=24,
    help="不得与最近几次用过的密码相同；填 0 为不限", basis="建议值",
)  # fmt: skip
AGE_DAYS = preferences.declare(
    "password_age_days", "密码有效天数", 90, group=GROUP, minimum=0, maximum=365,
    help="到期须改密后方可继续；填 0 为不限", basis=f"{STANDARD}“定期更换”；天数为建议值",
)  # fmt: skip
LOCK_FAILURES = preferences.declare(
    "lock_failures", "锁定前允许失败次数", 5, group=GROUP, minimum=3, maximum=10,
    help="在锁定时长之内连续输错这么多次，登录名即被锁定", basis=f"{STANDARD}“登录失败处理”；次数为建议值",
)  # fmt: skip
LOCK_MINUTES = preferences.declare(
    "lock_minutes", "锁定分钟数", 30, group=GROUP, minimum=10, maximum=120,
    help="锁定后多久自动解除", basis=f"{STANDARD}“登录失败处理”；时长为建议值",
)  # fmt: skip
IDLE_MINUTES = preferences.declare(
    "idle_minutes", "无操作退出分钟数", 30, group=GROUP, minimum=5, maximum=30,
    help="这么久没有操作，即自动退出登录", basis=f"{STANDARD}“登录连接超时”；时长为建议值",
)  # fmt: skip

STAND_IN_DAYS = preferences.declare(
    "stand_in_days", "代理最长天数", 180, group="代理与交接", minimum=1, maximum=366,
    help="一次代理从开始到结束不超过这么多天；更久的，办岗位交接", basis="建议值",
)  # fmt: skip


def _address_fault(value: Any) -> str:
    """Say which of the addresses is none, in the words of the settings page."""
    for part in value:
        try:
            ipaddress.ip_network(part)
        except ValueError:
            return f"“{part}”不是网络地址或网段；写成 10.1.2.3 或 10.1.2.0/24"
    return ""


FACTOR_ROLES = preferences.declare(
    "factor_roles",
    "必须两步验证的角色",
    [
        *sorted(role.value for role in ADMIN_ROLES),
        Role.SECRETARY.value,
        Role.DEPUTY_LEADER.value,
        Role.CASE_OFFICE.value,
        Role.INVESTIGATION_OFFICE.value,
        Role.ADJUDICATION_OFFICE.value,
    ],
    group=GROUP,
    choices=tuple((role.value, role.label) for role in Role if role != Role.SANCTIONED_PERSON),
    help="有其中任一角色（含代理）的人，登录后须先开启两步验证，才能办别的事；不能自行解除",
    basis=f"{STANDARD} d)“两种或两种以上组合的鉴别技术”；角色为建议值",
)
ADMIN_ADDRESSES = preferences.declare(
    "admin_addresses", "三员登录的地址范围", [], group=GROUP, check=_address_fault,
    help="只许系统、安全、审计管理员从这些地址或网段登录，如 10.1.2.0/24；不填为不限",
    basis="GB/T 22239-2019 三级“入侵防范”限制管理终端的接入地址；地址由本机关自定",
)  # fmt: skip


@dataclass(frozen=True)
class PasswordPolicy:
    min_length: int
    classes: int
    history: int
    age_days: int

    @property
    def sentence(self) -> str:
        """Say to the user what a new password must be."""
        parts = [
            f"至少 {self.min_length} 位",
            f"大写字母、小写字母、数字、符号四类中至少含 {self.classes} 类",
        ]
        if self.history:
            parts.append(f"不得与最近 {self.history} 次用过的相同")
        return "，".join(parts) + "。"


def password_policy() -> PasswordPolicy:
    keys = (MIN_LENGTH.key, CLASSES.key, HISTORY.key, AGE_DAYS.key)
    return PasswordPolicy(*preferences.get_all(*keys).values())


def lockout() -> tuple[int, dt.timedelta]:
    """Return after how many failures a name is locked, and for how long."""
    values = preferences.get_all(LOCK_FAILURES.key, LOCK_MINUTES.key)
    return values[LOCK_FAILURES.key], dt.timedelta(minutes=values[LOCK_MINUTES.key])


def idle_limit() -> dt.timedelta:
    return dt.timedelta(minutes=preferences.get(IDLE_MINUTES.key))


def password_expires_at(user: User) -> dt.datetime | None:
    """Return when the password must be renewed; None where it never expires."""
    days = preferences.get(AGE_DAYS.key)
    since = user.password_changed_at or user.created_at
    return since + dt.timedelta(days=days) if days else None


def last_passwords(user: User, count: int) -> list[str]:
    """Return the hashes of the present password and the last `count` ones."""
    records = user.password_records.order_by("-at", "-pk").values_list("encoded", flat=True)[:count]
    return list(dict.fromkeys([user.password, *records]))


def must_have_factor(user: User) -> bool:
    """Say whether a role that the user holds today, his own or another's, asks for a second factor."""
    asked = set(preferences.get(FACTOR_ROLES.key))
    return bool(asked) and user.holds(*asked)


def lacks_factor(user: User) -> bool:
    """Say whether the user must set up the second factor before anything else."""
    return must_have_factor(user) and not has_factor(user)


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def may_come_from(user: User, address: str) -> bool:
    """Say whether the user may work from the address: an administrator, only from those that are set."""
    if not user.seat_role:
        return True
    return is_among(address, preferences.get(ADMIN_ADDRESSES.key))


def is_among(address: str, networks: list[str]) -> bool:
    """Say whether the address lies in one of the networks; with none set, every address does."""
    if not networks:
        return True
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(known, "ipv4_mapped", None) or known
    return any(mapped in ipaddress.ip_network(network) for network in networks)
