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
