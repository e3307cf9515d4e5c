"""The page of one unit's result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qingfeng.core.templatetags import words as shown
from qingfeng.core.templatetags.ui import GRADE_CODES
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import appeals as appeal_words
from qingfeng.evaluation.presenters import points
from qingfeng.evaluation.queries.behind import Behind
from qingfeng.evaluation.queries.checking import OPEN_TO_UNITS, Window
from qingfeng.evaluation.queries.portraits import Point, Portrait
from qingfeng.evaluation.scoring.explanation import Node
from qingfeng.evaluation.scoring.scheme import Indicator, Scheme, SourceMark

TONES = ("excellent", "good", "fair", "poor")
LOWEST = 60
INNER = 60
MOST_REASONS = 3


@dataclass(frozen=True)
class AppealMark:
    """What became of an appeal against one of an indicator's points."""

    pk: int
    words: str
    tone: str


@dataclass(frozen=True)
class PointLine:
    """One indicator of the portrait, with everything that its points follow from."""

    node: Node
    percent: float | None
    class_percent: float | None
    indicator: Indicator
    sources: tuple[points.Source, ...]
    is_open: bool
    appeals: tuple[AppealMark, ...] = ()

    @property
    def is_from_article(self) -> bool:
        return self.indicator.mark is SourceMark.ARTICLE

    @property
    def difference(self) -> float | None:
        if self.percent is None or self.class_percent is None:
            return None
        return round(self.percent - self.class_percent, 2)

    @property
    def is_weak(self) -> bool:
        return self.difference is not None and self.difference <= -5


@dataclass(frozen=True)
class DimensionPart:
    """One dimension with its indicators."""

    node: Node
    class_percent: float | None
    difference: float | None
    lines: list[PointLine]


@dataclass(frozen=True)
class WeakLine:
    """An indicator among the weakest: its points, and where the lost ones went."""

    node: Node
    lost: float
    why: str
    basis: str


