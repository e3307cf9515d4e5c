"""Codes on paper: printed once, as the answer to the request that made them; unused ones made void."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.ballots import rules
from qingfeng.ballots.actions import codes as actions
from qingfeng.ballots.forms import arranging as forms
from qingfeng.ballots.models import Pool, Urn
from qingfeng.ballots.presenters import slips
from qingfeng.ballots.queries import issued, limits
from qingfeng.ballots.views import steps
from qingfeng.core import clock, preferences
from qingfeng.core.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


def _pools(urn: Urn, unit_pk: int) -> list[Pool]:
    found = list(urn.pools.filter(unit=unit_pk).select_related("unit", "urn").order_by("pk"))
    if not found:
        raise Http404
    return found


@page
def codes(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Print codes for the groups of a unit: the page that comes back is the only time they are seen."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    rules.issue_codes.check(user, urn)
    pools, live = _pools(urn, unit_pk), issued.live_counts(urn)
    left = {pool.pk: pool.size - live.get(pool.pk, 0) for pool in pools}
    form = forms.CodesForm(request.POST if request.method == "POST" else None, pools=pools, left=left)
    status = 200
    if request.method == "POST":
        status = steps.UNFIT
        if form.is_valid():
            try:
                made = actions.issue_many(urn=urn, counts=form.counts(), by=user, at=clock.now())
            except Refused as refusal:
                for sentence in refusal.sentences:
                    form.add_error(None, sentence)
            else:
                return _printed(request, urn, [(pool, made.get(pool.pk, [])) for pool in pools], form)
    context = {
        "urn": urn,
        "unit": pools[0].unit,
        "form": form,
        "left": sum(max(count, 0) for count in left.values()),
    }
    return render(request, "ballots/codes_form.html", context, status=status)


def _printed(
    request: HttpRequest, urn: Urn, made: list[tuple[Pool, list[str]]], form: forms.CodesForm
) -> HttpResponse:
    """Answer with the paper itself: what is not printed now is never seen again."""
    base = preferences.get(limits.ADDRESS.key) or request.build_absolute_uri("/")
    sheets = [slips.sheet(pool, codes, base) for pool, codes in made if codes]
    context = {
        "urn": urn,
        "sheets": sheets,
        "count": sum(len(sheet.slips) for sheet in sheets),
        "is_small": form.cleaned_data["layout"] == "sheet",
        "address": slips.address(base),
    }
    return render(request, "ballots/code_sheet.html", context)


@page
def void_codes(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Make the unused codes of a group void, so that new ones can be printed."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    rules.issue_codes.check(user, urn)
    pools = _pools(urn, unit_pk)
    form = forms.PoolForm(request.POST if request.method == "POST" else None, pools=pools)
    by_pk = {str(pool.pk): pool for pool in pools}
    question = steps.Question(
        title=f"作废{pools[0].unit.short_name}没有用过的测评码？",
        facts=[
            "这个群体还没有投过票的测评码全部失效，纸条请收回",
            "已经投的票不受影响，也不知道是哪些人投的",
            "作废以后可以印同样多张新的",
        ],
        action="作废没有用过的测评码",
        back=reverse("ballots:codes", args=[urn.pk, unit_pk]),
        done="没有用过的测评码已作废，现在可以重印。",
    )
    return steps.ask(
        request,
        question,
        lambda values: actions.void_unused(pool=by_pk[values["pool"]], by=user, at=clock.now()),
        form=form,
    )
