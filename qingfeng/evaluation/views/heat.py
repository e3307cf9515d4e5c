"""The heat map of a round: units of one class by indicators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingfeng.core import listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.presenters import heat as words
from qingfeng.evaluation.presenters import reading as parts
from qingfeng.evaluation.queries import comparisons, results
from qingfeng.evaluation.views import reading, steps
from qingfeng.organizations.enums import UnitClass

ROWS = 40


@require_safe
def heat_map(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Show units by indicators, in the order of classes and ranks; a cell leads to its explanation."""
    user = steps.person(request)
    page = reading.enter_whole(request, round_pk, "heat_map")
    built = listing.build(
        results.ordered(user, page.revision),
        request.GET,
        columns=[
            listing.Column("class", "类别", lambda row: row.round_unit.unit_class, ("class_order", "rank"))
        ],
        filters=[listing.Filter("class", "类别", UnitClass.choices, "round_unit__unit_class")],
        search=["round_unit__short_name", "round_unit__name"],
        default_sort="class",
        page_size=ROWS,
    )
    shown = results.with_numbers([row.pk for row in built.page.object_list])
    found = comparisons.heat_map(page.revision, shown)
    context = {
        "page": page,
        "listing": built,
        "export": parts.export_of(page.round, built.chosen.get("class", "")),
        "found": found,
        "chart": words.chart(found),
        "rows": words.table(found),
        "why_not_export": rules.export_results.why_not(user, page.round),
    }
    return render(request, "evaluation/results/heat_map.html", context)
