"""The ranking of a round: columns of the list, the distribution of grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qingfeng.core.listing import Column
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.presenters.portraits import tone_of
from qingfeng.evaluation.presenters.reading import ReadingPage
from qingfeng.evaluation.queries.comparisons import RankRow
from qingfeng.organizations.enums import UnitClass

Ranks = dict[int, RankRow]
WAYS = (("up", "上升"), ("down", "下降"), ("grade", "等次有变化"))


def columns(ranks: Ranks) -> list[Column]:
    """Return the columns of the list; `ranks` is filled when the rows on the page are known."""

    def told(read: Any) -> Any:
        return lambda row: read(ranks[row.pk]) if row.pk in ranks else None

    return [
        Column("unit", "单位", lambda row: row.round_unit.short_name, ("round_unit__position",)),
        Column("class", "类别", class_of, ("class_order", "rank")),
        Column("rank", "类内名次", lambda row: row.rank, ("rank", "class_order"), numeric=True),
        Column("ranked", "同类单位数", lambda row: row.ranked, numeric=True),
        Column("score", "得分", score_of, ("hundredths",), numeric=True),
        Column("grade", "等次", told(lambda found: found.grade_name), ("-hundredths",)),
        Column("before", "上季得分", told(lambda found: found.before_score), numeric=True),
        Column("change", "较上季", told(lambda found: found.score_change), ("change",), numeric=True),
        Column("rank_before", "上季名次", told(_rank_before), numeric=True),
        Column("grade_before", "上季等次", told(lambda found: found.before_grade_name)),
    ]


def class_of(row: UnitResult) -> str:
    return row.round_unit.get_unit_class_display()


def score_of(row: UnitResult) -> Any:
    return None if row.hundredths is None else row.hundredths / 100


def _rank_before(found: RankRow) -> int | None:
    return None if found.before is None else found.before.rank


@dataclass(frozen=True)
class Distribution:
    """How many units of each class have each grade, and each class's average."""

    page: ReadingPage
    counts: Mapping[tuple[str, str], int]
    classes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def chart(self) -> dict[str, Any]:
        return {
            "classes": [name for _, name in self.classes],
            "grades": [
                {"name": name, "tone": tone_of(code, place), "counts": self._counts(code)}
                for place, (code, name, _) in enumerate(self.page.grades)
            ],
        }

    def _counts(self, grade: str) -> list[int]:
        return [self.counts.get((code, grade), 0) for code, _ in self.classes]

    @property
    def rows(self) -> list[tuple[str, int, list[int], float | None]]:
        """Return name, number of units, counts by grade, average score of each class."""
        found = []
        for code, name in self.classes:
            counts = [self.counts.get((code, grade), 0) for grade, _, _ in self.page.grades]
            means = self.page.summary["classes"].get(name, {})
            found.append((name, means.get("units", sum(counts)), counts, means.get("total")))
        return found


def distribution(page: ReadingPage, counts: Mapping[tuple[str, str], int]) -> Distribution:
    present = {unit_class for unit_class, _ in counts}
    return Distribution(page, counts, [entry for entry in UnitClass.choices if entry[0] in present])
