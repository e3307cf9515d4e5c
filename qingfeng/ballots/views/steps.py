"""One step a person takes with an urn: asked on a page of its own, done and said, or refused and said why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.ballots.models import Urn
from qingfeng.ballots.queries import scope
from qingfeng.core import htmx
from qingfeng.core.errors import Refused

UNFIT = 422


def person(request: HttpRequest) -> User:
    """Return the signed-in person; every page of officers and keepers asks for sign-in."""
    return cast("User", request.user)


def fetch(request: HttpRequest, pk: int) -> Urn:
    """Return the urn within the person's scope. Raises `Http404` for others."""
    urn = scope.visible_to(person(request)).filter(pk=pk).first()
    if urn is None:
        raise Http404
    return urn


@dataclass(frozen=True)
class Question:
    """What is asked before a step, in words, and where to go on."""

    title: str
    action: str
    back: str
    done: str
    sentence: str = ""
    facts: Sequence[str] = field(default_factory=tuple)


def ask(
    request: HttpRequest,
    question: Question,
    act: Callable[[dict[str, Any]], Any],
    *,
    form: Form | None = None,
    template: str = "ui/confirm.html",
    **context: Any,
) -> HttpResponse:
    """Ask on a page of its own; on the answer take the step with the form's values and go on."""
    status, faults = 200, list[str]()
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(form.cleaned_data if form else {})
        except Refused as refusal:
            status, faults = UNFIT, list(refusal.sentences)
        else:
            messages.success(request, question.done)
            return htmx.go(request, question.back)
    elif request.method == "POST":
        status = UNFIT
    for sentence in faults:
        if form is None:
            messages.error(request, sentence)
        else:
            form.add_error(None, sentence)
    shown = {
        "title": question.title,
        "sentence": question.sentence,
        "facts": question.facts,
        "action": question.action,
        "cancel_url": question.back,
        "form": form,
        "why_not": "",
    }
    return render(request, template, {**shown, **context}, status=status)
