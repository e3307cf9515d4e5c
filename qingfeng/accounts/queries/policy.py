"""The commission's security policy: what a password must be, when a sign-in ends or is locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qingfeng.accounts.models import User
from qingfeng.core import preferences

GROUP = "登录安全"
STANDARD = "GB/T 22239-2019 三级“身份鉴别”"

MIN_LENGTH = preferences.declare(
    "password_min_length", "密码最少位数", 10, group=GROUP, minimum=8, maximum=40,
    help="新设的密码至少这么长", basis=f"{STANDARD}；位数为建议值",
)  # fmt: skip
CLASSES = preferences.declare(
    "password_classes", "密码字符种类", 3, group=GROUP, minimum=1, maximum=4,
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
