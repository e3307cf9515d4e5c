"""Where a person goes to report, and the officers' list of what units handed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import clock, listing
from qingfeng.evaluation.enums import SubmissionState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import lists as words
from qingfeng.evaluation.presenters.words import days_left
from qingfeng.evaluation.queries import asking, rounds, scope
from qingfeng.evaluation.queries import submissions as queries
from qingfeng.evaluation.views import lists, rounds_of, steps
from qingfeng.organizations.enums import UnitClass


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """Lead a unit's person to his unit's page, anybody else to the list of the round picked or running."""
    user = steps.person(request)
    own = None if scope.sees_whole(user) else queries.of_unit(user).first()
    if own is not None:
        return redirect("evaluation:submission", own.pk)
    return rounds_of.enter(request, "evaluation:round_submissions", part="单位填报")


def build(request: HttpRequest, round: Round) -> listing.Listing:
    return listing.build(
        queries.listed(steps.person(request), round),
        request.GET,
        columns=words.submission_columns(len(rounds.evidence_indicators(round))),
        filters=[
            listing.Filter("state", "状态", SubmissionState.choices, "state"),
            listing.Filter("class", "类别", UnitClass.choices, "round_unit__unit_class"),
        ],
        search=["round_unit__short_name", "round_unit__name"],
        default_sort="unit",
    )


@require_safe
def submission_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    user = steps.person(request)
    round = rounds_of.fetch(user, round_pk)
    counts = lists.states(queries.visible_to(user).filter(round_unit__round=round))
    left = days_left(round.submit_by, clock.today())
    built = build(request, round)
    page = lists.page(
        request,
        round,
        built,
        "submission",
        title=words.submissions_title(counts, late=left is not None and left < 0),
        meta=f"自评报告和各项材料，由单位负责人审签后报送。{asking.of_round(round).words()}。",
        search="单位名称",
        unit="个单位",
        empty_title="这一轮还没有要报送的单位",
        empty_text="轮次开启后，所有参评单位会列在这里。",
        due=round.submit_by,
        days_left=left if round.is_open_for_units else None,
    )
    return render(request, "evaluation/submission_list.html", {"page": page, "listing": built})


@require_POST
def submission_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = rounds_of.fetch(steps.person(request), round_pk)
    return lists.export(request, build(request, round), title="单位报送", round=round, what="submissions")
