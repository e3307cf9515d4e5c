"""Compare two computations, of one round or of two quarters: what changed, and which input changed it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from qingfeng.evaluation.scoring import channel_states, words
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import Results

NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Cause:
    """Name one input that changed: ``kind`` is a stable slug, ``sentence`` Chinese."""

    kind: str
    channel: str
    sentence: str


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """Say how an indicator's points and effective weight changed for a unit, and why.

    None is not applicable.
    """

    code: str
    name: str
    before: float | None
    after: float | None
    weight_before: float
    weight_after: float
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """Say what changed for a unit; totals are rounded texts, None where the unit is not in.

    Or not scored.
    """

    unit: str
    name: str
    total_before: str | None
    total_after: str | None
    grade_before: str
    grade_after: str
    rank_before: int
    rank_after: int
    indicators: tuple[IndicatorChange, ...]
    causes: tuple[Cause, ...]


def compare(
    before: Inputs, old: Results, after: Inputs, new: Results, units: Collection[str] | None = None
) -> tuple[UnitChange, ...]:
    """Return the units whose total, grade, rank, or any indicator's points changed.

    Of all, or of ``units`` by their codes; in the order of their codes.
    """
    first, second = _Side(before, old), _Side(after, new)
    found: list[UnitChange] = []
    known = before.unit_position.keys() | after.unit_position.keys()
    for code in sorted(known if units is None else known.intersection(units)):
        change = _unit(code, first, second)
        if change is not None:
            found.append(change)
    return tuple(found)


class _Side:
    """Hold one of the two computations."""

    def __init__(self, given: Inputs, results: Results) -> None:
        self.given, self.results = given, results
        self.layout = Layout(given.scheme, given.quarter)

    def row(self, unit: str) -> int | None:
        """Return the unit's row, None where it is not in."""
        return self.given.unit_position.get(unit)

    def total(self, row: int | None) -> str | None:
        """Return the rounded total."""
        cents = -1 if row is None else int(self.results.cents[row])
        return None if cents < 0 else f"{cents // 100}.{cents % 100:02d}"

    def grade(self, row: int | None) -> str:
        """Return the grade's name."""
        number = -1 if row is None else int(self.results.grade[row])
        return self.given.scheme.settings.grades[number].name if number >= 0 else ""

    def rank(self, row: int | None) -> int:
        """Return the rank in the class."""
        return 0 if row is None else int(self.results.rank[row])

    def points(self, row: int | None, code: str) -> tuple[float | None, float]:
        """Return an indicator's points and effective weight."""
        number = self.layout.index.indicators.get(code)
        if row is None or number is None:
            return None, 0.0
        points = float(self.results.indicator_points[row, number])
        return (None if math.isnan(points) else points), float(self.results.indicator_weight[row, number])


def _unit(code: str, first: _Side, second: _Side) -> UnitChange | None:
    """Return what changed for one unit, or nothing."""
    old, new = first.row(code), second.row(code)
    side, row = (first, old) if new is None else (second, new)
    assert row is not None
    codes = dict.fromkeys([*first.layout.index.indicators, *second.layout.index.indicators])
    changes = [_indicator(name, (first, old), (second, new)) for name in codes]
    indicators = tuple(change for change in changes if change is not None)
    outer = (
        (first.total(old), first.grade(old), first.rank(old)),
        (second.total(new), second.grade(new), second.rank(new)),
    )
    if outer[0] == outer[1] and not indicators:
        return None
    return UnitChange(
        unit=code,
        name=side.given.units.names[row],
        total_before=outer[0][0],
        total_after=outer[1][0],
        grade_before=outer[0][1],
        grade_after=outer[1][1],
        rank_before=outer[0][2],
        rank_after=outer[1][2],
        indicators=indicators,
        causes=_outer_causes((first, old), (second, new), bool(indicators)),
    )


def _indicator(
    code: str, old: tuple[_Side, int | None], new: tuple[_Side, int | None]
) -> IndicatorChange | None:
    """Return what changed for one indicator of a unit, or nothing."""
    before, weight_before = old[0].points(old[1], code)
    after, weight_after = new[0].points(new[1], code)
    same = (before is None) == (after is None) and abs((before or 0.0) - (after or 0.0)) < NOISE
    if same and abs(weight_before - weight_after) < NOISE:
        return None
    layout = new[0].layout if code in new[0].layout.index.indicators else old[0].layout
    name = layout.indicators[layout.index.indicators[code]].name
    causes = _causes(code, old, new)
    if not causes and abs(weight_before - weight_after) >= NOISE:
        weights = f"权重由{words.points(weight_before)}分变为{words.points(weight_after)}分"
        sentence = f"其他指标的适用情况有变化，{weights}"
        causes = (Cause("weight", "", sentence),)
    return IndicatorChange(code, name, before, after, weight_before, weight_after, causes)


def _causes(code: str, old: tuple[_Side, int | None], new: tuple[_Side, int | None]) -> tuple[Cause, ...]:
    """Return which inputs of an indicator's channels changed for a unit."""
    if old[1] is None or new[1] is None:
        return ()
    states = [
        channel_states.of_indicator(side.given, side.layout, side.results, row, code)
        for side, row in (old, new)
        if row is not None
    ]
    found: list[Cause] = []
    for channel in dict.fromkeys([*states[0], *states[1]]):
        before, after = states[0].get(channel), states[1].get(channel)
        if before is None or after is None:
            found.append(Cause("scheme", channel, "方案的计分渠道有变化"))
            continue
        found += [Cause(kind, channel, text) for kind, text in channel_states.differences(before, after)]
    return tuple(found)


def _outer_causes(
    old: tuple[_Side, int | None], new: tuple[_Side, int | None], has_changes: bool
) -> tuple[Cause, ...]:
    """Return causes outside the indicators.

    The unit came or went, adjustments, quota and downgrade, other units.
    """
    if old[1] is None:
        return (Cause("unit", "", "上次没有这个单位"),)
    if new[1] is None:
        return (Cause("unit", "", "这次没有这个单位"),)
    (first, row), (second, other) = (old[0], old[1]), (new[0], new[1])
    found: list[Cause] = []
    for name, title in (("bonus", "加分"), ("deduction", "扣分")):
        one, two = float(getattr(first.results, name)[row]), float(getattr(second.results, name)[other])
        if abs(one - two) >= NOISE:
            found.append(Cause("adjustment", "", f"{title}由{words.points(one)}分变为{words.points(two)}分"))
    reasons = (int(first.results.grade_reason[row]), int(second.results.grade_reason[other]))
    if reasons[0] != reasons[1]:
        found.append(Cause("grade", "", "降等或名额的适用有变化"))
    places = (first.given.units, second.given.units)
    classes = [places[n].groupings[places[n].grouping[(row, other)[n]]] for n in (0, 1)]
    if classes[0] != classes[1]:
        found.append(Cause("class", "", f"单位类别由“{classes[0]}”变为“{classes[1]}”"))
    if not has_changes and not found:
        found.append(Cause("others", "", "本单位得分没有变化，同类其他单位的得分有变化"))
    return tuple(found)
