"""What a round shows over all units: indicators that lost points, scorers' spread, every revision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.presenters import problems as words
from qingfeng.evaluation.presenters import revisions as revision_words
from qingfeng.evaluation.presenters.reading import ReadingPage
from qingfeng.evaluation.queries import comparisons, losing, results, scope
from qingfeng.evaluation.views import exports, reading, row_lists, steps
from qingfeng.organizations.enums import UnitClass

Built = tuple[listing.Listing, list[Any]]


def _problems(request: HttpRequest, page: ReadingPage) -> tuple[list[losing.LosingIndicator], Built]:
    picked = request.GET.get("class", "")
    before = results.earlier_revision(page.revision)
    rows = losing.losing_indicators(page.revision, before, picked if picked in UnitClass.values else "")
    built = row_lists.build(
        rows,
        request.GET,
        columns=words.INDICATOR_COLUMNS,
        filters=[listing.Filter("class", "类别", UnitClass.choices, lambda found, _: found)],
        search=lambda row: f"{row.indicator.code} {row.indicator.name} {row.dimension.name}",
        sorts=words.INDICATOR_SORTS,
        page_size=100,
    )
    return rows, built


@require_safe
def problems(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Show the indicators by the points they lost, over all units or one class."""
    page = reading.enter_whole(request, round_pk, "problems")
    rows, (built, _) = _problems(request, page)
    context = {
        "page": page,
        "listing": built,
        "title": words.problems_title(rows),
        "chart": words.lost_chart(rows),
        "why_not_export": rules.export_results.why_not(steps.person(request), page.round),
    }
    return render(request, "evaluation/results/problems.html", context)


@require_POST
def problems_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    page = reading.enter_whole(request, round_pk, "problems")
    _, built = _problems(request, page)
    return _export(request, page, built, "失分指标", "result_indicators")


def _scorers(request: HttpRequest, page: ReadingPage) -> tuple[list[comparisons.ScorerRow], Built]:
    rows = comparisons.scorer_rows(page.revision)
    built = row_lists.build(
        rows,
        request.GET,
        columns=words.SCORER_COLUMNS,
        search=lambda row: f"{row.department} {row.indicator.code} {row.indicator.name}",
        page_size=100,
    )
    return rows, built


@require_safe
def scorers(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Show each scorer's mean and spread, which tell who marks high, low, or all alike."""
    page = reading.enter_whole(request, round_pk, "scorers")
    rows, (built, _) = _scorers(request, page)
    context = {
        "page": page,
        "listing": built,
        "title": words.scorers_title(rows),
        "why_not_export": rules.export_results.why_not(steps.person(request), page.round),
    }
    return render(request, "evaluation/results/scorers.html", context)


@require_POST
def scorers_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    page = reading.enter_whole(request, round_pk, "scorers")
    _, built = _scorers(request, page)
    return _export(request, page, built, "评分部门", "result_scorers")


def _export(request: HttpRequest, page: ReadingPage, built: Built, title: str, what: str) -> HttpResponse:
    rules.export_results.check(steps.person(request), page.round)
    shown, rows = built
    exports.note(request, what, rows=len(rows), round=page.round)
    return listing.export(rows, shown.columns, title=f"{title}{page.round.year}Q{page.round.quarter}")


@require_safe
def revisions(request: HttpRequest, round_pk: int) -> HttpResponse:
    """List every computation of the round that the user may read: when, by whom, why."""
    user = steps.person(request)
    page = reading.enter_whole(request, round_pk, "revisions")
    rows = results.revisions_visible_to(user).filter(round=page.round).select_related("approval")
    context = {
        "page": page,
        "rows": [revision_words.revision_line(row) for row in rows.order_by("-number")],
        "sees_whole": scope.sees_whole(user),
    }
    return render(request, "evaluation/results/revisions.html", context)
