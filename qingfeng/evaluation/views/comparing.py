"""Two to four units of a class side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.presenters import heat as words
from qingfeng.evaluation.queries import comparisons, frozen, portraits, results
from qingfeng.evaluation.views import reading, steps

MOST = 4


def picked(request: HttpRequest, rows: list[UnitResult]) -> list[UnitResult]:
    """Return the results of the units picked, each once, in the order in which they were picked."""
    by_unit = {row.round_unit.unit_id: row for row in rows}
    wanted = dict.fromkeys(int(text) for text in request.GET.getlist("unit") if text.isdecimal())
    return [by_unit[pk] for pk in wanted if pk in by_unit][:MOST]


@require_safe
def compare(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Compare units by score, dimension and indicator."""
    page = reading.enter_whole(request, round_pk, "ranking")
    rows = results.in_class_order(steps.person(request), page.revision)
    full = results.with_numbers([row.pk for row in picked(request, rows)])
    compared = words.ComparePage(
        rows=rows,
        found=comparisons.heat_map(page.revision, full),
        dimensions=[frozen.dimension_percents(bytes(row.packed), page.summary["dimensions"]) for row in full],
        names=portraits.grade_names(page.revision),
        most=MOST,
        wanted=request.GET.get("class", ""),
    )
    return render(request, "evaluation/results/compare.html", {"page": page, "compared": compared})
