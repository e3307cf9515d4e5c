"""The list of a round's data tasks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import clock, listing
from qingfeng.evaluation.enums import TaskState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import data as words
from qingfeng.evaluation.presenters.words import days_left
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import scope, supplying
from qingfeng.evaluation.views import lists, rounds_of, steps


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    return rounds_of.enter(request, "evaluation:round_tasks", part="数据报送")


def build(request: HttpRequest, round: Round) -> listing.Listing:
    rows = queries.listed(steps.person(request), round)
    asked = supplying.asked_of(round)
    return listing.build(
        rows,
        request.GET,
        columns=words.task_columns(asked),
        filters=[listing.Filter("state", "状态", TaskState.choices, "state")],
        search=["department__name"],
        default_sort="department",
    )


@require_safe
def task_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    user = steps.person(request)
    round = rounds_of.fetch(user, round_pk)
    counts = lists.states(queries.visible_to(user).filter(round=round))
    built = build(request, round)
    page = lists.page(
        request,
        round,
        built,
        "task",
        title=words.tasks_title(counts, round.cutoff_on, is_own=not scope.sees_whole(user)),
        meta="没有数据的也要报告“本期无数据”；没报的，这部分按“不适用”处理，不按零分。",
        search="部门名称",
        unit="份",
        empty_title="没有要您报送的数据",
        empty_text="您所在的部门在这一轮没有数据报送任务。如有疑问请联系党风室。",
        due=round.cutoff_on,
        days_left=days_left(round.cutoff_on, clock.today()) if round.is_open_for_scores else None,
    )
    return render(request, "evaluation/task_list.html", {"page": page, "listing": built})


@require_POST
def task_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = rounds_of.fetch(steps.person(request), round_pk)
    return lists.export(request, build(request, round), title="数据报送", round=round, what="data_tasks")
