"""The steps by which a trial result is checked by the units: sent out, given more time, closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import appeals
from qingfeng.evaluation.actions import checking as actions
from qingfeng.evaluation.forms import rounds as forms
from qingfeng.evaluation.queries import checking as queries
from qingfeng.evaluation.queries import checking_obstacles as obstacles
from qingfeng.evaluation.queries import rounds
from qingfeng.evaluation.views import portraits, round_steps, steps

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def open_appeals(request: HttpRequest, pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.open_appeals)
    question = steps.Question(
        title=f"把{round.label}试算结果发各单位核对？",
        sentence="各单位只看得到本单位的结果和每一分的来历，标明“试算结果，未经审定”；看不到别的单位。",
        facts=[
            f"{rounds.taking_part(round).count()} 个单位的负责人和联络员收到通知",
            f"有异议的在 {queries.days()} 个工作日内提出申诉",
        ],
        action="发各单位核对",
        back=round_steps.desk(round),
        done="试算结果已发各单位核对。",
    )
    return steps.ask(
        request,
        question,
        lambda _: actions.open_appeals(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def extend_appeals(request: HttpRequest, pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.open_appeals)
    window = queries.window_of(round)
    form = forms.MoreTimeForm(request.POST or None, label="延长理由")
    question = steps.Question(
        title=f"延长{round.label}核对申诉期限？",
        facts=[f"现在到 {window.due:%Y-%m-%d} 为止"] if window else (),
        action="延长期限",
        back=round_steps.desk(round),
        done="期限已延长，各单位收到了通知。",
    )

    def act(given: dict[str, Any]) -> None:
        days, reason = given["days"], given["reason"]
        actions.extend_appeals(
            round=round, days=days, reason=reason, by=steps.person(request), at=clock.now()
        )

    return steps.ask(request, question, act, form=form)


@page
def confirm(request: HttpRequest, round_pk: int, unit_pk: int) -> HttpResponse:
    """Let the unit's head say that the trial result was checked and stands."""
    user = steps.person(request)
    result = portraits.fetch(request, round_pk, unit_pk)
    rules.confirm_result.check(user, result.round_unit)
    question = steps.Question(
        title="核对过了，没有异议？",
        sentence="确认后本单位不必再等期限届满。期限以内发现问题，仍可以提出申诉。",
        action="核对无异议",
        back=reverse("evaluation:portrait", args=[round_pk, unit_pk]),
        done="已确认，谢谢。",
    )
    return steps.ask(
        request,
        question,
        lambda _: appeals.confirm(round_unit=result.round_unit, by=user, at=clock.now()),
    )


@page
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    round = round_steps.allowed(request, pk, rules.settle)
    question = steps.Question(
        title=f"结束{round.label}核对申诉？",
        sentence="结束后不再受理申诉，按现在的结果报常委会审定。",
        facts=obstacles.of(round, clock.today()) or ["没有没办结的申诉"],
        action="结束核对申诉",
        back=round_steps.desk(round),
        done="核对申诉已结束，结果等常委会审定。",
    )
    return steps.ask(
        request,
        question,
        lambda _: actions.settle(round=round, by=steps.person(request), at=clock.now()),
    )
