from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    DONE = "done", "成功"
    REFUSED = "refused", "被拒绝"
    FAILED = "failed", "失败"
