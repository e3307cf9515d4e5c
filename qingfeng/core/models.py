from __future__ import annotations

from django.db import models


class WorkingDayOverride(models.Model):
    """A date the commission itself declares a working day or a day off, over the statutory table."""

    kind = "working_day"

    date = models.DateField("日期", unique=True)
    is_working = models.BooleanField("是否工作日")
    reason = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "工作日调整"


class Setting(models.Model):
    """One setting of the commission, by key; `core.preferences` knows each key, its default and its basis."""

    kind = "setting"

    key = models.CharField(max_length=60, unique=True)
    value = models.JSONField()

    class Meta:
        verbose_name = "设置"
