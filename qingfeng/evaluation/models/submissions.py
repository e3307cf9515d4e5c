from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.documents.models.files import Attachment
from qingfeng.evaluation.enums import EvidenceState, SubmissionState
from qingfeng.evaluation.models.rounds import RoundUnit


class Submission(models.Model):
    """What a unit hands in for a round: its self-report and its evidence, signed off by its head."""

    kind: ClassVar[str] = "submission"

    round_unit = models.OneToOneField(
        RoundUnit, models.PROTECT, related_name="submission", verbose_name="参评单位"
    )
    state = models.CharField(
        "状态", max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFTING
    )
    self_report = models.TextField("自评报告", blank=True)
    lock = models.PositiveIntegerField("修改次数", default=0)
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)
    handed_in_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    signed_at = models.DateTimeField("审签时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审签人"
    )
    return_reason = models.CharField("退回理由", max_length=500, blank=True)
    return_due_on = models.DateField("补正期限", null=True, blank=True)

    class Meta:
        verbose_name = "单位报送"
        constraints = [
            constraints.choices_of("state", SubmissionState.values, "ev_submission_state"),
            constraints.pair_of("handed_in_at", "handed_in_by", "ev_submission_handed_in"),
            constraints.pair_of("signed_at", "signed_by", "ev_submission_signed"),
        ]


class EvidenceItem(models.Model):
    """The evidence a unit offers for one indicator."""

    kind: ClassVar[str] = "evidence_item"

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="evidence", verbose_name="单位报送"
    )
    indicator = models.CharField("指标编码", max_length=40)
    state = models.CharField(
        "状态", max_length=10, choices=EvidenceState.choices, default=EvidenceState.OFFERED
    )
    text = models.TextField("情况说明", blank=True)
    carried_over = models.BooleanField("沿用上季", default=False)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")
    return_reason = models.CharField("退回理由", max_length=500, blank=True)
    return_due_on = models.DateField("补正期限", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="退回人"
    )

    class Meta:
        verbose_name = "佐证材料"
        constraints = [
            constraints.choices_of("state", EvidenceState.values, "ev_evidence_state"),
            constraints.pair_of("returned_at", "returned_by", "ev_evidence_returned"),
            models.UniqueConstraint(fields=["submission", "indicator"], name="ev_evidence_indicator"),
        ]


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def standing(self) -> EvidenceFileQuerySet:
        return self.filter(removed_at__isnull=True)


class EvidenceFile(models.Model):
    """A file that belongs to an item of evidence; taken away it stays, with who did so and when."""

    kind: ClassVar[str] = "evidence_file"

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="files", verbose_name="佐证材料")
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="evidence_files", verbose_name="附件"
    )
    added_at = models.DateTimeField("加入时间")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="加入人")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移除人"
    )

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = "材料文件"
        constraints = [
            constraints.pair_of("removed_at", "removed_by", "ev_file_removed"),
            models.UniqueConstraint(fields=["item", "attachment"], name="ev_file_once"),
        ]
