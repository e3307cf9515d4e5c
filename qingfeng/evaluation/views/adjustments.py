"""Deductions and bonuses for single units: proposed by one person, decided by another."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx, listing, searches
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import tallies as actions
from qingfeng.evaluation.enums import AdjustmentKind, ProposalState
from qingfeng.evaluation.forms.adjustments import AdjustmentForm
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.presenters import adjustments as words
from qingfeng.evaluation.queries import changes, rounds, scope
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.views import lists, rounds_of, steps
from qingfeng.workflow import engine


def fetch(user: User, pk: int) -> Adjustment:
    found: Adjustment = get_object_or_404(queries.adjustments_visible_to(user), pk=pk)
    return found


def address(row: Adjustment) -> str:
    return reverse("evaluation:adjustment", args=[row.pk])


def names_of(round: Round) -> dict[str, str]:
    return {entry.code: entry.name for entry in rounds.scheme_of(round).adjustments}


@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    rounds_of.require_part(scope.sees_whole(steps.person(request)))
    return rounds_of.enter(request, "evaluation:round_adjustments", part="专项加减分")


def build(request: HttpRequest, round: Round) -> listing.Listing:
    return listing.build(
        queries.adjustments_visible_to(steps.person(request)).filter(round_unit__round=round),
        searches.sought(request),
        columns=words.columns(names_of(round), as_numbers=request.method == "POST"),
        filters=[
            listing.Filter("state", "状态", ProposalState.choices, "state"),
            listing.Filter("kind", "类别", AdjustmentKind.choices, "adjustment_kind"),
        ],
        search=["round_unit__short_name", "reason", "reference"],
        default_sort="unit",
    )


def fetch_round(request: HttpRequest, round_pk: int) -> Round:
    """Return the round for those who see adjustments. Raises `Http404` for others."""
    user = steps.person(request)
    rounds_of.require_part(scope.sees_whole(user))
    return rounds_of.fetch(user, round_pk)


@require_safe
def adjustment_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    user, round = steps.person(request), fetch_round(request, round_pk)
    counts = lists.states(queries.adjustments_visible_to(user).filter(round_unit__round=round))
    built = build(request, round)
    page = lists.page(
        request,
        round,
        built,
        "adjustment",
        title=words.title(counts),
        meta="党风室提出，书记或分管领导核准；提出人不能核准自己提出的。没有核准的不计分。",
        search="单位、理由、依据",
        unit="项",
        empty_title="这一轮还没有专项加减分",
        empty_text="评价方案没有覆盖、需要单独扣分或加分的，由党风室提出，附上依据，由委领导核准。",
    )
    why = rules.propose_adjustment.why_not(user, round)
    if not why and not round.is_open_for_scores:
        why = f"本轮评价当前为“{round.get_state_display()}”，不能再提出"
    context = {"page": page, "listing": built, "round": round, "why_propose": why}
    return render(request, "evaluation/adjustment_list.html", context)


@require_POST
def adjustment_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = fetch_round(request, round_pk)
    return lists.export(request, build(request, round), title="专项加减分", round=round, what="adjustments")


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_new(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Propose a deduction or a bonus that the scheme names."""
    user, round = steps.person(request), fetch_round(request, round_pk)
    rules.propose_adjustment.check(user, round)
    units = {str(unit.pk): unit for unit in rounds.taking_part(round)}
    entries = rounds.scheme_of(round).adjustments
    form = AdjustmentForm(steps.posted(request), units=list(units.values()), entries=entries)
    status = 200
    if request.method == "POST":
        status = steps.fill(form, lambda: _propose(form, units, user))
        if status == 200:
            messages.success(request, "已提出，等委领导核准。")
            return htmx.go(request, reverse("evaluation:round_adjustments", args=[round.pk]))
    context = {"form": form, "round": round, "entries": entries}
    return render(request, "evaluation/adjustment_form.html", context, status=status)


def _propose(form: AdjustmentForm, units: dict[str, RoundUnit], user: User) -> Adjustment:
    values = dict(form.cleaned_data)
    unit = units[values.pop("unit")]
    return actions.propose_adjustment(round_unit=unit, by=user, at=clock.now(), **values)


@require_safe
def adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one matter, who proposed it, who decides, and what can be done."""
    user = steps.person(request)
    row = fetch(user, pk)
    round = row.round_unit.round
    why = {
        name: engine.why_not(row, step, rules.decide_adjustment, user)
        for name, step in (
            ("approve", states.APPROVE_ADJUSTMENT),
            ("reject", states.REJECT_ADJUSTMENT),
            ("withdraw", states.WITHDRAW_ADJUSTMENT),
        )
    }
    context = {
        "row": row,
        "round": round,
        "name": names_of(round).get(row.code, row.code),
        "points": words.signed_words(row),
        "title": words.matter(row),
        "why": why,
        "is_open": round.is_open_for_scores,
        "entries": words.entries(row, changes.of(row)),
    }
    return render(request, "evaluation/adjustment_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_approve(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.decide_adjustment.check(user, row)
    question = steps.Question(
        title="核准这一项？",
        action="核准",
        back=address(row),
        done="已核准，计入本轮得分。",
        sentence=words.consequence(row),
        facts=[f"理由：{row.reason}", f"依据：{row.reference}"],
    )
    act = partial(actions.approve_adjustment, adjustment=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_reject(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.decide_adjustment.check(user, row)
    question = steps.Question("不予采纳这一项？", "不予采纳", address(row), "已记为不予采纳。")
    form = ReasonForm(steps.posted(request), label="不予采纳的理由")
    act = partial(actions.reject_adjustment, adjustment=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.decide_adjustment.check(user, row)
    question = steps.Question("撤销核准？", "撤销核准", address(row), "已撤销核准，不再计分。")
    form = ReasonForm(steps.posted(request), label="撤销理由")
    act = partial(actions.withdraw_adjustment, adjustment=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)
