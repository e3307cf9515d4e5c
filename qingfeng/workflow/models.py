from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.workflow.enums import BasisMark, LimitUnit


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
    acted_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="代谁")

    class Meta:
        verbose_name = "状态变化"
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="wf_change_subject")]

    @property
    def who(self) -> str:
        """Return who took the step, as pages name him: 李某（代王某）; the platform is 系统."""
        if self.by is None:
            return "系统"
        return f"{self.by.name}（代{self.acted_for.name}）" if self.acted_for else self.by.name


class Deadline(models.Model):
    """One limit that runs on one thing. `due_date` is worked out, and empty while the limit is suspended."""

    kind: ClassVar[str] = "deadline"

    subject_kind = models.CharField("对象类别", max_length=40)
    subject_id = models.BigIntegerField("对象编号")
    name = models.CharField("期限代号", max_length=40)
    label = models.CharField("期限", max_length=80)
    started_date = models.DateField("起算日")
    unit = models.CharField("单位", max_length=14, choices=LimitUnit.choices)
    amount = models.PositiveIntegerField("时长", null=True)
    fixed_date = models.DateField("指定日期", null=True)
    due_date = models.DateField("到期日", null=True, db_index=True)
    basis = models.CharField("依据", max_length=200)
    mark = models.CharField("依据核实", max_length=10, choices=BasisMark.choices)
    met_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        verbose_name = "期限"
        constraints = [
            constraints.choices_of("unit", LimitUnit.values, "wf_deadline_unit"),
            constraints.choices_of("mark", BasisMark.values, "wf_deadline_mark"),
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "name"], name="wf_deadline_once"),
            models.CheckConstraint(
                condition=models.Q(unit=LimitUnit.DATE, amount__isnull=True, fixed_date__isnull=False)
                | models.Q(~models.Q(unit=LimitUnit.DATE), amount__gte=1, fixed_date__isnull=True),
                name="wf_deadline_length",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Suspension(models.Model):
    """A span of days that do not count, the first included, the day of resumption not."""

    kind: ClassVar[str] = "deadline_suspension"

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="suspensions", verbose_name="期限")
    from_date = models.DateField("中止日")
    resumed_date = models.DateField("恢复日", null=True)
    reason = models.CharField("事由", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = "期限中止"
        constraints = [
            constraints.period_of("from_date", "resumed_date", "wf_suspension_dates"),
            models.UniqueConstraint(
                fields=["deadline"],
                condition=models.Q(resumed_date__isnull=True),
                name="wf_suspension_open_once",
            ),
        ]


class Extension(models.Model):
    """More time, given with an approval. Immutable."""

    kind: ClassVar[str] = "deadline_extension"
    append_only: ClassVar[bool] = True

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions", verbose_name="期限")
    amount = models.PositiveIntegerField("延长时长", null=True)
    to_date = models.DateField("延长至", null=True)
    reason = models.CharField("事由", max_length=200)
    approval = models.CharField("批准", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "期限延长"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=1, to_date__isnull=True)
                | models.Q(amount__isnull=True, to_date__isnull=False),
                name="wf_extension_length",
            ),
        ]
