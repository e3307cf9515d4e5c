"""Compose the bulletin of a round as plain data.

Overall, by dimension, problems by name, requirements, score table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.scoring import bulletin_problems, words
from qingfeng.evaluation.scoring.inputs import Floats, Inputs, Ints
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import Results

REQUIREMENTS = (
    "提高政治站位。各单位党组织要切实担起管党治党主体责任，主要负责人要带头履行第一责任人职责，"
    "对照评价结果查找本单位政治生态建设中的短板。",
    "抓好问题整改。对本通报指出的问题，要逐项制定整改措施，明确责任人和完成时限，整改情况按要求报送。",
    "强化结果运用。评价结果作为年度党风廉政建设责任制考核的重要参考依据；得分靠后的单位要认真剖析原因，限期改进。",
)


@dataclass(frozen=True, slots=True)
class Section:
    """Hold one section: its heading without a number, and its paragraphs.

    A paragraph may begin with a lead, such as 维度.
    """

    heading: str
    paragraphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Hold a bulletin's title, sections and the annexed score table (all cells are texts)."""

    title: str
    sections: tuple[Section, ...]
    annex_title: str
    table_head: tuple[str, ...]
    table_rows: tuple[tuple[str, ...], ...]


def compose(
    given: Inputs,
    results: Results,
    previous: tuple[Inputs, Results] | None = None,
    *,
    organization: str = "",
    requirements: Sequence[str] = REQUIREMENTS,
) -> Bulletin:
    """Return the bulletin of a round; ``previous`` is the last announced round.

    For the changes (skeleton: domain 6.2, proposal).
    """
    layout = Layout(given.scheme, given.quarter)
    label = given.quarter.label
    sections = (
        Section("评价组织情况", (("", _organised(given, layout, organization)),)),
        Section("总体情况", tuple(("", text) for text in _overall(given, results, previous))),
        Section("分项情况", tuple(_by_dimension(given, results, layout))),
        Section("突出问题", tuple(bulletin_problems.compose(given, results, layout))),
        Section("工作要求", tuple(("", text) for text in requirements)),
    )
    head = ("类别", "名次", "单位", *(d.name for d in given.scheme.dimensions), "总分", "等次")
    return Bulletin(
        title=f"关于{label}政治生态状况评价情况的通报",
        sections=sections,
        annex_title=f"{label}政治生态状况评价得分表",
        table_head=head,
        table_rows=tuple(_table_row(given, results, int(row)) for row in _in_order(given, results)),
    )


def _organised(given: Inputs, layout: Layout, organization: str) -> str:
    """Say who evaluated what, and what was not delivered."""
    units, dimensions, indicators = (
        len(given.units.codes),
        len(given.scheme.dimensions),
        len(layout.indicators),
    )
    who = f"由{organization}统一组织，" if organization else ""
    what = f"按照{dimensions}个方面{indicators}项指标，对{units}个单位进行了评价。"
    text = f"{given.quarter.label}政治生态状况评价{who}{what}"
    silent = [
        f"{words.quoted(layout.listed[number][1].name)}的{channel.kind.label}"
        for number, channel in enumerate(layout.channels)
        if units and not given.status[:, number].any() and layout.due[layout.channel_indicator[number]]
    ]
    if silent:
        text += f"{'、'.join(silent)}来源未报送，按不适用处理，权重由其他指标分担。"
    resting = [
        words.quoted(indicator.name)
        for indicator, due in zip(layout.indicators, layout.due, strict=True)
        if not due
    ]
    if resting:
        text += f"{''.join(resting)}按评定周期本季度不评。"
    return text


def _overall(given: Inputs, results: Results, previous: tuple[Inputs, Results] | None) -> list[str]:
    """Return score, grades by number, the change since the last round, and the best of each class."""
    scored = np.flatnonzero(results.cents >= 0)
    if not len(scored):
        return ["本季度没有可以计分的单位。"]
    cents = results.cents[scored] / 100
    ends = f"最高{words.points(cents.max())}分，最低{words.points(cents.min())}分"
    text = f"参评单位平均得分{_mean(cents)}分，{ends}。"
    grades = given.scheme.settings.grades
    counts = [f"{g.name}{int((results.grade == n).sum())}个" for n, g in enumerate(grades)]
    found = [f"{text}其中，{'、'.join(counts)}。"]
    if previous is not None:
        found.append(_change(given, results, previous))
    firsts = []
    for place, name in enumerate(given.units.groupings):
        best = np.flatnonzero((given.units.grouping == place) & (results.rank == 1))
        if len(best):
            firsts.append(f"{name}类为{'、'.join(given.units.names[row] for row in best)}")
    found.append(f"各类单位中得分最高的：{'，'.join(firsts)}。")
    return found


