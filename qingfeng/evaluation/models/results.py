from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.decisions.models.committee import Matter
from qingfeng.evaluation.models.rounds import Round, RoundUnit


class Snapshot(models.Model):
    """The frozen inputs of a round: what `scoring.freezing` wrote, with its digest. Never changes."""

    kind: ClassVar[str] = "snapshot"
    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, models.PROTECT, related_name="snapshots", verbose_name="轮次")
    number = models.PositiveSmallIntegerField("次序")
    content = models.BinaryField("冻结数据")
    digest = models.CharField("摘要", max_length=64)
    reason = models.CharField("更正理由", max_length=500, blank=True)
    taken_at = models.DateTimeField("冻结时间")
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="冻结人")

    class Meta:
        verbose_name = "冻结数据"
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="ev_snapshot_number"),
        ]


class RevisionQuerySet(models.QuerySet["Revision"]):
    def announced(self) -> RevisionQuerySet:
        return self.filter(announced_at__isnull=False)


class Revision(models.Model):
    """One computation of a round. All are kept; the last announced one is what units see."""

    kind: ClassVar[str] = "revision"

    round = models.ForeignKey(Round, models.PROTECT, related_name="revisions", verbose_name="轮次")
    number = models.PositiveSmallIntegerField("次序")
    snapshot = models.OneToOneField(
        Snapshot, models.PROTECT, related_name="revision", verbose_name="冻结数据"
    )
    reason = models.CharField("重算理由", max_length=500, blank=True)
    summary = models.JSONField("变化摘要", default=dict)
    scorers = models.JSONField("各评分部门均值与离散", default=list)
    computed_at = models.DateTimeField("计算时间")
    computed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="计算人")
    announced_at = models.DateTimeField("公布时间", null=True, blank=True)
    announced_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人"
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "计算结果"
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="ev_revision_number"),
            constraints.pair_of("announced_at", "announced_by", "ev_revision_announced"),
        ]


class UnitResult(models.Model):
    """One unit's result in a revision. `packed` holds its numbers; words are composed on reading."""

    kind: ClassVar[str] = "unit_result"
    append_only: ClassVar[bool] = True

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="results", verbose_name="计算结果")
    round_unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="results", verbose_name="参评单位")
    hundredths = models.IntegerField("得分（百分之一分）", null=True)
    grade = models.CharField("等次编码", max_length=20, blank=True)
    rank = models.PositiveIntegerField("同类名次", null=True)
    ranked = models.PositiveIntegerField("同类单位数")
    packed = models.BinaryField("各项数值")

    class Meta:
        verbose_name = "单位结果"
        constraints = [
            models.UniqueConstraint(fields=["revision", "round_unit"], name="ev_result_once"),
        ]
        indexes = [models.Index(fields=["round_unit"], name="ev_result_unit")]


class Approval(models.Model):
    """The standing committee's decision on a revision, as its record states it."""

    kind: ClassVar[str] = "approval"
    append_only: ClassVar[bool] = True

    revision = models.OneToOneField(
        Revision, models.PROTECT, related_name="approval", verbose_name="计算结果"
    )
    meeting = models.CharField("会议名称及次数", max_length=80)
    decided_on = models.DateField("审定日期")
    note = models.CharField("审定意见", max_length=500, blank=True)
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="议题"
    )
    outside_reason = models.CharField("平台外开会的说明", max_length=200, blank=True)
    approved_at = models.DateTimeField("登记时间")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = "常委会审定"
        constraints = [
            # A decision taken on the platform names its matter; one taken elsewhere says why.
            models.CheckConstraint(
                condition=models.Q(matter__isnull=True) | models.Q(outside_reason=""),
                name="ev_approval_origin",
            ),
        ]
