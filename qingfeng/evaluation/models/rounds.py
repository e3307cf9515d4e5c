from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.evaluation.enums import Milestone, RoundState
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit


class RoundQuerySet(models.QuerySet["Round"]):
    def running(self) -> RoundQuerySet:
        return self.exclude(state__in=[RoundState.PLANNED, RoundState.ANNOUNCED])

    def newest_first(self) -> RoundQuerySet:
        return self.order_by("-year", "-quarter")


class Round(models.Model):
    """One quarter's evaluation."""

    kind: ClassVar[str] = "round"

    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    title = models.CharField("名称", max_length=80)
    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="rounds", verbose_name="评价方案"
    )
    state = models.CharField("状态", max_length=12, choices=RoundState.choices, default=RoundState.PLANNED)
    opens_on = models.DateField("开放填报日期")
    submit_by = models.DateField("单位报送截止日期")
    review_by = models.DateField("部门评分截止日期")
    cutoff_on = models.DateField("数据截止日期")
    trial_on = models.DateField("试算日期")
    announce_by = models.DateField("通报日期")
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")
    correction_reason = models.CharField("更正理由", max_length=500, blank=True)
    opened_at = models.DateTimeField("开启时间", null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "评价轮次"
        constraints = [
            constraints.choices_of("state", RoundState.values, "ev_round_state"),
            models.UniqueConstraint(fields=["year", "quarter"], name="ev_round_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="ev_round_quarter_range"
            ),
            constraints.period_of("opens_on", "submit_by", "ev_round_submit_by"),
            constraints.period_of("submit_by", "review_by", "ev_round_review_by"),
            constraints.period_of("review_by", "cutoff_on", "ev_round_cutoff_on"),
            constraints.period_of("cutoff_on", "trial_on", "ev_round_trial_on"),
            constraints.period_of("trial_on", "announce_by", "ev_round_announce_by"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"

    @property
    def is_open_for_units(self) -> bool:
        """Say whether units may still submit: late ones may until the freeze, and are shown as late."""
        return self.state in {RoundState.COLLECTING, RoundState.REVIEWING}

    @property
    def is_open_for_scores(self) -> bool:
        return self.state in {RoundState.COLLECTING, RoundState.REVIEWING}

    def date_of(self, milestone: str) -> dt.date:
        return dict(zip(Milestone.values, self._dates(), strict=True))[milestone]

    def _dates(self) -> tuple[dt.date, ...]:
        return (
            self.opens_on, self.submit_by, self.review_by, self.cutoff_on, self.trial_on, self.announce_by
        )  # fmt: skip


class ScheduleChange(models.Model):
    """One date of a round moved by the officer, with the reason."""

    kind: ClassVar[str] = "schedule_change"
    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, models.PROTECT, related_name="schedule_changes", verbose_name="轮次")
    milestone = models.CharField("节点", max_length=12, choices=Milestone.choices)
    before = models.DateField("原日期")
    after = models.DateField("新日期")
    reason = models.CharField("理由", max_length=200)
    changed_at = models.DateTimeField("时间")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="调整人")

    class Meta:
        verbose_name = "日期调整"
        constraints = [constraints.choices_of("milestone", Milestone.values, "ev_schedule_milestone")]


class RoundDepartment(models.Model):
    """A department the scheme names, bound to the unit that acts as it in this round."""

    kind: ClassVar[str] = "round_department"

    round = models.ForeignKey(Round, models.PROTECT, related_name="departments", verbose_name="轮次")
    code = models.CharField("部门编码", max_length=40)
    name = models.CharField("部门名称", max_length=60)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="round_departments", verbose_name="对应单位"
    )

    class Meta:
        verbose_name = "参评部门"
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="ev_round_department"),
        ]

    def __str__(self) -> str:
        return self.name


class RoundUnitQuerySet(models.QuerySet["RoundUnit"]):
    def taking_part(self) -> RoundUnitQuerySet:
        """Leave out units that were merged or dissolved after the round opened."""
        return self.filter(left_at__isnull=True)


class RoundUnit(models.Model):
    """A unit as it stood when the round opened; names and class are frozen here."""

    kind: ClassVar[str] = "round_unit"

    round = models.ForeignKey(Round, models.PROTECT, related_name="units", verbose_name="轮次")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="round_units", verbose_name="单位")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    unit_class = models.CharField("类别", max_length=12, choices=UnitClass.choices)
    position = models.PositiveIntegerField("序号")
    left_at = models.DateTimeField("退出时间", null=True, blank=True)
    left_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="退出登记人"
    )
    left_reason = models.CharField("退出理由", max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name="并入的参评单位"
    )

    objects = RoundUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "参评单位"
        constraints = [
            constraints.choices_of("unit_class", UnitClass.values, "ev_round_unit_class"),
            constraints.pair_of("left_at", "left_by", "ev_round_unit_left"),
            models.UniqueConstraint(fields=["round", "unit"], name="ev_round_unit"),
            models.UniqueConstraint(fields=["round", "position"], name="ev_round_unit_position"),
        ]

    def __str__(self) -> str:
        return self.short_name


class Reminder(models.Model):
    """A late part was pointed out once on a day: by the officer's button or by the daily job."""

    kind: ClassVar[str] = "reminder"

    round = models.ForeignKey(Round, models.PROTECT, related_name="reminders", verbose_name="轮次")
    part_kind = models.CharField("部分类别", max_length=40)
    part_id = models.BigIntegerField("部分编号")
    sent_on = models.DateField("日期")
    sent_at = models.DateTimeField("时间")
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="催办人"
    )

    class Meta:
        verbose_name = "催办记录"
        constraints = [
            models.UniqueConstraint(fields=["part_kind", "part_id", "sent_on"], name="ev_reminder_once"),
        ]