@dataclass(frozen=True)
class PortraitPage:
    """A portrait with its words and drawings."""

    portrait: Portrait
    behind: Behind
    opened: str
    adjustment_keys: tuple[str, ...] = ()
    is_head: bool = False
    window: Window | None = None
    confirmed: str = ""

    @property
    def result(self) -> UnitResult:
        return self.portrait.result

    @property
    def round(self) -> Round:
        return self.result.revision.round

    @property
    def name(self) -> str:
        return self.result.round_unit.short_name

    @property
    def class_name(self) -> str:
        return self.result.round_unit.get_unit_class_display()

    @property
    def trial_words(self) -> str:
        """Say that the result is not announced yet, and who reads it already."""
        if self.result.revision.announced_at is not None:
            return ""
        if self.round.state in OPEN_TO_UNITS:
            return "试算结果，未经审定。单位只看得到本单位的结果，以常委会审定后公布的为准。"
        return "这是试算结果，还没有公布，单位看不到。"

    @property
    def over(self) -> str:
        return f"{self.round.label} · {self.class_name}类 {self.result.ranked} 个单位"

    @property
    def change(self) -> str:
        """Say the change on last quarter and the place in the class, now and before."""
        found = self.portrait
        parts = []
        if found.score_change is not None:
            parts.append(f"较上季 {shown.signed(found.score_change)}")
        if self.result.rank:
            place = f"类内第 {self.result.rank}"
            parts.append(
                place + (f"（上季第 {found.before.rank}）" if found.before and found.before.rank else "")
            )
        return " · ".join(parts)

    @property
    def change_tone(self) -> str:
        change = self.portrait.score_change
        return "" if not change else ("good" if change > 0 else "bad")

    @property
    def inner(self) -> int:
        """Return where the radar's centre stands: scores lie close together, far from zero."""
        percents = [
            value
            for spoke in self.portrait.spokes
            for value in (spoke.percent, spoke.class_percent)
            if value is not None
        ]
        return INNER if percents and min(percents) >= INNER + 5 else 0

    @property
    def radar_meta(self) -> str:
        return f"虚线类内平均，圆心 {self.inner}%" if self.inner else "实线本单位，虚线类内平均"

    @property
    def radar_label(self) -> str:
        return f"{self.name}五个方面得分率与{self.class_name}类平均"

    @property
    def trend_label(self) -> str:
        return f"{self.name}近 {len(self.portrait.trend)} 个季度得分"

    @property
    def radar(self) -> dict[str, Any]:
        spokes = self.portrait.spokes
        return {
            "axes": [{"name": spoke.name, "max": 100} for spoke in spokes],
            "own": {"name": self.name, "values": [spoke.percent for spoke in spokes]},
            "average": {
                "name": f"{self.class_name}类平均",
                "values": [spoke.class_percent for spoke in spokes],
            },
            "from": self.inner,
        }

    @property
    def trend(self) -> dict[str, Any]:
        found = self.portrait.trend
        scores = [_float(point.score) for point in found]
        averages = [point.class_mean for point in found]
        low = _floor([*scores, *averages])
        return {
            "periods": [f"{point.round.year % 100}Q{point.round.quarter}" for point in found],
            "own": {"name": self.name, "values": scores},
            "average": {"name": f"{self.class_name}类平均", "values": averages},
            "bands": bands(self.behind.scheme, low),
            "min": low,
            "max": 100,
        }

    @property
    def trend_meta(self) -> str:
        return f"{len(self.portrait.trend)} 个季度，底色为等次，虚线类内平均"

    @property
    def points_of_trend(self) -> list[Point]:
        return list(reversed(self.portrait.trend))

    @property
    def weakest(self) -> list[WeakLine]:
        return [
            WeakLine(weak.node, weak.lost, reasons(weak.node), points.basis_of(weak.node))
            for weak in self.portrait.weakest
        ]

    @property
    def dimensions(self) -> list[DimensionPart]:
        entries = {entry.code: entry for _, entry in self.behind.scheme.indicators()}
        spokes = {spoke.code: spoke for spoke in self.portrait.spokes}
        return [
            DimensionPart(
                node,
                spokes[node.code].class_percent,
                spokes[node.code].difference,
                [self._line(child, entries[child.code]) for child in node.children],
            )
            for node in self.portrait.explanation.dimensions
        ]

    def _line(self, node: Node, indicator: Indicator) -> PointLine:
        return PointLine(
            node,
            None if node.value is None else round(node.value * 100, 2),
            self.portrait.class_indicators.get(node.code),
            indicator,
            points.sources(node, self.behind),
            self.opened in {"all", node.code},
            self.marks(node.code),
        )

    def marks(self, indicator: str) -> tuple[AppealMark, ...]:
        """Return the appeals against an indicator's points; against adjustments for the empty code."""
        rows = (row for row in self.behind.appeals if row.indicator == indicator)
        return tuple(AppealMark(row.pk, appeal_words.mark(row), appeal_words.tone(row)) for row in rows)

    @property
    def adjustment_marks(self) -> tuple[AppealMark, ...]:
        return self.marks("")

    @property
    def adjustments(self) -> list[tuple[Node, str]]:
        """Return the deductions and bonuses, each with the key by which it may be appealed now."""
        nodes = self.portrait.explanation.adjustments
        keys = [points.open_point(key, self.behind) for key in self.adjustment_keys]
        return list(zip(nodes, [*keys, *[""] * len(nodes)], strict=False))

    @property
    def is_all_open(self) -> bool:
        return self.opened == "all"


def reasons(node: Node) -> str:
    """Say in one line where an indicator's points went."""
    found = points.losses(node)
    return "；".join(found[:MOST_REASONS]) + (f"；等 {len(found)} 处" if len(found) > MOST_REASONS else "")


def bands(scheme: Scheme, low: int) -> list[dict[str, Any]]:
    """Return the grades as bands of the score, from the lowest shown on."""
    top, found = 100.0, []
    for place, line in enumerate(scheme.settings.grades):
        bottom = max(float(line.at_least), low)
        if bottom < top:
            found.append({"name": line.name, "tone": tone_of(line.code, place), "from": bottom, "to": top})
        top = bottom
    return found


def tone_of(grade: str, place: int) -> str:
    """Return the tone of a grade: its own, or for a scheme's other grades that of its place."""
    return grade if grade in GRADE_CODES.values() else TONES[min(place, len(TONES) - 1)]


def _floor(values: list[float | None]) -> int:
    known = [value for value in values if value is not None]
    return min(LOWEST, math.floor(min(known) / 10) * 10) if known else LOWEST


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
