from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.evaluation.enums import SheetState
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit


class ReviewSheet(models.Model):
    """One department's scores of units on one review channel.

    Nobody scores his own unit: a department's sheet leaves it out, and the substitute the scheme names scores
    it, on a sheet of its own (`is_substitute`) where it does not score the channel anyway.
    """

    kind: ClassVar[str] = "review_sheet"

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets", verbose_name="轮次")
    indicator = models.CharField("指标编码", max_length=40)
    channel = models.CharField("渠道编码", max_length=40)
    department = models.ForeignKey(
        RoundDepartment, models.PROTECT, related_name="sheets", verbose_name="评分部门"
    )
    is_substitute = models.BooleanField("代评", default=False)
    state = models.CharField("状态", max_length=10, choices=SheetState.choices, default=SheetState.SCORING)
    lock = models.PositiveIntegerField("修改次数", default=0)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "部门评分表"
        constraints = [
            constraints.choices_of("state", SheetState.values, "ev_sheet_state"),
            constraints.pair_of("submitted_at", "submitted_by", "ev_sheet_submitted"),
            models.UniqueConstraint(fields=["round", "channel", "department"], name="ev_sheet_once"),
        ]


class ReviewScore(models.Model):
    """The score that stands: points in thousandths (exact, small, quick to read), or findings on items."""

    kind: ClassVar[str] = "review_score"

    sheet = models.ForeignKey(ReviewSheet, models.PROTECT, related_name="scores", verbose_name="评分表")
    round_unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="scores", verbose_name="参评单位")
    thousandths = models.PositiveIntegerField("得分（千分之一分）", null=True)
    findings = models.JSONField("评分项", default=list)
    reason = models.CharField("理由", max_length=500, blank=True)
    reviewed_at = models.DateTimeField("评分时间")
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="评分人")

    class Meta:
        verbose_name = "部门评分"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "round_unit"], name="ev_score_once"),
        ]


class ReviewChange(models.Model):
    """What a score was before and after one change; never rewritten."""

    kind: ClassVar[str] = "review_change"
    append_only: ClassVar[bool] = True

    score = models.ForeignKey(ReviewScore, models.PROTECT, related_name="changes", verbose_name="评分")
    before = models.PositiveIntegerField("原得分", null=True)
    after = models.PositiveIntegerField("新得分", null=True)
    before_findings = models.JSONField("原评分项", default=list)
    after_findings = models.JSONField("新评分项", default=list)
    before_reason = models.CharField("原理由", max_length=500, blank=True)
    after_reason = models.CharField("新理由", max_length=500, blank=True)
    changed_at = models.DateTimeField("时间")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")

    class Meta:
        verbose_name = "评分修改记录"
