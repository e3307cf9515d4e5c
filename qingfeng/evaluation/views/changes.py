"""A round beside last quarter: which units rose and fell, and which indicators moved them, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.presenters import changes as words
from qingfeng.evaluation.presenters.ranking import WAYS
from qingfeng.evaluation.presenters.reading import ReadingPage
from qingfeng.evaluation.queries import portraits, results, revisions
from qingfeng.evaluation.views import lists, reading, steps
from qingfeng.evaluation.views import portraits as portrait_views
from qingfeng.organizations.enums import UnitClass


def build(
    request: HttpRequest, page: ReadingPage, before: Revision, found: words.Movements
) -> listing.Listing:
    names, old_names = portraits.grade_names(page.revision), portraits.grade_names(before)
    return listing.build(
        results.ordered(steps.person(request), page.revision, before),
        request.GET,
        columns=words.columns(found, names, old_names),
        filters=[
            listing.Filter("class", "类别", UnitClass.choices, "round_unit__unit_class"),
            listing.Filter("way", "变化", WAYS, results.risen),
        ],
        search=["round_unit__short_name", "round_unit__name"],
        default_sort="change",
    )


def movements(before: Revision, after: Revision, rows: Sequence[UnitResult]) -> words.Movements:
    codes = {row.round_unit.code: row.pk for row in rows}
    changed = revisions.changes_of_units(before, after, codes)
    return {pk: words.movement(changed.get(code)) for code, pk in codes.items()}


@require_safe
def changes(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Show what rose and fell since last quarter, the deepest falls first."""
    page = reading.enter_whole(request, round_pk, "changes")
    before = results.earlier_revision(page.revision)
    if before is None:
        return render(request, "evaluation/results/changes_none.html", {"page": page})
    found: words.Movements = {}
    built = build(request, page, before, found)
    found.update(movements(before, page.revision, list(built.page.object_list)))
    context: dict[str, Any] = {
        "page": page,
        "before": before,
        "listing": built,
        "rows": _rows(page, before, built.page.object_list, found),
        "title": words.title(*results.counts_of_changes(steps.person(request), page.revision, before)),
        "why_not_export": rules.export_results.why_not(steps.person(request), page.round),
    }
    return render(request, "evaluation/results/changes.html", context)


def _rows(page: ReadingPage, before: Revision, shown: Any, found: words.Movements) -> list[words.ChangeRow]:
    names, old_names = portraits.grade_names(page.revision), portraits.grade_names(before)
    return [
        words.ChangeRow(
            row,
            portraits.score_of(row),
            words.change_of(row),
            names.get(row.grade, ""),
            old_names.get(row.grade_before or "", ""),
            found[row.pk],
        )
        for row in shown
    ]


@require_POST
def changes_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Give out the list as the filters let it through."""
    page = reading.enter_whole(request, round_pk, "changes")
    rules.export_results.check(steps.person(request), page.round)
    before = steps.present(results.earlier_revision(page.revision))
    found: words.Movements = {}
    built = build(request, page, before, found)
    found.update(movements(before, page.revision, list(built.rows or [])))
    return lists.export(request, built, title="与上季相比", round=page.round, what="result_changes")


@require_safe
def unit_changes(request: HttpRequest, round_pk: int, unit_pk: int) -> HttpResponse:
    """Show one unit beside its last quarter: every indicator that moved, and why."""
    result = portrait_views.fetch(request, round_pk, unit_pk)
    before = results.earlier_revision(result.revision)
    earlier = None if before is None else results.of_unit(before, unit_pk)
    page = words.UnitChangesPage(
        result=result,
        earlier=earlier,
        movement=words.Movement(),
        names=portraits.grade_names(result.revision),
        old_names={} if before is None else portraits.grade_names(before),
    )
    if before is not None and earlier is not None:
        page = replace(page, movement=movements(before, result.revision, [result])[result.pk])
    return render(request, "evaluation/results/unit_changes.html", {"page": page})
