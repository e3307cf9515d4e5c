from __future__ import annotations

from django.db import models


class Urgency(models.TextChoices):
    ORDINARY = "ordinary", "一般"
    IMPORTANT = "important", "重要"
    URGENT = "urgent", "紧急"
