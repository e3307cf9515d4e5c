"""The ledger of facts: the list, one entry with its history, a new entry, a correction, points in a range."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx, listing, searches
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import ledger as actions
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.forms.data import FactForm, PointsForm, initial_of
from qingfeng.evaluation.models.data import DataTask, Fact
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import data as words
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds, supplying
from qingfeng.evaluation.views import lists, rounds_of, steps, tasks


def fetch(user: User, pk: int) -> Fact:
    found: Fact = get_object_or_404(queries.facts_visible_to(user).exclude(task=None), pk=pk)
    return found


def address(fact: Fact) -> str:
    return reverse("evaluation:fact", args=[fact.pk])


def words_of(round: Round) -> words.FactWords:
    scheme = rounds.scheme_of(round)
    named = [
        {entry.code: entry.name for entry in table}
        for table in (scheme.fact_kinds, scheme.categories, scheme.levels)
    ]
    return words.FactWords(*named)


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    return rounds_of.enter(request, "evaluation:round_facts", part="登记的事实")


def build(request: HttpRequest, round: Round) -> listing.Listing:
    scheme = rounds.scheme_of(round)
    return listing.build(
        supplying.facts_listed(steps.person(request), round),
        searches.sought(request),
        columns=words.fact_columns(words_of(round), whole=request.method == "POST"),
        filters=[
            listing.Filter(
                "kind", "类别", [(kind.code, kind.name) for kind in scheme.fact_kinds], "fact_kind"
            ),
            listing.Filter("category", "领域", [(e.code, e.name) for e in scheme.categories], "category"),
        ],
        search=["title", "unit__short_name", "reference_text"],
        default_sort="unit",
    )


@require_safe
def fact_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    user = steps.person(request)
    round = rounds_of.fetch(user, round_pk)
    choices = queries.choices_of(round, supplying.facts_listed(user, round))
    built = build(request, round)
    page = lists.page(
        request,
        round,
        built,
        "fact",
        title=words.facts_title(built.total, sum(1 for row in choices if row.chosen is None)),
        meta="只增不改：更正是一条新的记录，指向原来那条。",
        search="摘要、单位、文号",
        unit="条",
        empty_title="本季度还没有登记事实",
        empty_text="报送部门在自己的数据报送页逐条登记，或者用 Excel 一次导入。",
    )
    return render(request, "evaluation/fact_list.html", {"page": page, "listing": built, "choices": choices})


@require_POST
def fact_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = rounds_of.fetch(steps.person(request), round_pk)
    return lists.export(request, build(request, round), title="登记事实", round=round, what="facts")


@require_safe
def fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry, what it corrects, and what points were chosen for it."""
    user = steps.person(request)
    row = fetch(user, pk)
    task = steps.present(row.task)
    context = {
        "fact": row,
        "task": task,
        "kind": words_of(task.round).kind(row),
        "circumstances": words_of(task.round).marks(row),
        "history": queries.history_of(row),
        "newer": supplying.newer(row),
        "choice": supplying.choice_of(task.round, row),
        "page": tasks.compose(user, task),
        "why_choose": rules.choose_points.why_not(user, task, row),
    }
    return render(request, "evaluation/fact_detail.html", context)


def _form(task: DataTask, data: Any, *, initial: dict[str, Any], with_reason: bool = False) -> FactForm:
    return FactForm(
        data,
        initial=initial,
        units=supplying.units_for_facts(task.round),
        kinds=queries.kinds_of(task),
        scheme=rounds.scheme_of(task.round),
        with_reason=with_reason,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one fact for a data task."""
    user = steps.person(request)
    task = tasks.fetch(user, pk)
    rules.report_data.check(user, task)
    form = _form(task, steps.posted(request), initial={"quantity": "1"})
    status = 200
    if request.method == "POST":
        status = steps.fill(
            form, lambda: actions.record_fact(task=task, draft=form.draft(), by=user, at=clock.now())
        )
        if status == 200:
            messages.success(request, "已登记。")
            return htmx.go(request, tasks.address(task))
    context = {"form": form, "task": task, "fact": None, "back": tasks.address(task)}
    return render(request, "evaluation/fact_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def fact_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a fact anew: the old entry stays and the new one points at it."""
    user = steps.person(request)
    row = fetch(user, pk)
    task = steps.present(row.task)
    rules.report_data.check(user, task)
    form = _form(task, steps.posted(request), initial=initial_of(row), with_reason=True)
    status = 200
    if request.method == "POST":
        made: list[Fact] = []
        status = steps.fill(form, lambda: made.append(_correct(row, form, user)))
        if made:
            messages.success(request, "已更正。原来的记录还在，可以在下面看到。")
            return htmx.go(request, address(made[0]))
    context = {"form": form, "task": task, "fact": row, "back": address(row)}
    return render(request, "evaluation/fact_form.html", context, status=status)


def _correct(row: Fact, form: FactForm, user: User) -> Fact:
    reason = form.cleaned_data["reason"]
    return actions.correct_fact(fact=row, draft=form.draft(), reason=reason, by=user, at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
def fact_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.report_data.check(user, row.task)
    back = tasks.address(steps.present(row.task))
    question = steps.Question(
        title="撤销这条记录？",
        action="撤销记录",
        back=address(row),
        done="已撤销，原来的记录还在，不再计分。",
        sentence="撤销是一条新的记录，原来那条不会删除，只是不再计分。",
        facts=[f"{row.unit.short_name}：{row.title}"],
        onward=back,
    )
    form = ReasonForm(steps.posted(request), label="撤销理由")
    act = partial(actions.withdraw_fact, fact=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def fact_points(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the points of a fact within its rule's range, with a reason."""
    user = steps.person(request)
    row = fetch(user, pk)
    task = steps.present(row.task)
    rules.choose_points.check(user, task, row)
    choice = steps.present(supplying.choice_of(task.round, row))
    start = {"points": choice.points, "reason": choice.chosen.reason if choice.chosen else ""}
    form = PointsForm(steps.posted(request), low=choice.range.low, high=choice.range.high, initial=start)
    question = steps.Question(
        title=f"“{row.title}”扣几分？",
        action="选定分值",
        back=address(row),
        done="分值已选定。",
        sentence=f"{choice.range.indicator.name}：{choice.range.label}。",
        facts=[f"{row.unit.short_name}，数量 {row.quantity.normalize() + 0}"],
    )
    act = partial(actions.choose_points, round=task.round, fact=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)
