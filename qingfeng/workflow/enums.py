from __future__ import annotations

from django.db import models


class LimitUnit(models.TextChoices):
    WORKING_DAYS = "working_days", "个工作日"
    CALENDAR_DAYS = "calendar_days", "日"
    MONTHS = "months", "个月"
    DATE = "date", "指定日期"


class BasisMark(models.TextChoices):
    VERIFIED = "verified", "已核实"
    UNVERIFIED = "unverified", "待核实"
    PROPOSED = "proposed", "建议"
