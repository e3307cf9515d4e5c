"""The ledger of facts: record, correct, withdraw, choose points. Nothing is overwritten."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from qingfeng.core import events
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Fault, FaultyWorkbook, Refused, WrongState
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import FactOrigin, TaskState
from qingfeng.evaluation.events import FactRecorded
from qingfeng.evaluation.gateways.task_book import FactLine
from qingfeng.evaluation.models.data import DataTask, Fact, FactPoints
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds, supplied
from qingfeng.organizations.models import Unit

FLAGS = ("is_leader", "is_self_reported", "is_concealed")


@dataclass(frozen=True)
class Draft:
    """One fact as it is to stand in the ledger."""

    fact_kind: str
    unit: Unit
    act_date: dt.date
    effective_date: dt.date
    title: str
    category: str = ""
    level: str = ""
    quantity: Decimal = Decimal(1)
    is_leader: bool = False
    is_self_reported: bool = False
    is_concealed: bool = False
    event_key: str = ""
    reference_text: str = ""
    decision_unit: Unit | None = None


@transaction.atomic
def record_fact(*, task: DataTask, draft: Draft, by: Actor, at: dt.datetime) -> Fact:
    """Enter one fact for a task. Raises `Refused` with all that does not fit the scheme or the quarter."""
    row = _open_task(task, by=by)
    _require_fitting(row, draft)
    return _record(row, draft, origin=FactOrigin.TYPED, by=by, at=at)


@transaction.atomic
def correct_fact(*, fact: Fact, draft: Draft, reason: str, by: Actor, at: dt.datetime) -> Fact:
    """Enter a fact anew; the old entry stays, and the new one points at it."""
    row = _open_task(_task_of(fact), by=by)
    old = _standing(fact)
    text = common.require_reason(reason, "更正理由")
    _require_fitting(row, draft)
    return _record(row, draft, origin=FactOrigin.TYPED, by=by, at=at, corrects=old, reason=text)


@transaction.atomic
def withdraw_fact(*, fact: Fact, reason: str, by: Actor, at: dt.datetime) -> Fact:
    """Enter that a fact does not stand; the old entry stays."""
    row = _open_task(_task_of(fact), by=by)
    old = _standing(fact)
    return _withdraw(row, old, common.require_reason(reason, "撤销理由"), by=by, at=at)


def withdraw(fact: Fact, reason: str, *, by: Actor, at: dt.datetime) -> Fact:
    """Enter that a standing fact does not stand; the caller has checked who may, and when."""
    return _withdraw(_task_of(fact), _standing(fact), reason, by=by, at=at)


def replace(fact: Fact, draft: Draft, reason: str, *, by: Actor, at: dt.datetime) -> Fact:
    """Enter a standing fact anew; the caller has checked who may, and when. Raises `Refused` as `record`."""
    task, old = _task_of(fact), _standing(fact)
    _require_fitting(task, draft)
    return _record(task, draft, origin=FactOrigin.TYPED, by=by, at=at, corrects=old, reason=reason)


def _withdraw(task: DataTask, old: Fact, reason: str, *, by: Actor, at: dt.datetime) -> Fact:
    copy = draft_of(old)
    return _record(
        task, copy, origin=FactOrigin.TYPED, by=by, at=at, corrects=old, reason=reason, is_withdrawal=True
    )


@transaction.atomic
def choose_points(
    *, round: Round, fact: Fact, points: Decimal, reason: str, by: Actor, at: dt.datetime
) -> FactPoints:
    """Choose the points of one fact within its rule's range, with a reason; the last choice stands."""
    row = common.hold_open(round, "选定分值")
    task = _task_of(fact)
    rules.choose_points.check(by, task, fact)
    span = supplied.range_of(supplied.ranges(rounds.scheme_of(row)), queries.fact_like(fact))
    if span is None:
        raise Refused("该类事实的分值是固定的，不需要选定")
    if not span.low <= points <= span.high:
        raise Refused(f"应在 {span.low} 至 {span.high} 分之间选定")
    return FactPoints.objects.create(
        round=row,
        fact=fact,
        thousandths=common.to_thousandths(points),
        reason=common.require_reason(reason, "选定理由"),
        chosen_at=at,
        chosen_by_id=common.actor_id(by),
    )


def replace_facts(
    task: DataTask, drafts: Sequence[Draft], *, origin: FactOrigin, by: Actor, at: dt.datetime
) -> None:
    """Bring a task's standing facts to the drafts: what is gone is withdrawn, what is new is entered."""
    standing = list(queries.facts_of(task).select_related("unit", "decision_unit"))
    kept: list[Draft] = []
    for fact in standing:
        same = next((d for d in drafts if d == draft_of(fact) and d not in kept), None)
        if same is None:
            _withdraw(task, fact, "重新导入的表格中没有这一行", by=by, at=at)
        else:
            kept.append(same)
    for draft in drafts:
        if draft in kept:
            kept.remove(draft)
        else:
            _record(task, draft, origin=origin, by=by, at=at)


