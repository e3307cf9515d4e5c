from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.evaluation.enums import AdjustmentKind, FactOrigin, ProposalState, TaskState
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.organizations.models import Unit


class DataTask(models.Model):
    """What one supplier (督查, 12345, 信访, 审计, 财政 …) delivers for a round; its state is its report."""

    kind: ClassVar[str] = "data_task"

    round = models.ForeignKey(Round, models.PROTECT, related_name="data_tasks", verbose_name="轮次")
    department = models.OneToOneField(
        RoundDepartment, models.PROTECT, related_name="data_task", verbose_name="报送部门"
    )
    state = models.CharField("状态", max_length=10, choices=TaskState.choices, default=TaskState.AWAITING)
    reported_at = models.DateTimeField("报送时间", null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "数据报送"
        constraints = [
            constraints.choices_of("state", TaskState.values, "ev_task_state"),
            constraints.pair_of("reported_at", "reported_by", "ev_task_reported"),
        ]


class DataValue(models.Model):
    """A unit's value of a measure of the scheme, as the supplier delivered it."""

    kind: ClassVar[str] = "data_value"

    task = models.ForeignKey(DataTask, models.PROTECT, related_name="values", verbose_name="数据报送")
    round_unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="values", verbose_name="参评单位")
    measure = models.CharField("数据项编码", max_length=40)
    value = models.DecimalField("数值", max_digits=16, decimal_places=4)
    changed_at = models.DateTimeField("时间")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人")

    class Meta:
        verbose_name = "报送数据"
        constraints = [
            models.UniqueConstraint(fields=["task", "round_unit", "measure"], name="ev_value_once"),
        ]


class FactQuerySet(models.QuerySet["Fact"]):
    def standing(self) -> FactQuerySet:
        """Leave out what a later entry corrects, and the entries that only withdraw."""
        return self.filter(corrections__isnull=True, is_withdrawal=False)


class Fact(models.Model):
    """One entry of the ledger. Append-only: a correction is a new entry that points at the old one."""

    kind: ClassVar[str] = "fact"
    append_only: ClassVar[bool] = True

    fact_kind = models.CharField("事实类别", max_length=40)
    category = models.CharField("领域", max_length=40, blank=True)
    level = models.CharField("层级", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="facts", verbose_name="行为时单位")
    decision_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定时单位"
    )
    act_date = models.DateField("行为日期")
    effective_date = models.DateField("决定生效日期", db_index=True)
    quantity = models.DecimalField("数量", max_digits=9, decimal_places=2, default=1)
    is_leader = models.BooleanField("班子成员", default=False)
    is_self_reported = models.BooleanField("主动报告", default=False)
    is_concealed = models.BooleanField("瞒报", default=False)
    event_key = models.CharField("同一事件标识", max_length=60, blank=True, db_index=True)
    title = models.CharField("摘要", max_length=200)
    reference_text = models.CharField("依据文号或编号", max_length=120, blank=True)
    reference_kind = models.CharField("来源类别", max_length=40, blank=True)
    reference_id = models.BigIntegerField("来源编号", null=True, blank=True)
    origin = models.CharField("录入方式", max_length=10, choices=FactOrigin.choices)
    source = models.CharField("报送部门编码", max_length=40, blank=True)
    task = models.ForeignKey(
        DataTask, models.PROTECT, null=True, blank=True, related_name="facts", verbose_name="数据报送"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正的记录"
    )
    is_withdrawal = models.BooleanField("撤销原记录", default=False)
    correction_reason = models.CharField("更正理由", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "事实"
        constraints = [
            constraints.choices_of("origin", FactOrigin.values, "ev_fact_origin"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="ev_fact_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawal=False) | Q(corrects__isnull=False), name="ev_fact_withdrawal"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ev_fact_quantity"),
        ]

    def __str__(self) -> str:
        return self.title


class FactPoints(models.Model):
    """The points a reviewer chose for a fact whose rule has a range, with the reason. The last one stands."""

    kind: ClassVar[str] = "fact_points"
    append_only: ClassVar[bool] = True

    round = models.ForeignKey(Round, models.PROTECT, related_name="fact_points", verbose_name="轮次")
    fact = models.ForeignKey(Fact, models.PROTECT, related_name="chosen_points", verbose_name="事实")
    thousandths = models.PositiveIntegerField("每件扣分（千分之一分）")
    reason = models.CharField("理由", max_length=200)
    chosen_at = models.DateTimeField("时间")
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="选定人")

    class Meta:
        verbose_name = "扣分选定"


class BallotTally(models.Model):
    """One respondent group's answers about one unit: question → answer → count. No single ballot is here."""

    kind: ClassVar[str] = "ballot_tally"

    round_unit = models.ForeignKey(RoundUnit, models.PROTECT, related_name="tallies", verbose_name="参评单位")
    group = models.CharField("测评群体编码", max_length=40)
    counts = models.JSONField("各题各选项票数")
    imported_at = models.DateTimeField("导入时间")
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="导入人")

    class Meta:
        verbose_name = "测评票数"
        constraints = [
            models.UniqueConstraint(fields=["round_unit", "group"], name="ev_tally_group"),
        ]


class Adjustment(models.Model):
    """A deduction X or a bonus for one unit, proposed by one person and decided by another."""

    kind: ClassVar[str] = "adjustment"

    round_unit = models.ForeignKey(
        RoundUnit, models.PROTECT, related_name="adjustments", verbose_name="参评单位"
    )
    code = models.CharField("事项编码", max_length=40)
    adjustment_kind = models.CharField("类别", max_length=10, choices=AdjustmentKind.choices)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    thousandths = models.PositiveIntegerField("分值（千分之一分）")
    reason = models.CharField("理由", max_length=500)
    reference = models.CharField("依据", max_length=120)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    decided_at = models.DateTimeField("核准时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核准人"
    )

    class Meta:
        verbose_name = "专项加减分"
        constraints = [
            constraints.choices_of("adjustment_kind", AdjustmentKind.values, "ev_adjustment_kind"),
            constraints.choices_of("state", ProposalState.values, "ev_adjustment_state"),
            constraints.pair_of("decided_at", "decided_by", "ev_adjustment_decided"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="ev_adjustment_two_persons",
            ),
        ]
