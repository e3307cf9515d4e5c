"""Minutes: making them, reading them, entering corrections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.core import clock, requests
from qingfeng.decisions import rules
from qingfeng.decisions.actions import minutes as actions
from qingfeng.decisions.actions import recording
from qingfeng.decisions.forms import meetings as forms
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import printing, scope
from qingfeng.decisions.views.meetings import found
from qingfeng.decisions.views.steps import Question, ask, person, take
from qingfeng.documents import states as document_states


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    return take(
        request,
        lambda: actions.make(meeting=meeting, by=user, at=clock.now()),
        done="纪要已形成。核对后由办公室编号印发。",
        back=reverse("decisions:meeting", args=[pk]),
    )


@require_POST
def make_again(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    return take(
        request,
        lambda: actions.make_again(meeting=meeting, by=user, at=clock.now()),
        done="纪要已按更正重新生成，以前的稿件保留。",
        back=reverse("decisions:minutes", args=[pk]),
    )


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the minutes; whoever recused himself from an item reads the others on the meeting's page."""
    user = person(request)
    rows = queries.with_counts(scope.minutes_of(user)).filter(minutes__isnull=False)
    meeting = get_object_or_404(rows, pk=pk)
    minutes = meeting.minutes
    assert minutes is not None, "the query has kept those with minutes"
    present, absent, observers = printing.people_of(meeting)
    context = {
        "meeting": meeting,
        "document": minutes,
        "text": actions.text_of(meeting),
        "present": present,
        "absent": absent,
        "observers": observers,
        "is_draft": minutes.state in document_states.WRITABLE,
        "why_not_again": rules.make_minutes.why_not(user, meeting),
        "why_not_correct": rules.correct_minutes.why_not(user, meeting),
    }
    return render(request, "decisions/minutes_detail.html", context)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    rules.correct_minutes.check(user, meeting)
    items = scope.items(user).filter(meeting=meeting).order_by("position")
    question = Question(
        title="登记更正",
        action="登记更正",
        back=reverse("decisions:meeting", args=[pk]),
        done="更正已登记，原记录保留。",
        sentence="更正是新的一条记录，写在原记录旁边，原记录不改动。纪要还没有印发的，登记后重新生成。",
    )
    form = forms.CorrectionForm(requests.posted(request), items=items)
    return ask(
        request,
        question,
        lambda data: recording.correct(meeting=meeting, **data, by=user, at=clock.now()),
        form,
    )
