"""What data suppliers deliver: measures by unit, typed or by Excel, and the report itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common, ledger, rulings
from qingfeng.evaluation.enums import AppealSubject, FactOrigin, TaskState
from qingfeng.evaluation.events import DataReported, DataReturned
from qingfeng.evaluation.gateways import task_book
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import DataTask, DataValue
from qingfeng.evaluation.queries import appeal_parties, rounds
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.scoring import words
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

BATCH = 500
LIMIT = Decimal(10) ** 11


@dataclass(frozen=True)
class Value:
    """A unit's value of a measure; None takes it away."""

    round_unit_id: int
    measure: str
    value: Decimal | None


def template(*, task: DataTask, by: Actor) -> bytes:
    """Return the supplier's Excel template: measures, kinds of fact, every unit, what is stored already."""
    rules.report_data.check(by, task)
    sheets = task_book.sheets(queries.measures_of(task), queries.kinds_of(task), rounds.scheme_of(task.round))
    values = [
        {"code": row.round_unit.code, "name": row.round_unit.short_name}
        | {f"m_{measure}": value for measure, value in row.values.items()}
        for row in queries.value_rows(task)
    ]
    facts = [ledger.as_line(fact) for fact in queries.facts_of(task).order_by("pk")]
    rows = {task_book.VALUES: values, task_book.FACTS: facts}
    return task_book.write(sheets, {sheet.name: rows[sheet.name] for sheet in sheets})


@transaction.atomic
def save_values(*, task: DataTask, values: Sequence[Value], by: Actor, at: dt.datetime) -> DataTask:
    """Save typed values as a draft. Raises `Refused` for a unit or measure that is not the task's."""
    row = editable(task, by=by)
    units = set(rounds.taking_part(row.round).values_list("pk", flat=True))
    measures = {measure.code for measure in queries.measures_of(row)}
    for entry in values:
        if entry.round_unit_id not in units or entry.measure not in measures:
            raise Refused("有单位或数据项不属于这次报送，请刷新页面")
        if entry.value is not None and abs(entry.value) > LIMIT:
            raise Refused("数值过大，请核对单位和小数点")
    _store(row, values, by=by, at=at)
    return row


def _store(task: DataTask, values: Sequence[Value], *, by: Actor, at: dt.datetime) -> None:
    existing = {(row.round_unit_id, row.measure): row for row in task.values.all()}
    fresh, changed, gone = [], [], []
    for entry in values:
        row = existing.get((entry.round_unit_id, entry.measure))
        if entry.value is None:
            gone += [row.pk] if row else []
        elif row is None:
            fresh.append(_value(task, entry, by=by, at=at))
        elif row.value != entry.value:
            row.value, row.changed_at, row.changed_by_id = entry.value, at, by.pk
            changed.append(row)
    DataValue.objects.filter(pk__in=gone).delete()
    DataValue.objects.bulk_create(fresh, batch_size=BATCH)
    DataValue.objects.bulk_update(changed, ["value", "changed_at", "changed_by"], batch_size=BATCH)


def _value(task: DataTask, entry: Value, *, by: Actor, at: dt.datetime) -> DataValue:
    return DataValue(
        task=task,
        round_unit_id=entry.round_unit_id,
        measure=entry.measure,
        value=entry.value or Decimal(0),
        changed_at=at,
        changed_by_id=by.pk,
    )


@transaction.atomic
def import_task_book(*, task: DataTask, content: bytes, by: Actor, at: dt.datetime) -> DataTask:
    """Take over a filled template, all or nothing: its values and facts replace the task's.

    Raises `FaultyWorkbook` with every fault, and `Refused` where the file is no workbook.
    """
    row = editable(task, by=by)
    units = {unit.code: unit for unit in rounds.taking_part(row.round).select_related("unit")}
    sheets = task_book.sheets(queries.measures_of(row), queries.kinds_of(row), rounds.scheme_of(row.round))
    book = task_book.read(content, sheets, set(units))
    if book.has_values:
        row.values.all().delete()
        values = [Value(units[line.unit_code].pk, line.measure, line.value) for line in book.values]
        _store(row, values, by=by, at=at)
    if book.has_facts:
        drafts = ledger.drafts_of(row, book.facts, {code: unit.unit for code, unit in units.items()})
        ledger.replace_facts(row, drafts, origin=FactOrigin.WORKBOOK, by=by, at=at)
    audit.record(action="data_task.import", by=by, at=at, subject=references.reference_to(row))
    return row


