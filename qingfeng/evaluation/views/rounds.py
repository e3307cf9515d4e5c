"""The list of rounds, and the officer's page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.presenters import desk as words
from qingfeng.evaluation.presenters import rounds as columns
from qingfeng.evaluation.queries import desk as queries
from qingfeng.evaluation.queries import rounds, scope
from qingfeng.evaluation.views import round_desk, rounds_of, steps


def build(request: HttpRequest) -> listing.Listing:
    rows = rounds.listed(steps.person(request))
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    return listing.build(
        rows,
        request.GET,
        columns=columns.ROUND_COLUMNS,
        filters=[
            listing.Filter("state", "状态", RoundState.choices, "state"),
            listing.Filter("year", "年度", [(str(year), f"{year} 年") for year in years], "year"),
        ],
        search=["title", "scheme_version__scheme__name"],
        default_sort="-round",
    )


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    user = steps.person(request)
    rounds_of.require_part(scope.has_any_part(user))
    built = build(request)
    context = {
        "listing": built,
        "title": columns.rounds_title(built.page.object_list, built.total),
        "why_plan": rules.plan_round.why_not(user),
        "sees_whole": scope.sees_whole(user),
    }
    return render(request, "evaluation/rounds/round_list.html", context)


@require_POST
def round_list_export(request: HttpRequest) -> HttpResponse:
    user = steps.person(request)
    rounds_of.require_part(scope.has_any_part(user))
    rows: list[Any] = list(build(request).rows or [])
    address = request.META.get("REMOTE_ADDR", "")
    audit.record_export(what="rounds", rows=len(rows), by=user, at=clock.now(), address=address)
    return listing.export(rows, columns.ROUND_COLUMNS, title="评价轮次")


@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show those who organise how far the round is and what comes next; those who take part, its dates."""
    user = steps.person(request)
    round = rounds_of.fetch(user, pk)
    if not scope.sees_whole(user):
        shown = words.steps(round, queries.history(round))
        context = {"round": round, "steps": shown, "parts": round_desk.parts_of(user, round)}
        return render(request, "evaluation/rounds/round_brief.html", context)
    return render(request, "evaluation/rounds/round_detail.html", round_desk.context(user, round))


@require_safe
def computation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the trial computation is; the desk's panel asks here while it runs."""
    user = steps.person(request)
    rounds_of.require_part(scope.sees_whole(user))
    round = rounds_of.fetch(user, pk)
    context = {
        "round": round,
        "panel": words.panel(round, queries.computation(round)),
    }
    return htmx.respond(request, "evaluation/rounds/computation.html", context, fragment="panel")
