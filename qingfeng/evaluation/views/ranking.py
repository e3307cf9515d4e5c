"""A round's results: the units of each class in their order, with last quarter beside them."""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.presenters import ranking as words
from qingfeng.evaluation.presenters import reading as parts
from qingfeng.evaluation.presenters.reading import ReadingPage
from qingfeng.evaluation.queries import comparisons, frozen, results
from qingfeng.evaluation.views import exports, lists, reading, steps
from qingfeng.evaluation.workbook import results as book
from qingfeng.organizations.enums import UnitClass


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    """Lead to the portrait of the one unit a person reads, or to the round picked or newest."""
    user = steps.person(request)
    picked = request.GET.get("round", "")
    revision = results.newest_revision(user, int(picked) if picked.isdecimal() else None)
    if revision is None:
        return render(request, "evaluation/results/no_results.html")
    own = results.own_unit(user, revision)
    if own is not None:
        return redirect("evaluation:portrait", revision.round_id, own)
    part = request.GET.get("part", "")
    name = part if part in dict(parts.PARTS) else "ranking"
    return redirect(f"evaluation:{name}", revision.round_id)


def build(request: HttpRequest, page: ReadingPage, ranks: words.Ranks) -> listing.Listing:
    rows = results.ordered(steps.person(request), page.revision, results.earlier_revision(page.revision))
    grades = [(code, name) for code, name, _ in page.grades]
    return listing.build(
        rows,
        request.GET,
        columns=words.columns(ranks),
        filters=[
            listing.Filter("class", "类别", UnitClass.choices, "round_unit__unit_class"),
            listing.Filter("grade", "等次", grades, "grade"),
            listing.Filter("way", "较上季", words.WAYS, results.risen),
        ],
        search=["round_unit__short_name", "round_unit__name"],
        default_sort="class",
    )


@require_safe
def ranking(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Show grades by class and the ranking within each, with last quarter's score, place and grade."""
    user = steps.person(request)
    page = reading.enter(request, round_pk, "ranking")
    ranks: words.Ranks = {}
    built = build(request, page, ranks)
    rows = comparisons.ranking(page.revision, list(built.page.object_list))
    ranks.update({row.result.pk: row for row in rows})
    context = {
        "page": page,
        "listing": built,
        "export": parts.export_of(page.round, built.chosen.get("class", "")),
        "rows": rows,
        "spread": words.distribution(page, comparisons.grade_counts(page.revision)),
        "why_not_export": rules.export_results.why_not(user, page.round),
    }
    return render(request, "evaluation/results/ranking.html", context)


@require_POST
def ranking_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Give out the ranking as the filters let it through."""
    page = reading.enter(request, round_pk, "ranking")
    rules.export_results.check(steps.person(request), page.round)
    ranks: words.Ranks = {}
    built = build(request, page, ranks)
    ranks.update({row.result.pk: row for row in comparisons.ranking(page.revision, list(built.rows or []))})
    return lists.export(request, built, title="名次和等次", round=page.round, what="ranking")


@require_POST
def results_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Give out everything of all units or of one class: scores, and the explanation of every point."""
    page = reading.enter(request, round_pk, "ranking")
    rules.export_results.check(steps.person(request), page.round)
    picked = request.GET.get("class", "")
    units = results.codes_of_class(page.revision, picked) if picked in UnitClass.values else None
    snapshot = page.revision.snapshot
    inputs = frozen.inputs_by_id(snapshot.pk, snapshot.digest)
    target = io.BytesIO()
    book.write_results(target, inputs, frozen.results_of(snapshot.digest, inputs), units=units)
    rows = page.summary["units"] if units is None else len(units)
    exports.note(request, "results", rows=rows, round=page.round)
    return listing.xlsx_response(target.getvalue(), f"评价结果{page.round.year}Q{page.round.quarter}")
