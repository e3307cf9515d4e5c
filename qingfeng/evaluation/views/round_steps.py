"""The steps that carry a round on, each asked on a page that names what it does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import committee, reminders, results
from qingfeng.evaluation.actions import rounds as actions
from qingfeng.evaluation.forms import rounds as forms
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters.words import month_day
from qingfeng.evaluation.queries import progress, rounds
from qingfeng.evaluation.views import rounds_of, steps

page = require_http_methods(["GET", "HEAD", "POST"])


def allowed(request: HttpRequest, pk: int, rule: Rule) -> Round:
    """Return the round if the person may take the step. Raises `Http404` and `Denied`."""
    user = steps.person(request)
    round = rounds_of.fetch(user, pk)
    rule.check(user, round)
    return round


def desk(round: Round) -> str:
    return reverse("evaluation:round", args=[round.pk])


@page
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.open_round)
    units = len(rounds.candidates(rounds.quarter_of(round)))
    question = steps.Question(
        title=f"开放{round.label}评价填报？",
        sentence="开启后，参评单位、评价方案和部门对应关系就固定下来，不再更改。",
        facts=[
            f"{units} 个单位参评，收到填报通知，{month_day(round.submit_by)}前报送",
            f"方案：{round.scheme_version.scheme.name} {round.scheme_version}",
            "评分部门、数据报送部门同时收到通知",
        ],
        action="开放填报",
        back=desk(round),
        done="已开放填报，各单位和部门都收到了通知。",
    )
    return steps.ask(
        request,
        question,
        lambda _: actions.open_round(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def start_review(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.start_review)
    late = progress.late_parts(round).submissions
    facts = [f"评分 {month_day(round.review_by)}截止"]
    if late:
        facts.insert(0, f"{len(late)} 个单位还没报送：转入后仍可补报，页面标明逾期")
    question = steps.Question(
        title=f"{round.label}评价转入部门评分？",
        facts=facts,
        action="转入部门评分",
        back=desk(round),
        done="已转入部门评分。",
    )
    return steps.ask(
        request,
        question,
        lambda _: actions.start_review(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze what has come; where something is missing, name it and ask for a word that it is known."""
    round = allowed(request, pk, rules.freeze)
    missing = progress.late_parts(round).sentences
    form = forms.FreezeForm(request.POST or None) if missing else None
    question = steps.Question(
        title=f"冻结{round.label}评价数据？",
        sentence="冻结后，报送、评分、数据和票数都不再改动，试算只用这一份。要改须先解除冻结，并写明理由。",
        facts=missing or ["各部分都已交齐"],
        action="带缺冻结" if missing else "冻结数据",
        back=desk(round),
        done="数据已冻结，可以试算。",
    )

    def act(given: dict[str, Any]) -> None:
        results.freeze(
            round=round,
            with_gaps=bool(given.get("with_gaps")),
            by=steps.person(request),
            at=clock.now(),
        )

    return steps.ask(request, question, act, form=form)


@page
def unfreeze(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.unfreeze)
    question = steps.Question(
        title=f"解除{round.label}评价数据冻结？",
        sentence="解除后各部门可以继续报送和修改，再次冻结后重新试算。原来冻结的一份保留备查。",
        action="解除冻结",
        back=desk(round),
        done="已解除冻结，各部门可以继续报送和修改。",
    )
    return _with_reason(request, question, lambda reason, at: results.unfreeze(
        round=round, reason=reason, by=steps.person(request), at=at
    ))  # fmt: skip


@page
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.reopen)
    question = steps.Question(
        title=f"退回{round.label}评价更正？",
        sentence="退回后重新评分、冻结、试算和审定，结果成为新的一版，原来各版都保留。",
        facts=["已公布的结果在新的一版公布之前，单位看到的不变"] if round.state == "announced" else (),
        action="退回更正",
        back=desk(round),
        done="已退回更正，改好后重新冻结、试算。",
    )
    return _with_reason(request, question, lambda reason, at: results.reopen(
        round=round, reason=reason, by=steps.person(request), at=at
    ))  # fmt: skip


def _with_reason(request: HttpRequest, question: steps.Question, act: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None, label="更正理由")
    return steps.ask(request, question, lambda given: act(given["reason"], clock.now()), form=form)


@page
def compute(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.compute)
    question = steps.Question(
        title=f"试算{round.label}评价结果？",
        sentence="按冻结的数据算出各单位得分、等次和名次。算的时候可以离开页面，结果只有评价工作人员和委领导看得到。",
        action="开始试算",
        back=desk(round),
        done="已开始试算。",
    )
    return steps.ask(
        request,
        question,
        lambda _: results.request_computation(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.approve_result)
    form = forms.ApprovalForm(request.POST or None, initial={"decided_on": clock.today()})
    question = steps.Question(
        title=f"登记常委会对{round.label}评价结果的审定",
        sentence="只用于没有在平台上开的会，按会议记录登记。登记后由党风室公布结果、印发通报。",
        action="登记审定",
        back=desk(round),
        done="已登记常委会审定。",
    )

    def act(given: dict[str, Any]) -> None:
        decided_on: dt.date = given["decided_on"]
        results.approve(
            round=round,
            meeting=given["meeting"],
            decided_on=decided_on,
            note=given["note"],
            outside=given["outside"],
            by=steps.person(request),
            at=clock.now(),
        )

    return steps.ask(request, question, act, form=form)


@page
def submit_result(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.submit_result)
    question = steps.Question(
        title=f"提请常委会审定{round.label}评价结果？",
        sentence="作为议题提交，由常委会记录人员列入会议议程。会议通过后自动登记审定，就可以公布。",
        action="提请审定",
        back=desk(round),
        done="已提请常委会审定。",
    )
    return steps.ask(
        request,
        question,
        lambda _: committee.submit_result(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    round = allowed(request, pk, rules.announce)
    units = rounds.taking_part(round).count()
    question = steps.Question(
        title=f"公布{round.label}评价结果？",
        facts=[f"{units} 个单位各自看到本单位的得分、等次和每一分的来历", "各单位负责人和联络员收到通知"],
        action="公布结果",
        back=desk(round),
        done="结果已公布，各单位收到了通知。",
    )
    return steps.ask(
        request,
        question,
        lambda _: results.announce(round=round, by=steps.person(request), at=clock.now()),
    )


@page
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those whose parts have not come, after naming how many."""
    round = allowed(request, pk, rules.remind)
    waiting = reminders.waiting_parts(round)
    today = clock.today()
    due = [part for part in waiting if (part.due - today).days <= 1]
    form = forms.ReminderForm(request.POST or None, due=len(due), waiting=len(waiting))
    question = steps.Question(
        title=f"催办{round.label}评价没交的部分",
        sentence="向经办人的通知收件箱发出催办，写明交什么、截止哪天、逾期几天。同一件事一天只催一次。",
        facts=[*progress.late_parts(round).sentences],
        action="发出催办",
        back=desk(round),
        done="催办已发出。",
    )

    def act(given: dict[str, Any]) -> None:
        chosen = waiting if given["scope"] == forms.ReminderForm.ALL else due
        subjects = [part.subject for part in chosen]
        reminders.remind(round=round, subjects=subjects, by=steps.person(request), at=clock.now())

    return steps.ask(request, question, act, form=form)