@transaction.atomic
def report_delivered(*, task: DataTask, by: Actor, at: dt.datetime) -> DataTask:
    """Report the data as delivered. Raises `Refused` where the task holds neither value nor fact."""
    common.hold_open(task.round, "报送数据")
    common.begin(task, states.DELIVER, rule=rules.report_data, by=by)
    if not task.values.exists() and not queries.facts_of(task).exists():
        raise Refused("还没有录入任何数据；本期确无数据的，请选择“报告本期无数据”")
    _report(task, states.DELIVER, by=by, at=at)
    return task


@transaction.atomic
def report_none(*, task: DataTask, by: Actor, at: dt.datetime) -> DataTask:
    """Report that there is nothing this quarter. Raises `Refused` where something has been entered."""
    common.hold_open(task.round, "报送数据")
    common.begin(task, states.REPORT_NONE, rule=rules.report_data, by=by)
    if task.values.exists() or queries.facts_of(task).exists():
        raise Refused("已录入数据，不能报告“本期无数据”；请先清除，或按已有数据报送")
    _report(task, states.REPORT_NONE, by=by, at=at)
    return task


def _report(task: DataTask, step: Transition, *, by: Actor, at: dt.datetime) -> None:
    engine.advance(task, step, rule=rules.report_data, by=by, at=at)
    DataTask.objects.filter(pk=task.pk).update(
        reported_at=at, reported_by=common.actor_id(by), return_reason=""
    )
    task.refresh_from_db()
    events.publish(DataReported(task_id=task.pk))


@transaction.atomic
def recall(*, task: DataTask, by: Actor, at: dt.datetime) -> DataTask:
    """Take one's own report back to change it, before the data are frozen."""
    _back(task, states.RECALL, rules.report_data, "", by=by, at=at)
    return task


@transaction.atomic
def return_task(*, task: DataTask, reason: str, by: Actor, at: dt.datetime) -> DataTask:
    """Return a report to its supplier, with a reason."""
    text = common.require_reason(reason, "退回理由")
    _back(task, states.RETURN_TASK, rules.return_task, text, by=by, at=at)
    events.publish(DataReturned(task_id=task.pk))
    return task


def _back(task: DataTask, step: Transition, rule: Rule, reason: str, *, by: Actor, at: dt.datetime) -> None:
    common.hold_open(task.round, "退回数据报送")
    engine.advance(task, step, rule=rule, by=by, at=at, note=reason)
    DataTask.objects.filter(pk=task.pk).update(reported_at=None, reported_by=None, return_reason=reason)
    task.refresh_from_db()


def editable(task: DataTask, *, by: Actor) -> DataTask:
    """Return the task, locked, if its supplier may change it now. Raises `Denied` and `WrongState`."""
    rules.report_data.check(by, task)
    common.hold_open(task.round, "报送数据")
    row = common.locked(task)
    rules.report_data.check(by, row)
    if row.state != TaskState.AWAITING:
        raise WrongState(f"数据“{row.get_state_display()}”，请先撤回修改")
    return row


@transaction.atomic
def correct_on_appeal(
    *, appeal: Appeal, values: Mapping[str, Decimal], by: Actor, at: dt.datetime
) -> list[DataValue]:
    """Correct the values that an appealed line follows from; before and after are kept with the appeal."""
    case = rulings.require(appeal, AppealSubject.VALUE, None, by=by)
    rows = {row.measure: row for row in appeal_parties.values_of(case)}
    if not values or not set(values) <= set(rows):
        raise Refused("有数据项不属于申诉的这一分，请刷新页面")
    if any(abs(value) > LIMIT for value in values.values()):
        raise Refused("数值过大，请核对单位和小数点")
    changed = [(rows[code], value) for code, value in values.items() if rows[code].value != value]
    if not changed:
        raise Refused("更正后的数值与原来相同；不更正的，请选“维持原分”")
    names = {entry.code: entry.name for entry in rounds.scheme_of(case.round).measures}
    for row, value in changed:
        before, old = {"value": str(row.value)}, words.number(row.value)
        row.value = value  # who delivered it stays: who corrected it stands in the correction
        row.save(update_fields=["value"])
        summary = f"{names[row.measure]}由{old}改为{words.number(value)}"
        target, after = references.reference_to(row), {"value": str(value)}
        rulings.note(case, target, summary, before=before, after=after, by=by, at=at)
    return [row for row, _ in changed]
