from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User


class StateChange(models.Model):
    """One step of one thing through its machine. Immutable."""

    kind: ClassVar[str] = "state_change"
    append_only: ClassVar[bool] = True

    subject_kind = models.CharField("对象类别", max_length=40)
    subject_id = models.BigIntegerField("对象编号")
    name = models.CharField("步骤", max_length=40)
    from_state = models.CharField("原状态", max_length=30)
    to_state = models.CharField("新状态", max_length=30)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "状态变化"
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="wf_change_subject")]
