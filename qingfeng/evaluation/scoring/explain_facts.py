"""Explain facts: those that a rule takes, and those that it would take but that count elsewhere."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import facts, inputs, words
from qingfeng.evaluation.scoring.explanation import Node
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.layout import Layout, Rung
from qingfeng.evaluation.scoring.packing import Packed


def under(given: Inputs, layout: Layout, rung: Rung, packed: Packed) -> tuple[Node, ...]:
    """Return the unit's facts that a rule takes, and those that it would take but that count elsewhere."""
    if not len(packed.fact):
        return ()
    seen = facts.eligible_rows(given, layout, rung, packed.fact)
    found: list[Node] = []
    for place in np.flatnonzero(seen):
        row = int(packed.fact[place])
        if packed.fact_rule[place] == rung.number:
            found.append(_fact(given, rung, row, ("counted", ""), float(packed.fact_points[place])))
            continue
        found.append(_fact(given, rung, row, _elsewhere(given, layout, packed, int(place))))
    return tuple(found)


def _elsewhere(given: Inputs, layout: Layout, packed: Packed, place: int) -> tuple[str, str]:
    """Say where a fact counted, if not under this rule."""
    row = int(packed.fact[place])
    if packed.fact_channel[place] >= 0:
        return (
            "counted_elsewhere",
            f"已在{_where(layout, int(packed.fact_channel[place]))}扣分，一事不重复扣分",
        )
    if given.facts.counted_in[row]:
        return "counted_before", f"已在{given.texts[given.facts.counted_in[row]]}扣分，一事不重复扣分"
    same = given.facts.event[packed.fact] == given.facts.event[row]
    counted = packed.fact_channel[same & (packed.fact_channel >= 0)]
    if len(counted):
        return "same_event", f"同一事项已在{_where(layout, int(counted[0]))}扣分，一事不重复扣分"
    return "not_applicable", "本渠道不适用，不扣分"


def _where(layout: Layout, channel: int) -> str:
    indicator = layout.listed[channel][1]
    return words.quoted(f"{indicator.code} {indicator.name}")


def _fact(given: Inputs, rung: Rung, row: int, told: tuple[str, str], points: float | None = None) -> Node:
    book, texts = given.facts, given.texts
    bits = (inputs.LEADER, inputs.SELF_REPORTED, inputs.CONCEALED)
    factors = (rung.multipliers.leader, rung.multipliers.self_reported, rung.multipliers.concealed)
    applied = {
        name: words.number(factor)
        for name, bit, factor in zip(("leader", "self_reported", "concealed"), bits, factors, strict=True)
        if book.flags[row] & bit
    }
    each = rung.rule.points
    chosen = float(book.points[row])
    each_text = words.number(each)
    if rung.rule.points_high is not None and not np.isnan(chosen):
        each_text = words.number(chosen)
    title = texts[book.title[row]] or given.scheme.fact_kinds[book.kind[row]].name
    sentence = f"{title}：{told[1]}。"
    if points is not None:
        sentence = (
            f"{title}：{_arithmetic(each_text, words.number(float(book.quantity[row])), applied, points)}。"
        )
    return Node(
        kind="fact",
        code=texts[book.id[row]],
        name=title,
        contribution=None if points is None else abs(points),
        reason=told[0],
        sentence=sentence,
        data={
            "points": each_text,
            "quantity": words.number(float(book.quantity[row])),
            "multipliers": applied,
            "kind": given.scheme.fact_kinds[book.kind[row]].code,
            "event": texts[book.event[row]],
            "reason": texts[book.reason[row]],
        },
    )


def _arithmetic(each: str, quantity: str, applied: dict[str, str], points: float) -> str:
    """Write out how a fact's points follow."""
    names = {"leader": "班子成员", "self_reported": "主动报告", "concealed": "瞒报"}
    steps = [f"{each}分", *([f"{quantity}人次（件）"] if quantity != "1" else [])]
    steps += [f"{names[name]}{factor}倍" for name, factor in applied.items() if factor != "1"]
    return f"{'×'.join(steps)}，{'扣' if points >= 0 else '加'}{words.points(abs(points))}分"
