"""What a unit's portrait shows: radar, trend, weakest indicators, and where every point comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring.explanation import Explanation, Node

HUNDRED = Decimal(100)
WEAKEST = 6


@dataclass(frozen=True)
class Spoke:
    """One dimension of the radar, in percent of full marks: the unit, its class, and last quarter."""

    code: str
    name: str
    weight: float | None
    percent: float | None
    class_percent: float | None
    before_percent: float | None

    @property
    def difference(self) -> float | None:
        """Return how far the unit stands from its class's average, in percent points."""
        if self.percent is None or self.class_percent is None:
            return None
        return round(self.percent - self.class_percent, 2)


@dataclass(frozen=True)
class Weak:
    """An indicator among the weakest: what it lost, and its class's average."""

    node: Node
    dimension: str
    lost: float
    percent: float
    class_percent: float | None


@dataclass(frozen=True)
class Point:
    """One quarter of the trend."""

    round: Round
    score: Decimal | None
    grade: str
    rank: int | None
    ranked: int
    class_mean: float | None
    percents: dict[str, float | None]


@dataclass(frozen=True)
class Portrait:
    """Everything on the page of one unit's result."""

    result: UnitResult
    explanation: Explanation
    spokes: list[Spoke]
    weakest: list[Weak]
    trend: list[Point]
    grade_name: str
    score: Decimal | None
    class_mean: float | None
    class_indicators: dict[str, float | None]

    @property
    def before(self) -> Point | None:
        """Return the quarter before this one."""
        return self.trend[-2] if len(self.trend) > 1 else None

    @property
    def score_change(self) -> Decimal | None:
        if self.before is None or self.before.score is None or self.score is None:
            return None
        return self.score - self.before.score


def score_of(result: UnitResult) -> Decimal | None:
    return None if result.hundredths is None else Decimal(result.hundredths) / HUNDRED


def explanation_of(result: UnitResult) -> Explanation:
    """Compose where every point of a result comes from, out of the frozen inputs and the packed numbers."""
    snapshot = result.revision.snapshot
    reader = frozen.reader(snapshot.pk, snapshot.digest)
    return reader.explain(bytes(result.packed), result.round_unit.code)


def grade_names(revision: Revision) -> dict[str, str]:
    """Return the names of the grades by code, as the revision's scheme has them."""
    return dict(revision.summary["grade_names"])


def portrait(result: UnitResult, user: Any) -> Portrait:
    """Return the portrait of one result, in a constant number of queries."""
    explanation = explanation_of(result)
    means = class_means(result.revision, explanation.grouping)
    trend = trend_of(result, user)
    before = trend[-2].percents if len(trend) > 1 else {}
    spokes = [
        Spoke(
            node.code,
            node.name,
            node.weight,
            percent_of(node),
            means.get("dimensions", {}).get(node.code),
            before.get(node.name),
        )
        for node in explanation.dimensions
    ]
    return Portrait(
        result,
        explanation,
        spokes,
        _weakest(explanation, means.get("indicators", {})),
        trend,
        grade_names(result.revision).get(result.grade, ""),
        score_of(result),
        means.get("total"),
        means.get("indicators", {}),
    )


def percent_of(node: Node) -> float | None:
    return None if node.value is None else round(node.value * 100, 2)


def class_means(revision: Revision, grouping: str) -> dict[str, Any]:
    """Return a class's averages, stored when the revision was computed."""
    return dict(revision.summary["classes"].get(grouping, {}))


def _weakest(explanation: Explanation, means: dict[str, float | None]) -> list[Weak]:
    """Return the indicators that lost most of the points they stand for."""
    found = []
    for dimension in explanation.dimensions:
        for node in dimension.children:
            if node.value is None or node.contribution is None or node.effective_weight is None:
                continue
            lost = round(node.effective_weight - node.contribution, 4)
            if lost > 0:
                mean = means.get(node.code)
                found.append(Weak(node, dimension.name, lost, round(node.value * 100, 2), mean))
    return sorted(found, key=lambda weak: -weak.lost)[:WEAKEST]


def trend_of(result: UnitResult, user: Any) -> list[Point]:
    """Return the unit's announced results up to this one, oldest first, and this one last."""
    round = result.revision.round
    before = Q(revision__round__year__lt=round.year) | Q(
        revision__round__year=round.year, revision__round__quarter__lt=round.quarter
    )
    rows = UnitResult.objects.filter(
        before, round_unit__unit_id=result.round_unit.unit_id, revision__announced_at__isnull=False
    )
    rows = rows.select_related("revision__round", "round_unit").order_by("revision__number")
    latest = {row.revision.round_id: row for row in rows}
    ordered = sorted(latest.values(), key=lambda row: (row.revision.round.year, row.revision.round.quarter))
    return [_point(row) for row in [*ordered, result]]


def _point(result: UnitResult) -> Point:
    revision = result.revision
    grouping = result.round_unit.get_unit_class_display()
    return Point(
        revision.round,
        score_of(result),
        grade_names(revision).get(result.grade, ""),
        result.rank,
        result.ranked,
        class_means(revision, grouping).get("total"),
        percents=frozen.dimension_percents(bytes(result.packed), revision.summary["dimensions"]),
    )
