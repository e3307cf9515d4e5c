"""Build the columns of the facts, and check dates, units and chosen points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qingfeng.evaluation.scoring import inputs, rows, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import settings as scheme_settings
from qingfeng.evaluation.scoring.columns import Context, Table
from qingfeng.evaluation.scoring.inputs import Ints


def build(context: Context, given: Sequence[rows.FactRow]) -> inputs.Facts:
    """Return the facts in the order given, with provisional text ids; faults are noted."""
    table, scheme, index = context.table("facts", given), context.scheme, context.index
    table.unique(["id"], "事实编号不能重复")
    kind = table.codes("kind", index.kinds, "应为方案中的事实种类编码")
    category = table.codes("category", index.categories, "应为方案中的事实类别编码", optional=True)
    level = table.codes("level", index.levels, "应为方案中的层级编码", optional=True)
    at_act, at_decision = _units(scheme, table, context.known)
    acts, effective = (
        np.fromiter((getattr(row, name).toordinal() for row in given), np.int32, len(given))
        for name in ("act_date", "effective_date")
    )
    table.check(effective < acts, "effective_date", "生效日期不能早于行为日期")
    quantity, points = table.numbers("quantity"), table.numbers("points")
    table.check(~(quantity > 0) | ~np.isfinite(quantity), "quantity", "数量应大于 0")
    _check_chosen(scheme, table)
    flags = sum(
        table.flags(name).astype(np.uint8) * bit
        for name, bit in (
            ("is_leader", inputs.LEADER),
            ("is_self_reported", inputs.SELF_REPORTED),
            ("is_concealed", inputs.CONCEALED),
        )
    )
    ids, reason, event, counted_in, title = (
        context.pool.ids(table.texts(name), len(given))
        for name in ("id", "reason", "event", "counted_in", "title")
    )
    return inputs.Facts(
        id=ids,
        kind=kind.astype(np.int16),
        category=category.astype(np.int16),
        level=level.astype(np.int16),
        unit_at_act=at_act,
        unit_at_decision=at_decision,
        act_day=acts,
        effective_day=effective,
        quantity=quantity,
        flags=np.asarray(flags, np.uint8),
        points=points,
        reason=reason,
        event=event,
        counted_in=counted_in,
        title=title,
    )


def finish(facts: inputs.Facts, final: Ints) -> inputs.Facts:
    """Return the facts sorted by id, with final text ids; an empty event becomes the fact's own id."""
    ids = final[facts.id]
    order = np.argsort(ids, kind="stable")
    texts = {name: final[getattr(facts, name)] for name in ("reason", "event", "counted_in", "title")}
    texts["event"] = np.where(texts["event"] == 0, ids, texts["event"])
    columns = {name: getattr(facts, name) for name in inputs.Facts.__dataclass_fields__} | texts | {"id": ids}
    return inputs.Facts(**{name: column[order] for name, column in columns.items()})


def range_rules(scheme: schemes.Scheme) -> list[terms.Rule]:
    """Return the fact rules whose points a reviewer chooses."""
    return [rule for rule in fact_rules(scheme) if rule.points_high is not None]


def fact_rules(scheme: schemes.Scheme) -> list[terms.Rule]:
    """Return every rule on facts."""
    return [
        rule
        for _, _, channel in scheme.channels()
        if isinstance(channel, schemes.DataChannel)
        for term in channel.terms
        if isinstance(term, terms.LadderTerm)
        for rule in term.rules
        if rule.match is not None
    ]


def _units(scheme: schemes.Scheme, table: Table, known: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return the two units; the one that bears the fact by the scheme's setting must be known."""
    at_act = np.fromiter((known.get(row.unit_at_act, -1) for row in table.rows), np.int32, len(table.rows))
    at_decision = np.fromiter(
        (known.get(row.unit_at_decision or row.unit_at_act, -1) for row in table.rows),
        np.int32,
        len(table.rows),
    )
    if scheme.settings.fact_unit == scheme_settings.FactUnit.ACT:
        table.check(at_act < 0, "unit_at_act", "应为“单位”表中的单位编码")
    else:
        table.check(at_decision < 0, "unit_at_decision", "应为“单位”表中的单位编码")
    return at_act, at_decision


def _check_chosen(scheme: schemes.Scheme, table: Table) -> None:
    """Note chosen points that are missing, out of range, without a reason, or not asked for."""
    by_kind: dict[str, list[terms.Rule]] = {}
    for rule in range_rules(scheme):
        for kind in rule.match.kinds if rule.match else ():
            by_kind.setdefault(kind, []).append(rule)
    for number, row in enumerate(table.rows):
        ranges = by_kind.get(row.kind, [])
        if row.points is None and not ranges:
            continue
        sentence = _chosen_fault(ranges, row)
        if sentence:
            table.fail(number, "points", sentence)


def _chosen_fault(ranges: list[terms.Rule], row: rows.FactRow) -> str:
    """Say what is wrong with the points chosen for a fact, or nothing."""
    if not ranges:
        return "该种事实的分值是固定的，不能另选分值"
    words = "、".join(f"{rule.points}～{rule.points_high}" for rule in ranges)
    if row.points is None:
        return f"应在 {words} 分范围内选定分值"
    if not any(rule.points <= row.points <= (rule.points_high or rule.points) for rule in ranges):
        return f"应在 {words} 分范围内选定分值"
    return "" if row.reason.strip() else "选定分值要写明理由"
