"""Build a round's inputs from rows, and list every fault of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qingfeng.evaluation.scoring import columns, fact_building, inputs, review_building, rows
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Index, Ints
from qingfeng.evaluation.scoring.periods import Quarter

UNIT = "应为“单位”表中的单位编码"


@dataclass(frozen=True)
class Rows:
    """Gather all rows of a round."""

    units: Sequence[rows.UnitRow]
    reviews: Sequence[rows.ReviewRow] = ()
    tallies: Sequence[rows.TallyRow] = ()
    values: Sequence[rows.ValueRow] = ()
    facts: Sequence[rows.FactRow] = ()
    reports: Sequence[rows.ReportRow] = ()
    missing: Sequence[rows.MissingRow] = ()
    adjustments: Sequence[rows.AdjustmentRow] = ()
    department_units: Sequence[rows.DepartmentUnitRow] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


def build(scheme: schemes.Scheme, quarter: Quarter, given: Rows) -> inputs.Inputs:
    """Return the frozen inputs, the same whatever the order of the rows (units are sorted by code).

    Raises InputFaultsError with every fault: unknown codes, numbers out of range, repeated rows, a
    department that scores its own unit or an indicator not its own, a choice within a range that is missing
    or has no reason.
    """
    faults: list[columns.InputFault] = []
    units = _units(columns.Table("units", given.units, faults))
    known = {code: position for position, code in enumerate(units.codes)}
    context = columns.Context(scheme, Index(scheme), known, columns.Pool(), faults)
    owners = _department_units(context, given.department_units)
    reviews = review_building.build(context, given.reviews, owners)
    facts = fact_building.build(context, given.facts)
    adjustments = _adjustments(context, given.adjustments)
    tallies, values = _tallies(context, given.tallies), _values(context, given.values)
    status, missing = _status(context, given.reports), _missing(context, given.missing)
    if faults:
        raise columns.InputFaultsError(faults)
    texts, final = context.pool.finish()
    review_columns, findings = review_building.finish(*reviews, final)
    return inputs.Inputs(
        scheme=scheme,
        quarter=quarter,
        units=units,
        reviews=review_columns,
        findings=findings,
        tallies=tallies,
        values=values,
        facts=fact_building.finish(facts, final),
        status=status,
        missing=missing,
        adjustments=_finish_adjustments(adjustments, final),
        department_unit=owners,
        texts=texts,
        parameters=tuple(sorted(given.parameters.items())),
    )


def _units(table: columns.Table) -> inputs.Units:
    table.unique(["code"], "单位编码不能重复")
    for field_name, words in (("code", "单位编码"), ("name", "单位名称"), ("grouping", "单位类别")):
        blank = np.array([not text.strip() for text in table.texts(field_name)], np.bool_)
        table.check(blank, field_name, f"{words}不能为空")
    ordered = sorted({row.code: row for row in table.rows}.values(), key=lambda row: row.code)
    groupings = tuple(sorted({row.grouping for row in ordered}))
    places = {grouping: place for place, grouping in enumerate(groupings)}
    return inputs.Units(
        codes=tuple(row.code for row in ordered),
        names=tuple(row.name for row in ordered),
        groupings=groupings,
        grouping=np.array([places[row.grouping] for row in ordered], np.int16),
    )


def _department_units(context: columns.Context, given: Sequence[Any]) -> Ints:
    table = context.table("department_units", given)
    index, known = context.index, context.known
    departments = table.codes("department", index.departments, "应为方案中的评分部门编码")
    units = table.codes("unit", known, UNIT)
    table.unique(["department"], "一个评分部门只能属于一个单位")
    owners = np.full(len(index.departments), -1, np.int32)
    fits = (departments >= 0) & (units >= 0)
    owners[departments[fits]] = units[fits]
    return owners


def _tallies(context: columns.Context, given: Sequence[Any]) -> Ints:
    table = context.table("tallies", given)
    index, known = context.index, context.known
    unit = table.codes("unit", known, UNIT)
    question = table.codes("question", index.questions, "应为方案中的测评题目编码")
    group = table.codes("group", index.groups, "应为方案中的测评群体编码")
    answer = table.codes("answer", index.answers, "应为方案中的测评选项编码")
    count = table.numbers("count")
    table.check(~((count >= 0) & (count < 10_000_000)), "count", "票数应为 0 或更大的整数")
    table.distinct((unit, question, group, answer), "answer", "同一单位、题目、群体、选项的票数只能填一行")
    shape = (len(known), len(index.questions), len(index.groups), len(index.answers))
    found = np.zeros(shape, np.int32)
    if not table.faults:
        np.add.at(found, (unit, question, group, answer), count.astype(np.int32))
    return found


def _values(context: columns.Context, given: Sequence[Any]) -> Floats:
    table = context.table("values", given)
    index, known = context.index, context.known
    unit = table.codes("unit", known, UNIT)
    measure = table.codes("measure", index.measures, "应为方案中的数据项编码")
    value = table.numbers("value")
    table.check(~np.isfinite(value), "value", "应为数字")
    table.distinct((unit, measure), "measure", "同一单位的同一数据项只能填一行")
    found = np.full((len(known), len(index.measures)), np.nan)
    fits = (unit >= 0) & (measure >= 0)
    found[unit[fits], measure[fits]] = value[fits]
    return found


def _status(context: columns.Context, given: Sequence[Any]) -> Any:
    table = context.table("reports", given)
    index, known = context.index, context.known
    channel = table.codes("channel", index.channels, "应为方案中的渠道编码")
    unit = table.codes("unit", known, UNIT, optional=True)
    status = table.numbers("status").astype(np.int8)
    table.unique(["unit", "channel"], "同一渠道（同一单位）的报送情况只能填一行")
    found = np.zeros((len(known), len(index.channels)), np.int8)
    for whole in (True, False):  # rows for one unit come last and win
        for row in np.flatnonzero((channel >= 0) & ((unit < 0) == whole)):
            found[slice(None) if whole else unit[row], channel[row]] = status[row]
    return found


def _missing(context: columns.Context, given: Sequence[Any]) -> Bools:
    table = context.table("missing", given)
    index, known = context.index, context.known
    unit = table.codes("unit", known, UNIT)
    indicator = table.codes("indicator", index.indicators, "应为方案中的指标编码")
    found = np.zeros((len(known), len(index.indicators)), np.bool_)
    fits = (unit >= 0) & (indicator >= 0)
    found[unit[fits], indicator[fits]] = True
    return found


def _adjustments(context: columns.Context, given: Sequence[rows.AdjustmentRow]) -> inputs.Adjustments:
    table, scheme = context.table("adjustments", given), context.scheme
    unit = table.codes("unit", context.known, UNIT)
    which = table.codes("adjustment", context.index.adjustments, "应为方案中的调整项编码")
    points = table.numbers("points")
    lows = np.array([float(entry.low) for entry in scheme.adjustments] + [-np.inf])
    highs = np.array([float(entry.high) for entry in scheme.adjustments] + [np.inf])
    table.check(
        ~((points >= lows[which]) & (points <= highs[which])),
        "points",
        lambda row: f"分值应在 {lows[which[row]]:g} 至 {highs[which[row]]:g} 之间",
    )
    blank = np.array([not text.strip() for text in table.texts("reason")], np.bool_)
    table.check(blank, "reason", "请写明理由")
    reason, reference = (context.pool.ids(table.texts(name), len(given)) for name in ("reason", "reference"))
    return inputs.Adjustments(unit, which.astype(np.int16), points, reason, reference)


def _finish_adjustments(found: inputs.Adjustments, final: Ints) -> inputs.Adjustments:
    reason, reference = final[found.reason], final[found.reference]
    order = np.lexsort((reference, reason, found.points, found.adjustment, found.unit))
    return inputs.Adjustments(
        found.unit[order], found.adjustment[order], found.points[order], reason[order], reference[order]
    )
