"""What the scores of a sheet come to: points of each unit, mean and spread of the scorer, by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qingfeng.evaluation.models.reviews import ReviewScore, ReviewSheet
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import reviews, rounds
from qingfeng.evaluation.scoring import building, reviewing, rows
from qingfeng.evaluation.scoring.layout import Layout

THOUSAND = Decimal(1000)
PLACES = 9  # the engine reckons in floats; what lies beyond is noise
FIELDS = ("pk", "sheet_id", "round_unit_id", "thousandths", "findings")


@dataclass(frozen=True)
class Marks:
    """Points by round unit, and their mean and population standard deviation, all in points."""

    points: dict[int, Decimal] = field(default_factory=dict)
    count: int = 0
    mean: Decimal | None = None
    spread: Decimal | None = None


def of_sheets(sheets: Sequence[ReviewSheet]) -> dict[int, Marks]:
    """Return the marks of sheets of one round, in one query."""
    if not sheets:
        return {}
    scores = ReviewScore.objects.filter(sheet__in=[sheet.pk for sheet in sheets])
    stored = list(scores.filter(round_unit__left_at__isnull=True).values_list(*FIELDS))
    weights = {sheet.pk: reviews.indicator_of(sheet).weight for sheet in sheets}
    fractions = _fractions(sheets, stored)
    found: dict[int, dict[int, Decimal]] = {sheet.pk: {} for sheet in sheets}
    for pk, sheet_id, unit_id, *_ in stored:
        found[sheet_id][unit_id] = round(Decimal(fractions[pk]) * weights[sheet_id], PLACES)
    return {pk: _marks(points) for pk, points in found.items()}


def of_sheet(sheet: ReviewSheet) -> Marks:
    return of_sheets([sheet])[sheet.pk]


def _marks(points: dict[int, Decimal]) -> Marks:
    if not points:
        return Marks()
    mean = sum(points.values(), Decimal(0)) / len(points)
    variance = sum(((value - mean) ** 2 for value in points.values()), Decimal(0)) / len(points)
    return Marks(points, len(points), mean, variance.sqrt())


def _fractions(sheets: Sequence[ReviewSheet], stored: Iterable[Sequence[Any]]) -> dict[int, float]:
    """Let the engine turn scores and findings into 0..1, by score id."""
    round = sheets[0].round
    scheme, quarter = rounds.scheme_of(round), rounds.quarter_of(round)
    of = {sheet.pk: sheet for sheet in sheets}
    given = [_review(of[sheet_id], pk, *rest) for pk, sheet_id, *rest in stored]
    known = {row.unit for row in given}
    units = [rows.UnitRow(code, code, "-") for code in sorted(known)]
    owners = [rows.DepartmentUnitRow(code, unit) for code, unit in _owners(round) if unit in known]
    inputs = building.build(
        scheme, quarter, building.Rows(units=units, reviews=given, department_units=owners)
    )
    values = reviewing.review_fractions(inputs, Layout(scheme, quarter))
    return dict(zip(inputs.reviews.ref.tolist(), values.tolist(), strict=True))


def _owners(round: Round) -> list[tuple[str, str]]:
    """Return each department's code with the unit it is, since a substitute scores nobody else."""
    found = RoundUnit.objects.filter(round=round, unit__round_departments__round=round)
    pairs = found.values_list("unit__round_departments__code", "pk")
    return [(code, f"u{pk}") for code, pk in pairs]


def _review(
    sheet: ReviewSheet, pk: int, unit_id: int, thousandths: int | None, findings: list[dict[str, Any]]
) -> rows.ReviewRow:
    return rows.ReviewRow(
        unit=f"u{unit_id}",
        channel=sheet.channel,
        department=sheet.department.code,
        reviewer="",
        score=None if thousandths is None else Decimal(thousandths) / THOUSAND,
        findings=tuple(_finding(entry) for entry in findings),
        ref=pk,
    )


def _finding(entry: dict[str, Any]) -> rows.FindingRow:
    points = entry.get("points")
    return rows.FindingRow(
        item=entry["item"],
        quantity=Decimal(entry["quantity"]),
        points=None if points is None else Decimal(points),
        note=entry.get("note", "") or "-",
    )
