"""Putting a thing before the leaders, again or for the first time; taking it back; its printed form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import clock, requests
from qingfeng.core.errors import Denied
from qingfeng.core.references import Reference
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import approvals as actions
from qingfeng.decisions.actions import printing
from qingfeng.decisions.forms import approvals as forms
from qingfeng.decisions.queries import chains, subjects
from qingfeng.decisions.views.approvals import found
from qingfeng.decisions.views.steps import Question, ask, fill, person
from qingfeng.workflow import engine

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Put a thing before the leaders, in the order set for its kind, where its owner lets the user."""
    user = person(request)
    if not subjects.may_ask(user, kind, pk):
        raise Http404
    name, back = subjects.name_of(kind, pk)
    form = forms.AskForm(requests.posted(request), request.FILES or None, initial={"title": name})
    chain = chains.chain_of(kind)
    context = {
        "form": form,
        "chain": chain,
        "over": name or chain.label,
        "back": back or _list(),
        "former": None,
    }
    return _asked(
        request,
        form,
        context,
        lambda data: actions.request(
            subject=Reference(kind, pk),
            title=data["title"],
            body=data["body"],
            papers=form.papers(),
            by=user,
            at=clock.now(),
        ),
    )


def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again after a refusal, a return or a withdrawal, from the former words."""
    user, former = person(request), found(request, pk)
    rules.ask_again.check(user, former)
    initial = {"title": former.title, "body": former.body}
    form = forms.AskForm(requests.posted(request), request.FILES or None, initial=initial)
    back = reverse("decisions:approval", args=[pk])
    context = {"form": form, "chain": None, "over": former.title, "back": back, "former": former}
    return _asked(
        request,
        form,
        context,
        lambda data: actions.ask_again(
            approval=former,
            title=data["title"],
            body=data["body"],
            papers=form.papers(),
            by=user,
            at=clock.now(),
        ),
    )


def _asked(request: HttpRequest, form: forms.AskForm, context: dict[str, Any], act: Any) -> HttpResponse:
    status, made = 200, []
    if request.method == "POST":
        status = fill(form, lambda: made.append(act(form.cleaned_data)))
        if made:
            messages.success(request, "已呈批，系统会通知第一级领导。")
            return redirect("decisions:approval", made[0].pk)
    return render(request, "decisions/approval_form.html", context, status=status)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user, approval = person(request), found(request, pk)
    why = engine.why_not(approval, states.WITHDRAW, rules.withdraw, user)
    if why:
        raise Denied(why, rules.withdraw.name)
    question = Question(
        title="撤回这件呈批",
        action="撤回",
        back=reverse("decisions:approval", args=[pk]),
        done="已撤回，可以修改后再次呈批。",
        sentence="撤回后领导不再签批；已有的签批意见和撤回原因都保留。",
    )
    form = forms.ReasonForm(requests.posted(request))
    return ask(
        request,
        question,
        lambda data: actions.withdraw(approval=approval, reason=data["reason"], by=user, at=clock.now()),
        form,
    )


def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    user, approval = person(request), found(request, pk)
    rules.add_paper.check(user, approval)
    question = Question(
        title="增加附件",
        action="上传",
        back=reverse("decisions:approval", args=[pk]),
        done="附件已增加。",
        sentence="有领导签批以后不能再增加附件。",
    )
    form = forms.PaperForm(requests.posted(request), request.FILES or None)
    return _upload(request, question, form, approval)


def _upload(request: HttpRequest, question: Question, form: forms.PaperForm, approval: Any) -> HttpResponse:
    status, user = 200, person(request)
    if request.method == "POST":
        status = fill(
            form,
            lambda: actions.attach(
                approval=approval, upload=form.cleaned_data["paper"], by=user, at=clock.now()
            ),
        )
        if status == 200:
            messages.success(request, question.done)
            return redirect(question.back)
    context = {"form": form, "question": question}
    return render(request, "decisions/paper_form.html", context, status=status)


@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the printed form out as a .docx; that it was taken is written into the book."""
    approval = found(request, pk)
    name, content = printing.print_sheet(approval=approval, by=person(request), at=clock.now())
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form as a page to be printed."""
    approval = found(request, pk)
    context = {"approval": approval, "sheet": printing.sheet_of(approval)}
    return render(request, "decisions/approval_print.html", context)


def _list() -> str:
    return reverse("decisions:approvals")