def drafts_of(task: DataTask, lines: Sequence[FactLine], units: Mapping[str, Unit]) -> list[Draft]:
    """Turn the lines of a task book into drafts. Raises `FaultyWorkbook` with all that does not fit."""
    found, faults = [], []
    for line in lines:
        values = {key: value for key, value in line.values.items() if value is not None}
        draft = Draft(
            fact_kind=values["kind"],
            unit=units[values["code"]],
            act_date=values["act_date"],
            effective_date=values["effective_date"],
            title=values["title"],
            category=values.get("category", ""),
            level=values.get("level", ""),
            quantity=values.get("quantity", Decimal(1)),
            event_key=values.get("event_key", ""),
            reference_text=values.get("reference_text", ""),
            is_leader=bool(values.get("is_leader")),
            is_self_reported=bool(values.get("is_self_reported")),
            is_concealed=bool(values.get("is_concealed")),
        )
        faults += [line.row.fault(key, text) for key, text in _misfits(task, draft)]
        found.append(draft)
    if faults:
        raise FaultyWorkbook(_sorted(faults))
    return found


def _sorted(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: fault.row)


def as_line(fact: Fact) -> dict[str, Any]:
    """Return a fact as a row of the task book."""
    line = {name: getattr(fact, name) for name in ("category", "level", "act_date", "effective_date", *FLAGS)}
    return line | {
        "code": fact.unit.code,
        "name": fact.unit.short_name,
        "kind": fact.fact_kind,
        "quantity": fact.quantity,
        "title": fact.title,
        "reference_text": fact.reference_text,
        "event_key": fact.event_key,
    }


def draft_of(fact: Fact) -> Draft:
    """Return what an entry says, as a draft."""
    return Draft(**{field.name: getattr(fact, field.name) for field in dataclasses.fields(Draft)})


def _misfits(task: DataTask, draft: Draft) -> list[tuple[str, str]]:
    """Say what of a draft does not fit the task's scheme and quarter, by column."""
    scheme, quarter = rounds.scheme_of(task.round), rounds.quarter_of(task.round)
    found = []
    if draft.fact_kind not in {kind.code for kind in queries.kinds_of(task)}:
        found.append(("kind", "这类事实不由本部门报送"))
    if draft.category and draft.category not in {entry.code for entry in scheme.categories}:
        found.append(("category", "方案中没有这个领域"))
    if draft.level and draft.level not in {entry.code for entry in scheme.levels}:
        found.append(("level", "方案中没有这个层级"))
    if draft.effective_date < draft.act_date:
        found.append(("effective_date", "决定生效日期不能早于行为日期"))
    if not 0 < draft.quantity < 100_000 or draft.quantity * 100 % 1:
        found.append(("quantity", "数量应大于 0，最多两位小数"))
    date = queries.counting_date(task.round, act_date=draft.act_date, effective_date=draft.effective_date)
    if not quarter.start_date <= date <= quarter.end_date:
        found.append(
            ("effective_date", f"不在{quarter.label}内，不计入本轮；属于以前季度的，请告知党风室更正")
        )
    return found


def _require_fitting(task: DataTask, draft: Draft) -> None:
    faults = [text for _, text in _misfits(task, draft)]
    if not draft.title.strip():
        faults.append("请填写摘要")
    known = rounds.taking_part(task.round).filter(unit=draft.unit).exists()
    if not known and not task.round.units.filter(unit=draft.unit, merged_into__isnull=False).exists():
        faults.append("该单位不在本轮参评单位之列")
    if faults:
        raise Refused(*faults)


def _record(
    task: DataTask,
    draft: Draft,
    *,
    origin: FactOrigin,
    by: Actor,
    at: dt.datetime,
    corrects: Fact | None = None,
    reason: str = "",
    is_withdrawal: bool = False,
) -> Fact:
    fact = Fact.objects.create(
        **{field.name: getattr(draft, field.name) for field in dataclasses.fields(Draft)},
        source=task.department.code,
        task=task,
        origin=origin,
        corrects=corrects,
        correction_reason=reason,
        is_withdrawal=is_withdrawal,
        recorded_at=at,
        recorded_by_id=common.actor_id(by),
    )
    events.publish(FactRecorded(fact_id=fact.pk))
    return fact


def _task_of(fact: Fact) -> DataTask:
    if fact.task is None:
        raise WrongState("这条记录来自业务系统，请在原系统更正")
    return fact.task


def _standing(fact: Fact) -> Fact:
    row = common.locked(fact)
    if row.is_withdrawal or row.corrections.exists():
        raise WrongState("这条记录已被更正，请在最新的记录上更正")
    return row


def _open_task(task: DataTask, *, by: Actor) -> DataTask:
    rules.report_data.check(by, task)
    common.hold_open(task.round, "登记事实")
    row = common.locked(task)
    rules.report_data.check(by, row)
    if row.state != TaskState.AWAITING:
        raise WrongState(f"数据“{row.get_state_display()}”，请先撤回修改")
    return row
