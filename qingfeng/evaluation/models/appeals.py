from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.documents.models.files import Attachment
from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.organizations.models import Unit


class Confirmation(models.Model):
    """A unit's head said that the trial result was checked and stands. `window` is the revision sent out."""

    kind: ClassVar[str] = "result_confirmation"
    append_only: ClassVar[bool] = True

    round_unit = models.ForeignKey(
        RoundUnit, models.PROTECT, related_name="confirmations", verbose_name="参评单位"
    )
    window = models.PositiveSmallIntegerField("核对的版次")
    confirmed_at = models.DateTimeField("确认时间")
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="确认人")

    class Meta:
        verbose_name = "核对无异议"
        constraints = [
            models.UniqueConstraint(fields=["round_unit", "window"], name="ev_confirmation_once"),
        ]


class AppealQuerySet(models.QuerySet["Appeal"]):
    def undecided(self) -> AppealQuerySet:
        """Keep what was filed and waits for a decision."""
        return self.filter(state__in=[AppealState.FILED, AppealState.REVIEWING])

    def granted(self) -> AppealQuerySet:
        return self.filter(state__in=[AppealState.GRANTED, AppealState.PARTLY])


class Appeal(models.Model):
    """A unit's objection to one point of its trial result, signed by its head.

    What the point was and how it was explained is copied here when the appeal is written, so that the appeal
    can be read against what the unit saw, whatever was corrected since.
    """

    kind: ClassVar[str] = "appeal"

    round = models.ForeignKey(Round, models.PROTECT, related_name="appeals", verbose_name="轮次")
    round_unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="appeals", verbose_name="参评单位")
    result = models.ForeignKey(UnitResult, models.PROTECT, related_name="appeals", verbose_name="试算结果")
    window = models.PositiveSmallIntegerField("核对的版次")
    number = models.PositiveSmallIntegerField("编号", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=AppealState.choices, default=AppealState.DRAFT)
    subject_kind = models.CharField("申诉对象", max_length=12, choices=AppealSubject.choices)
    subject_id = models.BigIntegerField("对象编号", null=True, blank=True)
    point = models.CharField("分值标识", max_length=120)
    indicator = models.CharField("指标编码", max_length=40, blank=True)
    channel = models.CharField("渠道编码", max_length=40, blank=True)
    line = models.CharField("计分行编码", max_length=60, blank=True)
    title = models.CharField("申诉的分值", max_length=200)
    explanation = models.JSONField("来历", default=list)
    scorer_reason = models.TextField("评定理由", blank=True)
    grounds = models.TextField("申诉理由")
    lock = models.PositiveIntegerField("修改次数", default=0)
    written_at = models.DateTimeField("起草时间")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="起草人")
    filed_at = models.DateTimeField("提出时间", null=True, blank=True)
    filed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签字人"
    )
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理人"
    )
    comment_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="说明部门"
    )
    comment_due_on = models.DateField("说明期限", null=True, blank=True)
    comment = models.TextField("评分部门说明", blank=True)
    commented_at = models.DateTimeField("说明时间", null=True, blank=True)
    commented_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="说明人"
    )
    decision = models.TextField("复核意见", blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    corrected_in = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name="更正后的版次"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "申诉"
        constraints = [
            constraints.choices_of("state", AppealState.values, "ev_appeal_state"),
            constraints.choices_of("subject_kind", AppealSubject.values, "ev_appeal_subject"),
            constraints.pair_of("filed_at", "filed_by", "ev_appeal_filed"),
            constraints.pair_of("accepted_at", "accepted_by", "ev_appeal_accepted"),
            constraints.pair_of("commented_at", "commented_by", "ev_appeal_commented"),
            constraints.pair_of("decided_at", "decided_by", "ev_appeal_decided"),
            models.UniqueConstraint(fields=["round", "number"], name="ev_appeal_number"),
            models.UniqueConstraint(
                fields=["round_unit", "window", "point"],
                condition=~Q(state__in=[AppealState.WITHDRAWN, AppealState.EXPIRED]),
                name="ev_appeal_point_once",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 号申诉" if self.number else "申诉（起草中）"

    @property
    def is_decided(self) -> bool:
        return self.state in {AppealState.GRANTED, AppealState.PARTLY, AppealState.REJECTED}


class AppealFileQuerySet(models.QuerySet["AppealFile"]):
    def standing(self) -> AppealFileQuerySet:
        return self.filter(removed_at__isnull=True)


class AppealFile(models.Model):
    """A file that an appeal rests on; taken away it stays, with who did so and when."""

    kind: ClassVar[str] = "appeal_file"

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files", verbose_name="申诉")
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="appeal_files", verbose_name="附件"
    )
    added_at = models.DateTimeField("加入时间")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="加入人")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移除人"
    )

    objects = AppealFileQuerySet.as_manager()

    class Meta:
        verbose_name = "申诉材料"
        constraints = [
            constraints.pair_of("removed_at", "removed_by", "ev_appeal_file_removed"),
            models.UniqueConstraint(fields=["appeal", "attachment"], name="ev_appeal_file_once"),
        ]


class AppealCorrection(models.Model):
    """What a granted appeal changed: the row, before and after, and why. Never rewritten."""

    kind: ClassVar[str] = "appeal_correction"
    append_only: ClassVar[bool] = True

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="corrections", verbose_name="申诉")
    target_kind = models.CharField("更正对象", max_length=40)
    target_id = models.BigIntegerField("对象编号")
    before = models.JSONField("更正前")
    after = models.JSONField("更正后")
    summary = models.CharField("更正内容", max_length=300)
    made_at = models.DateTimeField("时间")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")

    class Meta:
        verbose_name = "申诉更正"
