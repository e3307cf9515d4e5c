"""Recompute every point of a unit from its explanation alone, slowly, in decimal arithmetic.

As a check on the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from qingfeng.evaluation.scoring import grading
from qingfeng.evaluation.scoring.explanation import Data, Explanation, Node

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
FULL = {"nothing_reported"}
NOT_APPLICABLE = {
    "not_delivered",
    "not_due",
    "missing_not_applicable",
    "no_review",
    "too_few_ballots",
    "no_value",
}


@dataclass(frozen=True, slots=True)
class Points:
    """Hold recomputed points: ``channels`` 0..1, ``indicators`` and ``dimensions`` in points.

    None is not applicable.
    """

    channels: dict[str, Decimal | None]
    indicators: dict[str, Decimal | None]
    dimensions: dict[str, Decimal | None]
    deduction: Decimal
    bonus: Decimal
    raw_total: Decimal | None
    total: Decimal | None


def recompute_from_explanation(explanation: Explanation) -> Points:
    """Return all points of a unit from the leaves of its explanation.

    Scores, votes, numbers, facts, weights and reasons.

    No stored value, effective weight or contribution of channel, indicator, dimension or total is looked
    at.
    """
    with localcontext() as context:
        context.prec = 50
        return _recompute(explanation)


def _recompute(explanation: Explanation) -> Points:
    channels = {c.code: _channel(c) for i in explanation.indicators() for c in i.children}
    scored = {
        indicator.code: _mean((_number(c, "share"), channels[c.code]) for c in indicator.children)
        for indicator in explanation.indicators()
    }
    open_in = {
        d.code: sum((_number(i, "weight") for i in d.children if scored[i.code] is not None), ZERO)
        for d in explanation.dimensions
    }
    whole = sum((_number(d, "weight") for d in explanation.dimensions), ZERO)
    kept = sum((_number(d, "weight") for d in explanation.dimensions if open_in[d.code]), ZERO)
    indicators: dict[str, Decimal | None] = {}
    dimensions: dict[str, Decimal | None] = {}
    for dimension in explanation.dimensions:
        for indicator in dimension.children:
            value = scored[indicator.code]
            if value is None:
                indicators[indicator.code] = None
                continue
            share = _number(indicator, "weight") / open_in[dimension.code]
            indicators[indicator.code] = value * share * _number(dimension, "weight") * whole / kept
        points = [indicators[i.code] for i in dimension.children]
        found = [value for value in points if value is not None]
        dimensions[dimension.code] = sum(found, ZERO) if found else None
    deduction = _adjusted(explanation, "deduction", explanation.limits["deduction_cap"])
    bonus = _adjusted(explanation, "bonus", explanation.limits["bonus_cap"])
    raw = None
    if kept:
        raw = sum((value for value in dimensions.values() if value is not None), ZERO) + bonus - deduction
        raw = max(ZERO, min(HUNDRED + Decimal(explanation.limits["bonus_cap"]), raw))
    total = None if raw is None else grading.rounded(raw)
    return Points(channels, indicators, dimensions, deduction, bonus, raw, total)


def _number(node: Node, name: str) -> Decimal:
    return Decimal(node.data[name])


def _mean(pairs: Iterable[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Return the weighted mean of what is there."""
    found = [(weight, value) for weight, value in pairs if value is not None]
    weights = sum((weight for weight, _ in found), ZERO)
    return sum((weight * value for weight, value in found), ZERO) / weights if weights else None


def _held(value: Decimal) -> Decimal:
    return max(ZERO, min(ONE, value))


def _capped(value: Decimal, cap: str | None) -> Decimal:
    return value if cap is None else min(value, Decimal(cap))


def _adjusted(explanation: Explanation, kind: str, cap: str | None) -> Decimal:
    """Return the sum of the adjustments of a kind: each held by its own cap, then all by the scheme's."""
    entries = [node for node in explanation.adjustments if node.reason == kind]
    total = ZERO
    for code in dict.fromkeys(node.code for node in entries):
        mine = [node for node in entries if node.code == code]
        total += _capped(sum((_number(node, "points") for node in mine), ZERO), mine[0].data["cap"])
    return _capped(total, cap)


def _channel(node: Node) -> Decimal | None:
    if node.reason in NOT_APPLICABLE:
        return None
    if node.reason == "missing_zero":
        return ZERO
    if node.reason == "missing_share":
        return _number(node, "missing_share") / HUNDRED
    if node.data["channel"] == "review":
        found = _mean((_number(slot, "weight"), _scorer(slot, node)) for slot in node.children)
        return ONE if found is None and node.reason in FULL else found
    if node.data["channel"] == "ballot":
        return _mean((_number(group, "weight"), _group(group)) for group in node.children)
    return _data(node)


