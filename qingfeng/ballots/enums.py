from __future__ import annotations

from django.db import models


class UrnState(models.TextChoices):
    PREPARING = "preparing", "准备中"
    OPEN = "open", "投票中"
    CLOSED = "closed", "已截止"
    MIXED = "mixed", "已开箱"
    VOID = "void", "已作废"
    LOST = "lost", "口令遗失"
