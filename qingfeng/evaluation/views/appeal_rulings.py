"""Appeals as the commission and the scorer's department handle them: accept, comment, decide, reply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import appeal_replies, data, ledger_appeals, reviews, tallies
from qingfeng.evaluation.actions import appeal_rulings as actions
from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.forms import appeals as forms
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.queries import appeal_subjects
from qingfeng.evaluation.views import appeals, steps

Correct = Callable[[Appeal], Any]


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = appeals.fetch(user, pk)
    rules.accept_appeal.check(user, row)
    question = steps.Question(
        title=f"受理第 {row.number} 号申诉？",
        sentence="受理后，评定这一分的部门收到通知，作书面说明；说明交来或者期满以后再决定。",
        facts=[row.title],
        action="受理",
        back=appeals.address(row),
        done="已受理，已请评分部门作书面说明。",
    )
    act = partial(actions.accept, appeal=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Let those who made the point explain it in writing, beside what the unit says."""
    user = steps.person(request)
    row = appeals.fetch(user, pk)
    rules.comment_appeal.check(user, row)
    form = forms.CommentForm(steps.posted(request))
    status = 200
    if request.method == "POST":
        status = steps.fill(
            form, lambda: actions.comment(appeal=row, by=user, at=clock.now(), **form.cleaned_data)
        )
        if status == 200:
            messages.success(request, "书面说明已提交。")
            return htmx.go(request, appeals.address(row))
    context = appeals.compose(user, row) | {"form": form, "verb": "提交说明", "heading": "作书面说明"}
    return render(request, "evaluation/appeal_ruling.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide with reasons; a granted appeal is corrected by what is typed here."""
    user = steps.person(request)
    row = appeals.fetch(user, pk)
    rules.decide_appeal.check(user, row)
    form = forms.FORMS[row.subject_kind](steps.posted(request), **appeal_subjects.bounds(row))
    status = 200
    if request.method == "POST":
        status = steps.fill(form, lambda: _decide(form, row, user))
        if status == 200:
            messages.success(request, "已决定，单位收到了通知。予以更正的，结果正在重算。")
            return htmx.go(request, appeals.address(row))
    context = appeals.compose(user, row) | {"form": form, "verb": "作出决定", "heading": "复核决定"}
    return render(request, "evaluation/appeal_ruling.html", context, status=status)


def _decide(form: forms.DecisionForm, row: Appeal, user: User) -> None:
    outcome, reasons, at = form.cleaned_data["outcome"], form.cleaned_data["reasons"], clock.now()
    correct = None if outcome == AppealState.REJECTED else _correction(form, row, user, at)
    actions.decide(appeal=row, outcome=outcome, reasons=reasons, correct=correct, by=user, at=at)


def _correction(form: Any, row: Appeal, by: User, at: dt.datetime) -> Correct:
    """Return the correction that the form asks for, made when the appeal is decided."""
    values, reason = form.cleaned_data, form.cleaned_data["reasons"]
    if row.subject_kind == AppealSubject.REVIEW:
        points = values["points"]
        return lambda case: reviews.correct_on_appeal(appeal=case, points=points, reason=reason, by=by, at=at)
    if row.subject_kind == AppealSubject.VALUE:
        return lambda case: data.correct_on_appeal(appeal=case, values=form.values(), by=by, at=at)
    if row.subject_kind == AppealSubject.TALLY:
        return lambda case: tallies.recount_on_appeal(appeal=case, counts=form.counts(), by=by, at=at)
    if row.subject_kind == AppealSubject.ADJUSTMENT:
        return lambda case: tallies.withdraw_on_appeal(appeal=case, reason=reason, by=by, at=at)
    return _of_fact(values, reason, by, at)


def _of_fact(values: dict[str, Any], reason: str, by: User, at: dt.datetime) -> Correct:
    if values["way"] == forms.WITHDRAW:
        return lambda case: ledger_appeals.withdraw_on_appeal(appeal=case, reason=reason, by=by, at=at)
    if values["way"] == forms.CHOOSE:
        points = values["points"]
        return lambda case: ledger_appeals.choose_on_appeal(
            appeal=case, points=points, reason=reason, by=by, at=at
        )
    given = {name: values[name] for name in ("quantity", *forms.FactDecision.FLAGS)}
    return lambda case: ledger_appeals.correct_on_appeal(appeal=case, reason=reason, by=by, at=at, **given)


@require_POST
def appeal_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Compose the written reply as an official document, and lead to it."""
    user = steps.person(request)
    row = appeals.fetch(user, pk)
    document = appeal_replies.draft_reply(appeal=row, by=user, at=clock.now())
    return redirect("documents:detail", document.pk)
