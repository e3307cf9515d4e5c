"""Compose the bulletin's problems by name: the units that lost most, and what was found in the quarter."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import words
from qingfeng.evaluation.scoring.inputs import Inputs, Ints
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import Reason, Results

Lead = tuple[str, str]


def compose(given: Inputs, results: Results, layout: Layout) -> list[Lead]:
    """Return paragraphs with a lead: weak units with their weak indicators, deductions by unit.

    What was not submitted.
    """
    found = [
        (given.units.names[row], _weak_unit(given, results, layout, int(row)))
        for row in weak_units(given, results)
    ]
    deducted = _deducted(given, results, layout)
    if deducted:
        found.append(("查实事项", deducted))
    silent = _not_submitted(given, results, layout)
    if silent:
        found.append(("未按要求报送", silent))
    return found or [("", "本季度没有需要点名通报的突出问题。")]


def weak_units(given: Inputs, results: Results) -> Ints:
    """Return the units to be named: those in the lower half of the grades.

    Else the last of each ranked class of four or more.
    """
    lines = len(given.scheme.settings.grades)
    low = np.flatnonzero(results.grade >= (lines + 1) // 2)
    if len(low):
        return low[np.argsort(results.cents[low], kind="stable")].astype(np.int32)
    last: list[int] = []
    for place in range(len(given.units.groupings)):
        rows = np.flatnonzero((given.units.grouping == place) & (results.cents >= 0))
        if len(rows) >= 4 and results.cents[rows].min() < results.cents[rows].max():
            last += rows[results.cents[rows] == results.cents[rows].min()].tolist()
    return np.array(last, np.int32)


def _weak_unit(given: Inputs, results: Results, layout: Layout, row: int) -> str:
    """Say a unit's score and the three indicators on which it lost most."""
    grade = given.scheme.settings.grades[results.grade[row]].name
    place = f"在{results.ranked[row]}个同类单位中列第{results.rank[row]}"
    text = f"总分{results.cents[row] / 100:.2f}分，等次为{grade}，{place}。"
    lost = results.indicator_weight[row] - np.nan_to_num(results.indicator_points[row])
    lost = np.where(np.isnan(results.indicator_points[row]), 0.0, lost)
    worst = [int(number) for number in np.argsort(-lost, kind="stable")[:3] if lost[number] >= 0.005]
    parts = [
        f"{words.quoted(layout.indicators[n].name)}（失{words.points(float(lost[n]))}分）" for n in worst
    ]
    return text + (f"失分较多的指标：{'、'.join(parts)}。" if parts else "")


def _deducted(given: Inputs, results: Results, layout: Layout) -> str:
    """Say for each unit how many facts of the quarter deducted, and under which indicators.

    No case is described.
    """
    outcomes = results.facts
    rows = np.flatnonzero((outcomes.channel >= 0) & (outcomes.points > 0))
    parts = []
    for unit in np.unique(outcomes.unit[rows]):
        mine = rows[outcomes.unit[rows] == unit]
        channels = dict.fromkeys(int(channel) for channel in outcomes.channel[mine])
        names = dict.fromkeys(words.quoted(layout.listed[channel][1].name) for channel in channels)
        parts.append(f"{given.units.names[unit]}（{len(mine)}件，涉及{''.join(names)}）")
    return f"{'；'.join(parts)}。" if parts else ""


def _not_submitted(given: Inputs, results: Results, layout: Layout) -> str:
    """Name the units that failed to submit, with the indicators concerned."""
    kinds = (Reason.MISSING_ZERO, Reason.MISSING_SHARE, Reason.MISSING_NOT_APPLICABLE)
    parts = []
    for row in range(len(given.units.codes)):
        channels = np.flatnonzero(np.isin(results.channel_reason[row], kinds))
        names = dict.fromkeys(words.quoted(layout.listed[channel][1].name) for channel in channels)
        if names:
            parts.append(f"{given.units.names[row]}（{''.join(names)}）")
    return f"{'、'.join(parts)}未按要求报送材料。" if parts else ""
