"""Explain data channels: every term with its numbers, every rule with its facts.

And facts that count elsewhere.
"""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import explain_facts, inputs, measuring, terms, words
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.explanation import Node
from qingfeng.evaluation.scoring.inputs import Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout, Rung
from qingfeng.evaluation.scoring.packing import Packed
from qingfeng.evaluation.scoring.rows import Status

Inside = tuple[dict[str, object], tuple[Node, ...]]


def data(given: Inputs, layout: Layout, number: int, packed: Packed) -> Inside:
    """Return a data channel's terms."""
    channel = layout.channels[number]
    assert isinstance(channel, schemes.DataChannel)
    suppliers = {entry.code: entry.name for entry in given.scheme.departments}
    nodes = tuple(
        _ladder(given, layout, number, term, packed)
        if isinstance(term, terms.LadderTerm)
        else _measured(given, layout, number, term, packed.unit)
        for term in channel.terms
    )
    return {"supplier": suppliers[channel.supplier]}, nodes


def _value(given: Inputs, layout: Layout, measure: str, row: int) -> str | None:
    found = float(given.values[row, layout.index.measures[measure]])
    return None if np.isnan(found) else words.number(found)


def _measured(given: Inputs, layout: Layout, number: int, term: measuring.MeasureTerm, row: int) -> Node:
    """Return the node of a ratio, linear, rank or min–max term."""
    present = given.status[:, number] != Status.NOT_DELIVERED
    value = words.optional(_fraction(given, layout, term, present, row))
    numbers, spoken = _numbers(given, layout, term, present, row)
    if (
        isinstance(term, (terms.RatioTerm, terms.LinearTerm))
        and term.otherwise is not None
        and value is not None
    ):
        first = measuring.fraction(_only(given, row), layout, _without(term), present[row : row + 1])
        if np.isnan(first[0]):
            numbers, spoken = _numbers(given, layout, term.otherwise, present, row)
            spoken = f"{term.otherwise.label}：{spoken}"
    is_none = value is None and given.status[row, number] == Status.NONE
    if is_none:
        value, spoken = 1.0, "来源报送为“无”，按满分计"
    gained = None if value is None else value * float(term.points)
    result = "没有数据，不适用，分值由本渠道其他计分项分担"
    if gained is not None:
        result = f"{spoken}，计{words.points(gained)}分（满分{words.points(float(term.points))}分）"
    return Node(
        kind="term",
        code=term.code,
        name=term.label,
        weight=float(term.points),
        value=value,
        contribution=gained,
        reason="no_value" if value is None else ("nothing_reported" if is_none else "scored"),
        sentence=f"{result}。",
        data={"points": words.number(term.points)} | numbers,
    )


def _without(term: terms.RatioTerm | terms.LinearTerm) -> measuring.MeasureTerm:
    """Return the term without its substitute."""
    if isinstance(term, terms.RatioTerm):
        return terms.RatioTerm(term.code, term.label, term.points, term.numerator, term.denominator)
    return terms.LinearTerm(term.code, term.label, term.points, term.measure, term.zero_at, term.full_at)


def _only(given: Inputs, row: int) -> Inputs:
    """Return inputs with one unit's values, for terms that look at no other unit."""
    units = given.units
    one = inputs.Units(
        (units.codes[row],), (units.names[row],), units.groupings, units.grouping[row : row + 1]
    )
    columns = {name: getattr(given, name) for name in inputs.Inputs.__dataclass_fields__}
    return inputs.Inputs(**columns | {"units": one, "values": given.values[row : row + 1]})


def _fraction(
    given: Inputs, layout: Layout, term: measuring.MeasureTerm, present: inputs.Bools, row: int
) -> float:
    if isinstance(term, (terms.RankTerm, terms.MinMaxTerm)):
        return float(measuring.fraction(given, layout, term, present)[row])
    return float(measuring.fraction(_only(given, row), layout, term, present[row : row + 1])[0])


def _numbers(
    given: Inputs, layout: Layout, term: measuring.MeasureTerm, present: inputs.Bools, row: int
) -> tuple[dict[str, object], str]:
    """Return the numbers that a term's value follows from, and their words."""
    names = {measure.code: (measure.name, measure.unit) for measure in given.scheme.measures}
    if isinstance(term, terms.RatioTerm):
        top = _value(given, layout, term.numerator, row)
        bottom = _value(given, layout, term.denominator, row) if term.denominator else None
        found: dict[str, object] = {"term": "ratio", "numerator": top, "denominator": bottom}
        found["is_percent"] = not term.denominator
        if not term.denominator:
            return found, f"{names[term.numerator][0]}{top}%"
        return found, f"{names[term.numerator][0]}{top}，{names[term.denominator][0]}{bottom}"
    value = _value(given, layout, term.measure, row)
    title, unit = names[term.measure]
    if isinstance(term, terms.LinearTerm):
        ends: dict[str, object] = {
            "zero_at": words.number(term.zero_at),
            "full_at": words.number(term.full_at),
        }
        spoken = f"{title}{value}{unit}（{ends['zero_at']}计零分，{ends['full_at']}计满分）"
        return ends | {"term": "linear", "value": value}, spoken
    values = np.where(present, given.values[:, layout.index.measures[term.measure]], np.nan)
    same = values[(given.units.grouping == given.units.grouping[row]) & ~np.isnan(values)]
    return _class_numbers(term, same, value, f"{title}{value}{unit}")


