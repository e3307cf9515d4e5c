"""One step a person takes on a page: done and said, or refused and said why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.core import htmx
from qingfeng.core.errors import Conflict, Refused

Thing = TypeVar("Thing")
UNFIT = 422
CLASH = 409


def person(request: HttpRequest) -> User:
    """Return the signed-in person; every page of the evaluation asks for sign-in."""
    return cast("User", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent to change something; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def present(thing: Thing | None) -> Thing:
    """Return what there is. Raises `Http404` for nothing."""
    if thing is None:
        raise Http404
    return thing


def whole_number(text: str | None) -> int:
    """Read a hidden number of a form; −1 where it is none, which fits nothing."""
    return int(text) if text and text.isdecimal() else -1


def found_or_404(lines: Sequence[Any], code: str) -> Any:
    """Return the line of an indicator. Raises `Http404` where the round asks for none."""
    for line in lines:
        if line.indicator.code == code:
            return line
    raise Http404


def sentences_of(refusal: Refused | Conflict) -> list[str]:
    return [refusal.sentence] if isinstance(refusal, Conflict) else list(refusal.sentences)


def status_of(refusal: Refused | Conflict) -> int:
    return CLASH if isinstance(refusal, Conflict) else UNFIT


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
        return status_of(refusal)
    return 200


@dataclass(frozen=True)
class Question:
    """What is asked before a step, in words, and where to go on."""

    title: str
    action: str
    back: str
    done: str
    sentence: str = ""
    facts: Sequence[str] = field(default_factory=tuple)
    onward: str = ""
    why_not: str = ""


def ask(
    request: HttpRequest,
    question: Question,
    act: Callable[[dict[str, Any]], Any],
    *,
    form: Form | None = None,
) -> HttpResponse:
    """Ask on a page of its own; on the answer take the step with the form's values and go on."""
    status = 200
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(form.cleaned_data if form else {})
        except (Refused, Conflict) as refusal:
            status = _show_refusal(request, form, refusal)
        else:
            messages.success(request, question.done)
            return htmx.go(request, question.onward or question.back)
    elif request.method == "POST":
        status = UNFIT
    context = {
        "title": question.title,
        "sentence": question.sentence,
        "facts": question.facts,
        "action": question.action,
        "cancel_url": question.back,
        "form": form,
        "why_not": question.why_not,
    }
    return render(request, "ui/confirm.html", context, status=status)


def _show_refusal(request: HttpRequest, form: Form | None, refusal: Refused | Conflict) -> int:
    for sentence in sentences_of(refusal):
        if form is None:
            messages.error(request, sentence)
        else:
            form.add_error(None, sentence)
    return status_of(refusal)
