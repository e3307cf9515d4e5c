"""A year's announced quarters of every unit, with why a quarter is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from qingfeng.core import preferences
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import results, schemes
from qingfeng.evaluation.scoring import annual as core
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit

GROUP = "政治生态评价"
WEIGHTS = {
    quarter: preferences.declare(
        f"evaluation.annual_weight_q{quarter}",
        f"年度汇总{'一二三四'[quarter - 1]}季度的份量",
        1,
        group=GROUP,
        help="四个季度份量相同就是简单平均；某季度没有结果的，连同份量一起不计",
        minimum=0,
        maximum=100,
    )
    for quarter in core.QUARTERS
}
RECIPIENT = preferences.declare(
    "evaluation.annual_recipient",
    "年度结果反映给哪个机关",
    "市考核工作领导小组办公室",
    group=GROUP,
    help="党风廉政建设责任制考核参考表的主送机关",
    basis="本机关自定",
)
Counts = Callable[[int, Iterable[int]], Mapping[int, int]]
INTERVIEWS: list[Counts] = []
"""Who knows how many interviews each unit had in a year: (year, unit ids) → number by unit."""


@dataclass(frozen=True)
class Quarter:
    """One quarter of a unit: its announced result, or why there is none."""

    number: int
    score: Decimal | None
    why: str = ""
    result: UnitResult | None = None


@dataclass(frozen=True)
class YearRow:
    """One unit's year."""

    unit: Unit
    unit_class: str
    quarters: tuple[Quarter, ...]
    mean: Decimal | None
    grade: str
    rank: int | None
    ranked: int
    merged_into: Unit | None = None
    absorbed: tuple[YearRow, ...] = ()

    @property
    def class_name(self) -> str:
        return str(dict(UnitClass.choices).get(self.unit_class, self.unit_class))

    @property
    def counted(self) -> int:
        return sum(quarter.score is not None for quarter in self.quarters)


@dataclass(frozen=True)
class Year:
    """The announced results of a year: rounds, grade names and lines, and every unit's row."""

    year: int
    revisions: dict[int, Revision]
    rounds: dict[int, Round]
    lines: list[tuple[str, Decimal]]
    grade_names: dict[str, str]
    weights: dict[int, int]
    rows: dict[int, YearRow] = field(default_factory=dict)


def visible_to(user: Any) -> QuerySet[UnitResult]:
    """Return the announced results that the user may see: the scope of a year."""
    return results.visible_to(user).filter(revision__announced_at__isnull=False)


def years(user: Any) -> list[int]:
    """Return the years of which the user reads announced results, newest first."""
    rows = results.revisions_visible_to(user).filter(announced_at__isnull=False)
    return sorted(set(rows.order_by().values_list("round__year", flat=True)), reverse=True)


def weights() -> dict[int, int]:
    values = preferences.get_all(*(one.key for one in WEIGHTS.values()))
    return {quarter: int(values[one.key]) for quarter, one in WEIGHTS.items()}


def year_of(year: int) -> Year:
    """Return the whole year, whoever looks at it; what a person sees of it is `visible_to`."""
    rounds = {row.quarter: row for row in Round.objects.filter(year=year)}
    revisions: dict[int, Revision] = {}
    rows = Revision.objects.announced().filter(round__year=year).order_by("number")
    for revision in rows.select_related("round__scheme_version").defer("round__scheme_version__body"):
        revisions[revision.round.quarter] = revision
    lines: list[tuple[str, Decimal]] = []
    names: dict[str, str] = {}
    if revisions:
        last = revisions[max(revisions)]
        settings = schemes.scheme_of(last.round.scheme_version).settings
        lines = [(line.code, line.at_least) for line in settings.grades]
        names = {line.code: line.name for line in settings.grades}
    found = Year(year, revisions, rounds, lines, names, weights())
    found.rows.update(_rows(found))
    return found


