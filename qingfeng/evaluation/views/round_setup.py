"""Before a round runs, and around it: plan it, choose its scheme, bind its departments, move its dates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock, htmx
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import opening
from qingfeng.evaluation.actions import rounds as actions
from qingfeng.evaluation.enums import Milestone
from qingfeng.evaluation.forms import rounds as forms
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.presenters import rounds as words
from qingfeng.evaluation.queries import asking, rounds, schedule, schemes
from qingfeng.evaluation.queries import desk as queries
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.evaluation.views import round_steps, steps

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def round_plan(request: HttpRequest) -> HttpResponse:
    """Plan a quarter's round: its dates are proposed from the quarter's end and can be changed."""
    user = steps.person(request)
    rules.plan_round.check(user)
    quarter = _quarter(request)
    named = [(row, f"{row.scheme.name} {row}") for row in schemes.publishable()]
    versions = [(str(row.pk), name) for row, name in named]
    form = forms.PlanForm(
        request.POST or None,
        versions=versions,
        helps=words.date_helps(),
        initial={**schedule.dates_of(quarter), "scheme_version": versions[0][0] if versions else ""},
    )
    status = 200
    if request.method == "POST":
        status, round = _plan(request, form, quarter)
        if round is not None:
            messages.success(request, f"已建立{round.label}评价轮次，请核对部门对应单位后开启。")
            return htmx.go(request, round_steps.desk(round))
    context = {
        "form": form,
        "title": f"建立{quarter.label}评价轮次",
        "quarter_form": forms.QuarterForm(initial={"year": quarter.year, "quarter": quarter.number}),
        "has_versions": bool(versions),
        "asked": [(name, asking.of_version(row, quarter).words()) for row, name in named],
    }
    return render(request, "evaluation/rounds/round_plan.html", context, status=status)


def _quarter(request: HttpRequest) -> Quarter:
    """Return the quarter picked on the page, or the next that has no round."""
    picked = forms.QuarterForm(request.GET)
    if picked.is_valid():
        return Quarter(picked.cleaned_data["year"], int(picked.cleaned_data["quarter"]))
    return rounds.next_unplanned(clock.today())


def _plan(request: HttpRequest, form: forms.PlanForm, quarter: Quarter) -> tuple[int, Any]:
    made: list[Any] = []

    def act() -> None:
        version = steps.present(schemes.publishable().filter(pk=form.cleaned_data["scheme_version"]).first())
        made.append(
            actions.plan(
                year=quarter.year,
                quarter=quarter.number,
                scheme_version=version,
                title=form.cleaned_data["title"].strip(),
                dates=form.dates,
                by=steps.person(request),
                at=clock.now(),
            )
        )

    return steps.fill(form, act), made[0] if made else None


@page
def round_dates(request: HttpRequest, pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.arrange_round)
    initial = {name: round.date_of(name) for name in Milestone.values}
    form = forms.ReschedulingForm(
        request.POST or None, initial=initial, helps=words.date_helps(), label="调整理由"
    )
    question = steps.Question(
        title=f"调整{round.label}评价日期",
        sentence="改动的每个日期都留下原日期、新日期、理由和经手人。",
        action="保存日期",
        back=round_steps.desk(round),
        done="日期已调整。",
    )
    return steps.ask(
        request,
        question,
        lambda given: actions.reschedule(
            round=round,
            dates=form.dates,
            reason=given["reason"],
            by=steps.person(request),
            at=clock.now(),
        ),
        form=form,
    )


@page
def round_scheme(request: HttpRequest, pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.arrange_round)
    named = [(row, f"{row.scheme.name} {row}") for row in schemes.publishable()]
    versions = [(str(row.pk), name) for row, name in named]
    quarter = rounds.quarter_of(round)
    form = forms.SchemeChoiceForm(
        request.POST or None, versions=versions, initial={"scheme_version": str(round.scheme_version_id)}
    )
    question = steps.Question(
        title=f"换{round.label}评价方案",
        sentence="换方案后，要参加的部门按新方案重新列出，对应单位沿用上一轮的或按名称对上的，请再核对一遍。",
        facts=[f"{name}：{asking.of_version(row, quarter).words()}" for row, name in named],
        action="换方案",
        back=round_steps.desk(round),
        done="已换方案，请核对部门对应单位。",
    )
    return steps.ask(
        request,
        question,
        lambda given: actions.choose_scheme(
            round=round,
            scheme_version=steps.present(schemes.publishable().filter(pk=given["scheme_version"]).first()),
            by=steps.person(request),
            at=clock.now(),
        ),
        form=form,
    )


@page
def round_bindings(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for each department of the scheme which unit acts as it in this round."""
    round = round_steps.allowed(request, pk, rules.arrange_round)
    asked = asking.of_round(round)
    departments = list(rounds.departments(round))
    helps = {row.code: asked.words(row.code) for row in departments if asked.now.by_department.get(row.code)}
    form = forms.BindingForm(request.POST or None, departments=departments, helps=helps)
    status = 200
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen(queries.units_called(form.names(), clock.today()))
        status = steps.UNFIT if form.errors else 200
        if not form.errors:
            status = steps.fill(
                form,
                lambda: actions.bind_departments(
                    round=round, units=chosen, by=steps.person(request), at=clock.now()
                ),
            )
        if status == 200:
            messages.success(request, "部门对应单位已保存。")
            return htmx.go(request, round_steps.desk(round))
    names = queries.unit_names(clock.today())
    context = {"round": round, "form": form, "names": names, "asked": asked.words()}
    return render(request, "evaluation/rounds/round_bindings.html", context, status=status)


@page
def withdraw_unit(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.arrange_round)
    row = queries.round_unit(round, unit_pk)
    if row is None:
        raise Http404
    follower = opening.successor_in(round, row.unit)
    question = steps.Question(
        title=f"{row.short_name}退出{round.label}评价？",
        sentence="用于开启之后撤销或合并的单位。退出后不再评分、不排名，已交的内容保留备查。",
        facts=[
            f"它的事实由并入的{follower.short_name}承担" if follower else "没有登记并入单位，它的事实不再计分"
        ],
        action="退出评价",
        back=reverse("evaluation:round_units", args=[round.pk]),
        done=f"{row.short_name}已退出本轮评价。",
    )
    form = ReasonForm(request.POST or None, label="退出理由", help_text="例如：机构改革并入某单位及文号")
    return steps.ask(
        request,
        question,
        lambda given: actions.withdraw_unit(
            round_unit=row, reason=given["reason"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )
