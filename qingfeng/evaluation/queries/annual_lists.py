"""The year's list: what it is sorted and filtered by, and what stands beside the figures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, FloatField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from qingfeng.documents.enums import IN_FORCE
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.queries import annual
from qingfeng.evaluation.scoring import annual as core
from qingfeng.organizations.enums import UnitClass


def listed(user: Any, year: annual.Year) -> QuerySet[Any]:
    """Return the visible units with what they are sorted and filtered by: quarters, mean, class."""
    rows = annual.units_of(user, year)
    own = UnitResult.objects.filter(round_unit__unit_id=OuterRef("pk"))
    for number in core.QUARTERS:
        revision = year.revisions.get(number)
        value = own.filter(revision=revision).values("hundredths")[:1] if revision else None
        rows = rows.annotate(**{f"q{number}": Subquery(value) if value is not None else _nothing()})
    total = sum((_weight(year, number) for number in core.QUARTERS), Value(0))
    score = sum(
        (Coalesce(F(f"q{number}"), Value(0)) * Value(year.weights[number]) for number in core.QUARTERS),
        Value(0),
    )
    classes = RoundUnit.objects.filter(
        unit_id=OuterRef("pk"), round__in=[one.round_id for one in year.revisions.values()]
    ).order_by("-round__quarter")
    rows = rows.annotate(weighed=total, summed=score, class_then=Subquery(classes.values("unit_class")[:1]))
    order = [When(class_then=code, then=Value(place)) for place, code in enumerate(UnitClass.values)]
    ratio = Cast(F("summed"), FloatField()) / Cast(F("weighed"), FloatField())
    listed_rows: QuerySet[Any] = rows.annotate(
        doubled=F("summed") * Value(2),
        class_order=Case(*order, default=Value(99), output_field=IntegerField()),
        mean_then=Case(When(weighed__gt=0, then=ratio), default=None, output_field=FloatField()),
    )
    return listed_rows


def _nothing() -> Any:
    return Value(None, output_field=IntegerField())


def _weight(year: annual.Year, number: int) -> Any:
    weight = Value(year.weights[number])
    given = When(**{f"q{number}__isnull": False, "then": weight})
    return Case(given, default=Value(0), output_field=IntegerField())


def of_grade(year: annual.Year) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Return a filter by annual grade: in whole numbers, as the mean is rounded half up."""

    def narrow(rows: QuerySet[Any], grade: str) -> QuerySet[Any]:
        codes = [code for code, _ in year.lines]
        place = codes.index(grade)
        condition = Q(weighed__gt=0) & _reaches(year.lines[place][1])
        if place:
            condition &= ~_reaches(year.lines[place - 1][1])
        return rows.filter(condition)

    return narrow


def _reaches(least: Decimal) -> Q:
    """Say that the mean rounded half up is at least so much: 2·sum ≥ weight·(2·hundredths − 1)."""
    return Q(doubled__gte=F("weighed") * Value(2 * int(least * 100) - 1))


def bulletins_of(year: annual.Year) -> dict[int, list[str]]:
    """Return the numbers of the issued bulletins by quarter: each lists every unit of its round."""
    revisions = dict(Revision.objects.filter(round__year=year.year).values_list("pk", "round__quarter"))
    rows = OfficialDocument.objects.filter(
        origin_kind=Revision.kind, origin_id__in=list(revisions), state__in=IN_FORCE
    ).order_by("pk")
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.origin_id is not None:
            found.setdefault(revisions[row.origin_id], []).append(row.number_text or row.title)
    return found


def appeals_of(year: annual.Year) -> dict[int, int]:
    """Return how many appeals of each unit were granted in the year, wholly or in part."""
    found: dict[int, int] = {}
    rounds = [one.round_id for one in year.revisions.values()]
    rows = Appeal.objects.granted().filter(round__in=rounds)
    for unit in rows.values_list("round_unit__unit_id", flat=True):
        found[unit] = found.get(unit, 0) + 1
    return found


def interviews_of(year: annual.Year) -> dict[int, int] | None:
    """Return how often each unit was interviewed in the year; None while nobody keeps interviews."""
    if not annual.INTERVIEWS:
        return None
    found: dict[int, int] = {}
    for count in annual.INTERVIEWS:
        for unit, number in count(year.year, list(year.rows)).items():
            found[unit] = found.get(unit, 0) + number
    return found