def _rows(year: Year) -> dict[int, YearRow]:
    """Compose every unit's row in a number of queries that does not grow with the units."""
    results_by = _results(year)
    parts = _parts(year)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={key for key, _ in parts})}
    firsts = {pk: _quarters(pk, year, results_by, parts) for pk in units}
    classes = {pk: _class_of(pk, parts) for pk in units}
    means = {
        pk: core.mean({one.number: one.score for one in line if one.score is not None}, year.weights)
        for pk, line in firsts.items()
    }
    places = core.ranks([(pk, classes[pk], means[pk]) for pk in units])
    rows = {}
    for pk, unit in units.items():
        rank, ranked = places.get(pk, (None, 0))
        successor = _successor(pk, parts)
        rows[pk] = YearRow(
            unit,
            classes[pk],
            firsts[pk],
            means[pk],
            core.grade(means[pk], year.lines),
            rank,
            ranked,
            units.get(successor) if successor else None,
        )
    return {pk: _with_absorbed(row, rows) for pk, row in rows.items()}


def _with_absorbed(row: YearRow, rows: Mapping[int, YearRow]) -> YearRow:
    absorbed = tuple(
        one
        for one in rows.values()
        if one.merged_into is not None and one.merged_into.pk == row.unit.pk and one.counted
    )
    if not absorbed:
        return row
    return YearRow(
        row.unit, row.unit_class, row.quarters, row.mean, row.grade, row.rank, row.ranked, row.merged_into,
        absorbed,
    )  # fmt: skip


def _results(year: Year) -> dict[tuple[int, int], UnitResult]:
    rows = UnitResult.objects.filter(revision__in=[one.pk for one in year.revisions.values()])
    rows = rows.select_related("round_unit", "revision__round").defer("packed")
    return {(row.round_unit.unit_id, row.revision.round.quarter): row for row in rows}


def _parts(year: Year) -> dict[tuple[int, int], RoundUnit]:
    """Return who takes or took part in which announced round; a unit of no announced round has no row."""
    rows = RoundUnit.objects.filter(round__in=[one.round_id for one in year.revisions.values()])
    rows = rows.select_related("round", "merged_into", "unit")
    return {(row.unit_id, row.round.quarter): row for row in rows}


def _class_of(unit_pk: int, parts: Mapping[tuple[int, int], RoundUnit]) -> str:
    """Return the class of the last quarter in which the unit stood."""
    return next(parts[unit_pk, number].unit_class for number in (4, 3, 2, 1) if (unit_pk, number) in parts)


def _successor(unit_pk: int, parts: Mapping[tuple[int, int], RoundUnit]) -> int | None:
    """Return into which unit it was merged: as the last round says, or as the register of units does."""
    last = next(parts[unit_pk, number] for number in (4, 3, 2, 1) if (unit_pk, number) in parts)
    if last.merged_into is not None:
        return int(last.merged_into.unit_id)
    successor: int | None = last.unit.successor_id
    return successor


def _quarters(
    unit_pk: int,
    year: Year,
    results_by: Mapping[tuple[int, int], UnitResult],
    parts: Mapping[tuple[int, int], RoundUnit],
) -> tuple[Quarter, ...]:
    found = []
    for number in core.QUARTERS:
        result = results_by.get((unit_pk, number))
        if result is not None and result.hundredths is not None:
            found.append(Quarter(number, Decimal(result.hundredths) / 100, result=result))
        else:
            found.append(Quarter(number, None, _why(number, year, result, parts.get((unit_pk, number)))))
    return tuple(found)


def _why(number: int, year: Year, result: UnitResult | None, part: RoundUnit | None) -> str:
    if number not in year.rounds:
        return "没有评价"
    if number not in year.revisions:
        return "尚未公布"
    if result is not None:
        return "没有可计分的内容"
    if part is not None and part.left_at is not None:
        return f"已并入{part.merged_into.short_name}" if part.merged_into else "中途退出"
    return "没有参加"


def units_of(user: Any, year: Year) -> QuerySet[Unit]:
    """Return the units whose year the user may read."""
    revisions = [one.pk for one in year.revisions.values()]
    seen = visible_to(user).filter(revision__in=revisions)
    rows: QuerySet[Unit] = Unit.objects.filter(pk__in=seen.values("round_unit__unit_id"))
    return rows
