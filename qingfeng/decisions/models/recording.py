from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.decisions.enums import Ground, Result
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Meeting


class Recusal(models.Model):
    """Who takes no part in an item, why, and who entered it; lifted only with a reason."""

    kind: ClassVar[str] = "recusal"

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals", verbose_name="议程")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="recusals", verbose_name="回避人")
    ground = models.CharField("情形", max_length=10, choices=Ground.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_on = models.DateTimeField("登记时间")
    lifted_at = models.DateTimeField("撤销时间", null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")
    lift_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "回避"
        constraints = [
            constraints.choices_of("ground", Ground.values, "dec_recusal_ground"),
            constraints.pair_of("lifted_at", "lifted_by", "dec_recusal_lifted"),
            models.UniqueConstraint(
                fields=["item", "attendance"],
                condition=Q(lifted_at__isnull=True),
                name="dec_recusal_once",
            ),
            models.CheckConstraint(
                condition=~Q(ground=Ground.OTHER) | ~Q(note=""), name="dec_recusal_other_said"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lift_reason=""), name="dec_recusal_lift_reason"
            ),
        ]

    @property
    def is_own(self) -> bool:
        """Say whether the person entered it himself."""
        return self.entered_by_id == self.attendance.user_id


class Resolution(models.Model):
    """What the committee decided on an item, as it was recorded in the meeting. Append-only."""

    kind: ClassVar[str] = "resolution"
    append_only: ClassVar[bool] = True

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="resolution", verbose_name="议程")
    result = models.CharField("结果", max_length=20, choices=Result.choices)
    text = models.TextField("决定事项")
    discussion = models.TextField("讨论摘要", blank=True)
    expected = models.PositiveSmallIntegerField("应到委员")
    voters = models.PositiveSmallIntegerField("参加表决")
    in_favour = models.PositiveSmallIntegerField("同意")
    against = models.PositiveSmallIntegerField("反对")
    abstained = models.PositiveSmallIntegerField("弃权")
    decided_on = models.DateField("议决日期")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "议决"
        constraints = [
            constraints.choices_of("result", Result.values, "dec_resolution_result"),
            models.CheckConstraint(
                condition=Q(voters=models.F("in_favour") + models.F("against") + models.F("abstained"))
                | Q(result=Result.DEFERRED, in_favour=0, against=0, abstained=0),
                name="dec_resolution_votes",
            ),
            models.CheckConstraint(
                condition=Q(voters__lte=models.F("expected")), name="dec_resolution_voters"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="dec_resolution_said"),
        ]


class MinutesCorrection(models.Model):
    """A correction of what was recorded: a new entry beside the old one. Append-only."""

    kind: ClassVar[str] = "minutes_correction"
    append_only: ClassVar[bool] = True

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections", verbose_name="会议")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, related_name="corrections", verbose_name="议程"
    )
    text = models.TextField("更正内容")
    reason = models.CharField("更正原因", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")
    at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "纪要更正"
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="dec_correction_said"),
        ]
