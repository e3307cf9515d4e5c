"""What the pages of data suppliers say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qingfeng.core.listing import Column
from qingfeng.evaluation.enums import TaskState
from qingfeng.evaluation.models.data import DataTask, Fact
from qingfeng.evaluation.presenters.words import days_left, minute, month_day
from qingfeng.evaluation.scoring.scheme import Measure, Named


@dataclass(frozen=True)
class TaskPage:
    """One supplier's task: what is asked, what is there, what can be done now."""

    task: DataTask
    measures: Sequence[Measure]
    kinds: Sequence[Named]
    indicators: Sequence[str]
    units: int
    filled: Mapping[str, int]
    facts: int
    unchosen: int
    today: dt.date
    is_supplier: bool

    @property
    def is_open(self) -> bool:
        return self.task.round.is_open_for_scores

    @property
    def is_editable(self) -> bool:
        return self.is_supplier and self.is_open and self.task.state == TaskState.AWAITING

    @property
    def is_empty(self) -> bool:
        return not self.facts and not any(self.filled.values())

    @property
    def days_left(self) -> int | None:
        return days_left(self.task.round.cutoff_on, self.today)

    @property
    def asked(self) -> str:
        parts = [f"{len(self.measures)} 项数据"] if self.measures else []
        parts += [f"{len(self.kinds)} 类事实"] if self.kinds else []
        return "、".join(parts) or "数据"

    @property
    def title(self) -> str:
        name = self.task.department.name
        if self.task.state == TaskState.DELIVERED:
            return f"{name}的 {self.asked}已报送"
        if self.task.state == TaskState.NONE:
            return f"{name}报告本期没有数据"
        if self.task.state == TaskState.MISSING or not self.is_open:
            return f"{name}没有在截止前报送，按“不适用”处理"
        who = "请" if self.is_supplier else f"{name}须"
        return f"{who}在 {month_day(self.task.round.cutoff_on)}前报送 {self.asked}"

    @property
    def measure_rows(self) -> list[tuple[Measure, int]]:
        return [(measure, self.filled.get(measure.code, 0)) for measure in self.measures]


def tasks_title(counts: Mapping[str, int], due: dt.date, *, is_own: bool) -> str:
    """Say how many suppliers have reported and how many have not."""
    total = sum(counts.values())
    left = counts.get(TaskState.AWAITING, 0) + counts.get(TaskState.MISSING, 0)
    if not total:
        return "这一轮没有要报送的数据"
    if not left:
        return f"{total} 份数据都已报送" if not is_own else "数据已报送，现在不用再做什么"
    return f"{total} 份数据，还有 {left} 份没报，{month_day(due)}截止"


def task_columns(asked: Mapping[str, str]) -> list[Column]:
    return [
        Column("department", "报送部门", lambda row: row.department.name, ("pk",)),
        Column("asked", "要报什么", lambda row: asked.get(row.department.code, "")),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("values", "数据", lambda row: row.value_count, ("value_count",), numeric=True),
        Column("facts", "事实", lambda row: row.fact_count, ("fact_count",), numeric=True),
        Column("reported", "报送时间", lambda row: minute(row.reported_at), ("reported_at",)),
    ]


@dataclass(frozen=True)
class FactWords:
    """The words of a scheme for what the ledger keeps as codes."""

    kinds: Mapping[str, str]
    categories: Mapping[str, str]
    levels: Mapping[str, str]

    def kind(self, fact: Fact) -> str:
        return self.kinds.get(fact.fact_kind, fact.fact_kind)

    def marks(self, fact: Fact) -> list[str]:
        """Return what multiplies or tells a fact apart."""
        words = [self.categories.get(fact.category, ""), self.levels.get(fact.level, "")]
        words += ["班子成员"] if fact.is_leader else []
        words += ["主动报告"] if fact.is_self_reported else []
        words += ["瞒报"] if fact.is_concealed else []
        return [word for word in words if word]


def fact_columns(words: FactWords, *, whole: bool) -> list[Column]:
    """Return the columns of the ledger; the export (`whole`) has more than the page."""
    more = [
        Column("act", "行为日期", lambda row: row.act_date, ("act_date",)),
        Column("event", "同一事件标识", lambda row: row.event_key),
    ]
    return [
        Column("title", "摘要", lambda row: row.title, ("title",)),
        Column("unit", "单位", lambda row: row.unit.short_name, ("unit__sort_order", "unit__code")),
        Column("kind", "类别", words.kind, ("fact_kind",)),
        Column("marks", "情形", lambda row: "、".join(words.marks(row))),
        Column("quantity", "数量", lambda row: row.quantity.normalize() + 0, ("quantity",), numeric=True),
        Column("effective", "决定生效", lambda row: row.effective_date, ("effective_date",)),
        Column("department", "报送部门", lambda row: row.task.department.name, ("task__department__name",)),
        Column("reference", "文号或编号", lambda row: row.reference_text, ("reference_text",)),
        *(more if whole else []),
    ]


def facts_title(total: int, unchosen: int) -> str:
    """Say how many entries stand, and for how many points are still to be chosen."""
    if not total:
        return "本季度还没有登记事实"
    if unchosen:
        return f"本季度登记了 {total} 条事实，{unchosen} 条要选定分值"
    return f"本季度登记了 {total} 条事实"