def _mean(values: Floats) -> str:
    return words.points(float(np.mean(values)))


def _change(given: Inputs, results: Results, previous: tuple[Inputs, Results]) -> str:
    """Say how the units that are in both rounds moved."""
    before, old = previous
    pairs = [
        (int(old.cents[before.unit_position[code]]), int(results.cents[row]))
        for row, code in enumerate(given.units.codes)
        if code in before.unit_position
    ]
    pairs = [(a, b) for a, b in pairs if a >= 0 and b >= 0]
    if not pairs:
        return f"与{before.quarter.label}没有可比的单位。"
    change = float(np.mean([b - a for a, b in pairs])) / 100
    up, down = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
    moved = (
        "持平" if abs(change) < 0.005 else f"{'上升' if change > 0 else '下降'}{words.points(abs(change))}分"
    )
    same = len(pairs) - up - down
    counts = f"{up}个单位上升，{down}个单位下降，{same}个单位持平"
    return f"与{before.quarter.label}相比，可比的{len(pairs)}个单位平均得分{moved}，{counts}。"


def _by_dimension(given: Inputs, results: Results, layout: Layout) -> list[tuple[str, str]]:
    """Return, for each dimension, the mean rate, the best and the weakest unit.

    And the weakest indicator.
    """
    found: list[tuple[str, str]] = []
    for number, dimension in enumerate(given.scheme.dimensions):
        rates = _rates(results.dimension_points[:, number], results.dimension_weight[:, number])
        known = np.flatnonzero(~np.isnan(rates))
        if not len(known):
            found.append((dimension.name, "本季度不适用，权重由其他方面分担。"))
            continue
        text = f"平均得分率{words.percent(float(np.mean(rates[known])))}。"
        best, worst = known[np.argmax(rates[known])], known[np.argmin(rates[known])]
        if rates[best] > rates[worst]:
            text += f"得分率最高的是{given.units.names[best]}（{words.percent(float(rates[best]))}），"
            text += f"最低的是{given.units.names[worst]}（{words.percent(float(rates[worst]))}）。"
        found.append((dimension.name, text + _weakest(results, layout, number)))
    return found


def _rates(points: Floats, weights: Floats) -> Floats:
    found: Floats = np.divide(points, weights, out=np.full(len(points), np.nan), where=weights > 0)
    return found


def _weakest(results: Results, layout: Layout, dimension: int) -> str:
    """Name the indicator that lost the largest share on the mean, if any lost something."""
    means: list[tuple[float, str]] = []
    for number in np.flatnonzero(layout.indicator_dimension == dimension):
        rates = _rates(results.indicator_points[:, number], results.indicator_weight[:, number])
        if not np.isnan(rates).all():
            means.append((float(np.nanmean(rates)), layout.indicators[number].name))
    lowest = min(means, default=(1.0, ""))
    return (
        f"失分较多的指标是{words.quoted(lowest[1])}（平均得分率{words.percent(lowest[0])}）。"
        if lowest[0] < 0.9995
        else ""
    )


def _in_order(given: Inputs, results: Results) -> Ints:
    """Return the units' rows: by class, then rank; those without a score last in their class."""
    rank = np.where(results.rank > 0, results.rank, len(results.rank) + 1)
    found: Ints = np.lexsort((np.arange(len(rank)), rank, given.units.grouping)).astype(np.int32)
    return found


def _table_row(given: Inputs, results: Results, row: int) -> tuple[str, ...]:
    scored = results.cents[row] >= 0
    dimensions = [
        "不适用" if np.isnan(points) else f"{words.two(float(points))}"
        for points in results.dimension_points[row]
    ]
    return (
        given.units.groupings[given.units.grouping[row]],
        str(results.rank[row]) if scored else "—",
        given.units.names[row],
        *dimensions,
        f"{results.cents[row] / 100:.2f}" if scored else "不适用",
        given.scheme.settings.grades[results.grade[row]].name if scored else "不评",
    )
