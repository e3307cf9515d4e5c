"""What a unit offers for one indicator, as the department that scores it reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import clock, htmx
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import submissions as actions
from qingfeng.evaluation.forms.common import ReturnForm
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.models.submissions import EvidenceItem
from qingfeng.evaluation.queries import evidence as file_queries
from qingfeng.evaluation.queries import reviews, submissions
from qingfeng.evaluation.views import steps
from qingfeng.workflow import engine

DAYS_TO_MEND = 3


@dataclass(frozen=True)
class Offer:
    """A unit on a sheet, and what it offers for the sheet's indicator, if it has signed it off."""

    sheet: ReviewSheet
    unit: RoundUnit
    item: EvidenceItem | None


def fetch(request: HttpRequest, pk: int, unit_pk: int) -> Offer:
    user = steps.person(request)
    sheet = get_object_or_404(reviews.visible_to(user), pk=pk)
    unit = get_object_or_404(reviews.units_of(sheet).select_related("submission"), pk=unit_pk)
    rows = submissions.evidence_visible_to(user)
    item = rows.filter(submission=unit.submission, indicator=sheet.indicator).first()
    return Offer(sheet, unit, item)


@require_safe
def offer(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Show the evidence of one unit for the sheet's indicator."""
    return _show(request, fetch(request, pk, unit_pk), _form())


def _form(request: HttpRequest | None = None) -> ReturnForm:
    today = clock.today()
    start = {"due_on": today + dt.timedelta(days=DAYS_TO_MEND)}
    data = request.POST if request else None
    return ReturnForm(data, label="退回理由", initial=start, today=today, auto_id="offer_%s")


def _show(
    request: HttpRequest, found: Offer, form: ReturnForm, *, part: str = "offer", status: int = 200
) -> HttpResponse:
    user, item = steps.person(request), found.item
    why = [
        engine.why_not(item, step, rules.judge_evidence, user) if item else ""
        for step in (states.ACCEPT_EVIDENCE, states.RETURN_EVIDENCE)
    ]
    context = {
        "sheet": found.sheet,
        "unit": found.unit,
        "submission": found.unit.submission,
        "item": item,
        "indicator": reviews.indicator_of(found.sheet),
        "files": file_queries.files_of(item) if item else [],
        "form": form,
        "why_accept": why[0],
        "why_return": why[1],
        "is_judge": item is not None and rules.judge_evidence.allows(user, item),
    }
    return htmx.respond(request, "evaluation/offer_detail.html", context, fragment=part, status=status)


@require_POST
def accept(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    found = fetch(request, pk, unit_pk)
    item = steps.present(found.item)
    act = partial(actions.accept_evidence, item=item, by=steps.person(request), at=clock.now())
    if htmx.is_fragment(request):
        act()
        return _show(request, fetch(request, pk, unit_pk), _form(), part="answered")
    return steps.take(request, act, done="材料已采纳。", back=_address(found))


@require_POST
def give_back(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Return the item to the unit, with a reason and a date."""
    found = fetch(request, pk, unit_pk)
    item = steps.present(found.item)
    form = _form(request)
    if not form.is_valid():
        return _show(request, found, form, status=steps.UNFIT)
    try:
        actions.return_evidence(item=item, by=steps.person(request), at=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, list(refusal.sentences))
        return _show(request, found, form, status=steps.UNFIT)
    if htmx.is_fragment(request):
        return _show(request, fetch(request, pk, unit_pk), _form(), part="answered")
    messages.success(request, f"已退回{found.unit.short_name}补正。")
    return htmx.go(request, _address(found))


def _address(found: Offer) -> str:
    return reverse("evaluation:offer", args=[found.sheet.pk, found.unit.pk])