def _scorer(slot: Node, channel: Node) -> Decimal | None:
    values = [value for value in (_review(review, channel) for review in slot.children) if value is not None]
    return sum(values, ZERO) / len(values) if values else None


def _review(node: Node, channel: Node) -> Decimal | None:
    scale = _number(channel, "scale")
    if node.data["score"] is not None:
        return _number(node, "score") / scale
    parts: Data = channel.data["parts"]
    available = _number(channel, "base") + sum((Decimal(points) for points in parts.values()), ZERO)
    if available <= 0:
        return None
    earned, lost = _number(channel, "base"), ZERO
    counted = [child for child in node.children if child.reason == "counted"]
    for code in dict.fromkeys(child.code for child in counted):
        mine = [child for child in counted if child.code == code]
        amount, first = sum((_found(child) for child in mine), ZERO), mine[0].data
        limit = first["cap"] if first["cap"] is not None or not first["is_part"] else parts[code]
        amount = _capped(amount, limit)
        if first["is_part"]:
            earned += amount
        else:
            lost += amount if first["effect"] == "deduct" else -amount
    return _held(earned / available - lost / scale)


def _found(finding: Node) -> Decimal:
    quantity = _number(finding, "quantity")
    return _number(finding, "points") * (quantity / HUNDRED if finding.data["per"] == "ratio" else quantity)


def _group(node: Node) -> Decimal | None:
    if node.reason != "counted":
        return None
    scores, votes = node.data["scores"], node.data["votes"]
    valid = sum((Decimal(votes[code]) for code in scores), ZERO)
    gained = sum((Decimal(votes[code]) * Decimal(score) for code, score in scores.items()), ZERO)
    return gained / valid / HUNDRED


def _data(node: Node) -> Decimal | None:
    earned = available = lost = ZERO
    for term in node.children:
        points = _number(term, "points")
        if term.data["term"] == "ladder":
            lost += _ladder(term)
            value: Decimal | None = ONE
        else:
            value = ONE if term.reason in FULL else _measured(term.data)
        if value is not None:
            earned, available = earned + value * points, available + points
    return _held(earned / available - lost / _number(node, "scale")) if available else None


def _measured(data: Data) -> Decimal | None:
    if data["term"] == "ratio":
        return _ratio(data)
    if data["value"] is None:
        return None
    value = Decimal(data["value"])
    if data["term"] == "linear":
        low, high = Decimal(data["zero_at"]), Decimal(data["full_at"])
        return _held((value - low) / (high - low))
    if data["term"] == "rank":
        size = Decimal(data["size"])
        return (size - Decimal(data["rank"])) / (size - 1) if size > 1 else ONE
    low, high = Decimal(data["low"]), Decimal(data["high"])
    if low == high:
        return ONE
    return (value - low if data["high_is_best"] else high - value) / (high - low)


def _ratio(data: Data) -> Decimal | None:
    if not data["is_percent"] and data["denominator"] is not None and Decimal(data["denominator"]) <= 0:
        return ONE
    if data["numerator"] is None or (not data["is_percent"] and data["denominator"] is None):
        return None
    below = HUNDRED if data["is_percent"] else Decimal(data["denominator"])
    return _held(Decimal(data["numerator"]) / below)


def _ladder(term: Node) -> Decimal:
    """Return deductions less awards: each rule's cap first, the ladder's cap on the deductions last."""
    taken = [_rule(rule) for rule in term.children if rule.data["effect"] == "deduct"]
    given_back = [_rule(rule) for rule in term.children if rule.data["effect"] == "award"]
    return _capped(sum(taken, ZERO), term.data["cap"]) - sum(given_back, ZERO)


def _rule(rule: Node) -> Decimal:
    if not rule.data["is_due"]:
        return ZERO
    if "conditions" not in rule.data:
        counted = [_fact(fact) for fact in rule.children if fact.reason == "counted"]
        return _capped(sum(counted, ZERO), rule.data["cap"])
    if not all(_holds(condition) for condition in rule.data["conditions"]):
        return ZERO
    times = ONE
    if rule.data["is_counted"]:
        times = max(ZERO, Decimal(rule.data["count"] or 0))
    return _capped(_number(rule, "points") * times, rule.data["cap"])


def _fact(fact: Node) -> Decimal:
    points = _number(fact, "points") * _number(fact, "quantity")
    for factor in fact.data["multipliers"].values():
        points *= Decimal(factor)
    return points


def _holds(condition: Sequence[str | None]) -> bool:
    _, op, line, value = condition
    if value is None or line is None:
        return False
    left, right = Decimal(value), Decimal(line)
    return {
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
        "=": left == right,
    }[str(op)]
