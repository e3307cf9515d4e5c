"""One step a person takes on a page: done and said, or refused and said why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.core import htmx
from qingfeng.core.errors import Conflict, Refused

UNFIT = 422
CLASH = 409


def person(request: HttpRequest) -> User:
    """Return who has signed in. Raises `PermissionDenied` where nobody has."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def sentences_of(refusal: Refused | Conflict) -> list[str]:
    return [refusal.sentence] if isinstance(refusal, Conflict) else list(refusal.sentences)


def take(request: HttpRequest, act: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
    """Take the step and go on to a page, with a sentence of what was done or why it was not."""
    try:
        act()
    except (Refused, Conflict) as refusal:
        for sentence in sentences_of(refusal):
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return htmx.go(request, back)


def fill(form: Form, act: Callable[[], Any]) -> int:
    """Take a step with a filled form; return 200, or the status of what is wrong, said in the form."""
    if not form.is_valid():
        return UNFIT
    try:
        act()
    except (Refused, Conflict) as refusal:
        form.add_error(None, sentences_of(refusal))
        return CLASH if isinstance(refusal, Conflict) else UNFIT
    return 200


@dataclass(frozen=True)
class Question:
    """What is asked on a page of its own before a step, and where to go on."""

    title: str
    action: str
    back: str
    done: str
    sentence: str = ""
    facts: Sequence[str] = ()


def ask(
    request: HttpRequest,
    question: Question,
    act: Callable[[dict[str, Any]], Any],
    form: Form | None = None,
) -> HttpResponse:
    """Ask; on the answer take the step with the form's values and go on."""
    status, asking = 200, form or Form(request.POST or None)
    if request.method == "POST":
        status = fill(asking, lambda: act(asking.cleaned_data))
        if status == 200:
            messages.success(request, question.done)
            return htmx.go(request, question.back)
    context = {
        "title": question.title,
        "sentence": question.sentence,
        "facts": question.facts,
        "action": question.action,
        "cancel_url": question.back,
        "form": asking,
        "why_not": "",
    }
    return render(request, "ui/confirm.html", context, status=status)
