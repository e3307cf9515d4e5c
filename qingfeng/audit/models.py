from __future__ import annotations

from django.db import models

from qingfeng.audit.enums import Outcome
from qingfeng.core import constraints


class Entry(models.Model):
    """One line of the audit book: append-only, no foreign keys, kinds and ids."""

    kind = "audit_entry"
    append_only = True

    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.BigIntegerField("操作人编号", null=True, db_index=True)
    actor_name = models.CharField("操作人", max_length=60)
    action = models.CharField("动作", max_length=80, db_index=True)
    subject_kind = models.CharField("对象类别", max_length=40, blank=True)
    subject_id = models.BigIntegerField("对象编号", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    address = models.CharField("来源地址", max_length=45, blank=True)
    detail = models.JSONField("说明", default=dict)

    class Meta:
        verbose_name = "审计记录"
        constraints = [constraints.choices_of("outcome", Outcome.values, "audit_entry_outcome")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject")]


class Seal(models.Model):
    """One link of the chain: the sequence and the HMAC that an entry was given when it was sealed."""

    kind = "audit_seal"
    append_only = True

    sequence = models.BigIntegerField("封存序号", unique=True)
    entry_id = models.BigIntegerField("记录编号", unique=True)
    digest = models.CharField("封存值", max_length=64)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "审计封存"
