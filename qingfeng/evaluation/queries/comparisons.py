"""Results side by side: heat map, ranking within the class, changes against last quarter, scorers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.queries import frozen, portraits, results, rounds
from qingfeng.evaluation.scoring import scheme as core


@dataclass(frozen=True)
class HeatRow:
    """One unit of the heat map: percent of full marks by indicator, None where not applicable."""

    result: UnitResult
    percents: list[float | None]


@dataclass(frozen=True)
class HeatMap:
    """Units × indicators, in percent of full marks."""

    dimensions: list[core.Dimension]
    indicators: list[core.Indicator]
    rows: list[HeatRow]


def rows_of(revision: Revision, unit_class: str = "") -> QuerySet[UnitResult]:
    """Return a revision's results in the order of classes and ranks, unranked last."""
    rows = UnitResult.objects.filter(revision=revision).select_related("round_unit__unit", "revision__round")
    if unit_class:
        rows = rows.filter(round_unit__unit_class=unit_class)
    return rows.order_by("round_unit__unit_class", "-hundredths", "round_unit__position")


def heat_map(revision: Revision, results: list[UnitResult] | QuerySet[UnitResult]) -> HeatMap:
    """Return the heat map of some of a revision's results (one class, or one page of them)."""
    scheme = rounds.scheme_of(revision.round)
    rows = [HeatRow(row, frozen.indicator_percents(bytes(row.packed))) for row in results]
    return HeatMap(list(scheme.dimensions), [entry for _, entry in scheme.indicators()], rows)


@dataclass(frozen=True)
class RankRow:
    """One unit in the ranking of its class, with last quarter beside it."""

    result: UnitResult
    grade_name: str
    score: Decimal | None
    before: UnitResult | None
    before_score: Decimal | None
    before_grade_name: str

    @property
    def score_change(self) -> Decimal | None:
        return None if self.score is None or self.before_score is None else self.score - self.before_score

    @property
    def rank_change(self) -> int | None:
        """Return by how many places the unit rose (positive) or fell."""
        if self.before is None or self.before.rank is None or self.result.rank is None:
            return None
        return self.before.rank - self.result.rank

    @property
    def is_grade_changed(self) -> bool:
        return self.before is not None and self.before_grade_name != self.grade_name


def ranking(revision: Revision, shown: list[UnitResult] | QuerySet[UnitResult]) -> list[RankRow]:
    """Return some of a revision's results with last quarter's beside them, in two more queries."""
    rows = list(shown)
    earlier = results.earlier_revision(revision)
    before: dict[int, UnitResult] = {}
    if earlier is not None:
        found = UnitResult.objects.filter(
            revision=earlier, round_unit__unit_id__in=[row.round_unit.unit_id for row in rows]
        )
        found = found.select_related("round_unit").defer("packed")
        before = {row.round_unit.unit_id: row for row in found}
    names = portraits.grade_names(revision)
    old_names = portraits.grade_names(earlier) if earlier is not None else {}
    return [_rank_row(row, before.get(row.round_unit.unit_id), names, old_names) for row in rows]


def _rank_row(
    row: UnitResult, before: UnitResult | None, names: dict[str, str], old_names: dict[str, str]
) -> RankRow:
    return RankRow(
        row,
        names.get(row.grade, ""),
        portraits.score_of(row),
        before,
        None if before is None else portraits.score_of(before),
        "" if before is None else old_names.get(before.grade, ""),
    )


def grade_counts(revision: Revision) -> dict[tuple[str, str], int]:
    """Return the number of units by class and grade."""
    rows = UnitResult.objects.filter(revision=revision).values("round_unit__unit_class", "grade")
    return {
        (row["round_unit__unit_class"], row["grade"]): row["units"]
        for row in rows.annotate(units=Count("pk")).order_by()
    }


@dataclass(frozen=True)
class ScorerRow:
    """How one department scored one channel: mean and spread, in percent of full marks."""

    indicator: core.Indicator
    department: str
    count: int
    mean: float
    spread: float


def scorer_rows(revision: Revision) -> list[ScorerRow]:
    """Return each scorer's mean and spread, in the scheme's order."""
    scheme = rounds.scheme_of(revision.round)
    owner = {channel.code: indicator for _, indicator, channel in scheme.channels()}
    names = {entry.code: entry.name for entry in scheme.departments}
    return [
        ScorerRow(
            owner[entry["channel"]],
            names.get(entry["department"], entry["department"]),
            entry["count"],
            entry["mean"],
            entry["spread"],
        )
        for entry in revision.scorers
    ]
