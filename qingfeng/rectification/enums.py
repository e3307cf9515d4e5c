from __future__ import annotations

from django.db import models


class ItemState(models.TextChoices):
    """How far an item is; a returned one is the unit's again."""

    OPEN = "open", "整改中"
    REPORTED = "reported", "已报送"
    RETURNED = "returned", "已退回"
    CLOSED = "closed", "已销号"
    CANCELLED = "cancelled", "已取消"


WITH_UNIT = (ItemState.OPEN, ItemState.RETURNED)
"""The unit has to act."""

UNFINISHED = (ItemState.OPEN, ItemState.REPORTED, ItemState.RETURNED)
"""Somebody has to act."""


class InstitutionAct(models.TextChoices):
    """What was done with an institution (制度)."""

    MADE = "made", "新建"
    REVISED = "revised", "修订"
    REPEALED = "repealed", "废止"


class ReminderLevel(models.TextChoices):
    """To whom a reminder went: the unit before or after the last day, and who verifies when it stays late."""

    SOON = "soon", "临期提醒"
    LATE = "late", "逾期催办"
    ESCALATED = "escalated", "逾期上报"


class Slot(models.TextChoices):
    """What a line of files is to its owner."""

    PROOF = "proof", "整改佐证"
    TEXT = "text", "制度文本"
