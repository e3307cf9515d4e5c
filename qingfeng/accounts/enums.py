from __future__ import annotations

from django.db import models


class AccountChangeKind(models.TextChoices):
    """What an administrator did to an account."""

    OPENED = "opened", "开户"
    DISABLED = "disabled", "停用"
    ENABLED = "enabled", "启用"
    PASSWORD_RESET = "password_reset", "重置密码"
    UNLOCKED = "unlocked", "解除锁定"
    FACTOR_REMOVED = "factor_removed", "解除两步验证"
    SESSIONS_ENDED = "sessions_ended", "强制下线"


class AccountState(models.TextChoices):
    """How an account stands, as lists filter it; worked out, not stored."""

    ACTIVE = "active", "启用"
    FRESH = "fresh", "待首次改密"
    DISABLED = "disabled", "停用"


class LeaveKind(models.TextChoices):
    """Why somebody is away."""

    HOLIDAY = "holiday", "休假"
    SICK = "sick", "病假"
    TRAINING = "training", "培训学习"
    TRIP = "trip", "出差"
    SECONDED = "seconded", "借调抽调"
    OTHER = "other", "其他"


class StandInState(models.TextChoices):
    """How a stand-in stands; worked out from its dates, not stored."""

    ASKED = "asked", "待确认"
    LATER = "later", "未开始"
    RUNNING = "running", "代理中"
    OVER = "over", "已到期"
    ENDED = "ended", "提前结束"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "未同意"


class HandoverState(models.TextChoices):
    """How a hand-over stands; worked out from who confirmed it, not stored."""

    GIVING = "giving", "待移交人确认"
    TAKING = "taking", "待接收人确认"
    DONE = "done", "已交接"