def _class_numbers(
    term: terms.RankTerm | terms.MinMaxTerm, same: Floats, value: str | None, spoken: str
) -> tuple[dict[str, object], str]:
    """Return where a value stands among those of its class."""
    found: dict[str, object] = {"term": str(term.kind), "value": value, "high_is_best": term.high_is_best}
    if value is None or not len(same):
        return found, spoken
    if isinstance(term, terms.RankTerm):
        own = float(value)
        better = int((same > own).sum() if term.high_is_best else (same < own).sum())
        found |= {"rank": better + 1, "size": len(same)}
        return found, f"{spoken}，同类{len(same)}个单位中第{better + 1}"
    low, high = words.number(float(same.min())), words.number(float(same.max()))
    return found | {"low": low, "high": high}, f"{spoken}，同类最低{low}、最高{high}"


def _ladder(given: Inputs, layout: Layout, number: int, term: terms.LadderTerm, packed: Packed) -> Node:
    rungs = [r for r in layout.rungs if r.channel == number and r.term.code == term.code]
    nodes = tuple(_rule(given, layout, rung, packed) for rung in rungs)
    lost = sum(n.contribution or 0.0 for n in nodes if n.data["effect"] == str(terms.Effect.DEDUCT))
    back = -sum(n.contribution or 0.0 for n in nodes if n.data["effect"] == str(terms.Effect.AWARD))
    held = lost if term.cap is None else min(lost, float(term.cap))
    spoken = f"扣{words.points(held)}分" if held else "没有扣分"
    spoken += f"（扣分上限{words.number(term.cap)}分）" if term.cap is not None and lost > held else ""
    spoken += f"，加{words.points(back)}分" if back else ""
    return Node(
        kind="term",
        code=term.code,
        name=term.label,
        weight=float(term.points),
        contribution=held - back,
        reason="ladder",
        sentence=f"{spoken}。",
        data={
            "term": "ladder",
            "points": words.number(term.points),
            "cap": None if term.cap is None else words.number(term.cap),
        },
        children=nodes,
    )


def _rule(given: Inputs, layout: Layout, rung: Rung, packed: Packed) -> Node:
    """Return a rule's node; its contribution is the points it takes (negative.

    Gives) before the ladder's cap.
    """
    rule, row = rung.rule, packed.unit
    nodes: tuple[Node, ...] = ()
    found: dict[str, object] = {
        "effect": str(rule.effect),
        "points": words.number(rule.points),
        "cap": None if rule.cap is None else words.number(rule.cap),
        "is_due": layout.quarter.is_due(rung.period),
    }
    if rule.match is not None:
        nodes = explain_facts.under(given, layout, rung, packed)
        amount = sum(node.contribution or 0.0 for node in nodes)
    else:
        holds = bool(measuring.holds(_only(given, row), layout, rule.conditions)[0]) and bool(found["is_due"])
        times = max(0.0, float(_value(given, layout, rule.count, row) or 0)) if rule.count else 1.0
        amount = float(rule.points) * times if holds else 0.0
        conditions = [
            [c.measure, str(c.op), words.number(c.value), _value(given, layout, c.measure, row)]
            for c in rule.conditions
        ]
        count = _value(given, layout, rule.count, row) if rule.count else None
        found |= {"is_counted": bool(rule.count), "count": count, "conditions": conditions}
    held = amount if rule.cap is None else min(amount, float(rule.cap))
    sign = 1 if rule.effect == terms.Effect.DEDUCT else -1
    sentence = (
        f"{rule.label}：{'扣' if sign > 0 else '加'}{words.points(held)}分。"
        if held
        else f"{rule.label}：无。"
    )
    if not found["is_due"]:
        sentence = f"{rule.label}：{rung.period.label}评定一次，本季度不评。"
    return Node(
        kind="rule",
        code=rule.code,
        name=rule.label,
        contribution=sign * held,
        reason="counted" if found["is_due"] else "not_due",
        sentence=sentence,
        data=found,
        children=nodes,
    )
