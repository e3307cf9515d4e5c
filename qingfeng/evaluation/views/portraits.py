"""One unit's result: its portrait, where every point comes from, and its export."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.presenters.portraits import PortraitPage
from qingfeng.evaluation.queries import (
    appeal_points,
    appeals,
    behind,
    checking,
    frozen,
    portraits,
    results,
    scope,
)
from qingfeng.evaluation.views import exports, rounds_of, steps
from qingfeng.evaluation.workbook import results as book


def fetch(request: HttpRequest, round_pk: int, unit_pk: int) -> UnitResult:
    """Return a unit's result in the revision that the user reads. Raises `Http404` out of his sight."""
    user = steps.person(request)
    found = results.newest_of_unit(user, rounds_of.fetch(user, round_pk), unit_pk)
    if found is None:
        raise Http404
    return found


def compose(user: User, result: UnitResult, opened: str) -> PortraitPage:
    """Return a portrait with what its unit may still do about it."""
    found, unit = portraits.portrait(result, user), result.round_unit
    window = checking.open_window(result, clock.today())
    may_appeal = window is not None and rules.write_appeal.allows(user, unit)
    confirmation = appeals.confirmation_of(unit, window.number) if window and may_appeal else None
    records = behind.of(
        result.revision,
        found.explanation,
        user,
        appeals=appeals.of_result(user, result),
        may_appeal=may_appeal,
    )
    rows = appeal_points.adjustments_of(result) if may_appeal and found.explanation.adjustments else []
    return PortraitPage(
        found,
        records,
        opened,
        adjustment_keys=tuple(appeal_points.adjustment_key(row.pk) for row in rows),
        is_head=rules.confirm_result.allows(user, unit),
        window=window if may_appeal else None,
        confirmed=clock.spoken(confirmation.confirmed_at) if confirmation else "",
    )


@require_safe
def portrait(request: HttpRequest, round_pk: int, unit_pk: int) -> HttpResponse:
    """Show a unit's portrait; `open` unfolds an indicator's explanation, or all of them."""
    user = steps.person(request)
    result = fetch(request, round_pk, unit_pk)
    context = {
        "page": compose(user, result, request.GET.get("open", "")),
        "why_not_export": rules.export_portrait.why_not(user, result),
        "sees_others": scope.sees_others(user),
    }
    return render(request, "evaluation/results/portrait.html", context)


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a result's number, as letters carry it, to the unit's portrait."""
    user: User = steps.person(request)
    found = get_object_or_404(results.visible_to(user), pk=pk)
    return redirect("evaluation:portrait", found.revision.round_id, found.round_unit.unit_id)


@require_POST
def portrait_export(request: HttpRequest, round_pk: int, unit_pk: int) -> HttpResponse:
    """Give out one unit's result with the explanation of every point."""
    result = fetch(request, round_pk, unit_pk)
    rules.export_portrait.check(steps.person(request), result)
    revision = result.revision
    inputs = frozen.inputs_by_id(revision.snapshot_id, revision.snapshot.digest)
    computed = frozen.results_of(revision.snapshot.digest, inputs)
    target = io.BytesIO()
    book.write_results(target, inputs, computed, units={result.round_unit.code})
    exports.note(request, "portrait", rows=1, round=revision.round, unit=unit_pk)
    title = f"{result.round_unit.short_name}{revision.round.year}Q{revision.round.quarter}"
    return listing.xlsx_response(target.getvalue(), title)
