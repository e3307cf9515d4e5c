"""Matters for the committee: the pool, one matter, submitting and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Denied
from qingfeng.core.references import Reference
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import agenda as actions
from qingfeng.decisions.enums import MatterState
from qingfeng.decisions.forms import approvals as forms
from qingfeng.decisions.models.committee import Matter
from qingfeng.decisions.queries import agenda as queries
from qingfeng.decisions.queries import printing, scope, subjects
from qingfeng.decisions.views.steps import Question, ask, fill, person
from qingfeng.workflow import engine

TONES = {
    MatterState.WAITING: "warn",
    MatterState.SCHEDULED: "info",
    MatterState.DECIDED: "good",
    MatterState.WITHDRAWN: "",
}
COLUMNS = (
    listing.Column("title", "议题", lambda row: row.title, order=("title",)),
    listing.Column("kind", "类别", lambda row: subjects.label_of(row.subject_kind), order=("subject_kind",)),
    listing.Column("state", "状态", lambda row: row.get_state_display(), order=("state",)),
    listing.Column("office", "提交部门", lambda row: printing.office_words(row.office), order=("office",)),
    listing.Column("by", "提交人", lambda row: row.submitted_by.name if row.submitted_by else "系统"),
    listing.Column(
        "on", "提交日期", lambda row: timezone.localdate(row.submitted_on), order=("submitted_on",)
    ),
)


def _listing(request: HttpRequest) -> listing.Listing:
    kinds = [(kind, known.label) for kind, known in subjects.KINDS.items()]
    return listing.build(
        queries.visible_to(person(request)).select_related("submitted_by"),
        searches.sought(request),
        columns=COLUMNS,
        filters=(
            listing.Filter("state", "状态", MatterState.choices, "state"),
            listing.Filter("kind", "类别", kinds, "subject_kind"),
        ),
        search=("title", "summary"),
        default_sort="-on",
    )


def matter_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    found, waiting = _listing(request), queries.waiting(user).count()
    title = f"{waiting} 项议题待上会" if waiting else "没有待上会的议题"
    context = {
        "title": f"{found.total} 项议题符合条件" if found.is_filtered else title,
        "listing": found,
        "rows": [
            {
                "matter": row,
                "tone": TONES[MatterState(row.state)],
                "kind": subjects.label_of(row.subject_kind),
                "office": printing.office_words(row.office),
            }
            for row in found.page.object_list
        ],
    }
    return render(request, "decisions/matter_list.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what=Matter.kind,
        rows=rows.count() if rows is not None else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="议题")


def _found(request: HttpRequest, pk: int) -> Matter:
    rows = queries.visible_to(person(request)).select_related("submitted_by")
    return get_object_or_404(rows, pk=pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a matter, and where it was dealt with as far as the user may know."""
    user, matter = person(request), _found(request, pk)
    name, url = subjects.name_of(matter.subject_kind, matter.subject_id)
    seen = set(scope.items(user).filter(matter=matter).values_list("pk", flat=True))
    meetings = set(scope.meetings(user).values_list("pk", flat=True))
    context = {
        "matter": matter,
        "tone": TONES[MatterState(matter.state)],
        "kind": subjects.label_of(matter.subject_kind),
        "subject_name": name,
        "subject_url": url,
        "office": printing.office_words(matter.office),
        "items": [
            {"item": row, "is_seen": row.pk in seen, "has_page": row.meeting_id in meetings}
            for row in queries.items_of(matter)
        ],
        "is_own": matter.submitted_by_id == user.pk,
        "why_not_take_back": engine.why_not(matter, states.TAKE_BACK, rules.take_back, user),
    }
    return render(request, "decisions/matter_detail.html", context)


def new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Submit a thing to the committee, where its owner lets the user."""
    user = person(request)
    if not subjects.may_ask(user, kind, pk):
        raise Http404
    name, back = subjects.name_of(kind, pk)
    form, status, made = forms.MatterForm(requests.posted(request), initial={"title": name}), 200, list[Any]()
    if request.method == "POST":
        where = Reference(kind, pk)
        status = fill(
            form,
            lambda: made.append(actions.submit(subject=where, **form.cleaned_data, by=user, at=clock.now())),
        )
        if made:
            messages.success(request, "议题已提交，等待列入会议议程。")
            return redirect("decisions:matter", made[0].pk)
    context = {"form": form, "over": name, "back": back or reverse("decisions:matters")}
    return render(request, "decisions/matter_form.html", context, status=status)


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    user, matter = person(request), _found(request, pk)
    why = engine.why_not(matter, states.TAKE_BACK, rules.take_back, user)
    if why:
        raise Denied(why, rules.take_back.name)
    question = Question(
        title="撤回这项议题",
        action="撤回议题",
        back=reverse("decisions:matter", args=[pk]),
        done="议题已撤回。",
        sentence="撤回后不再上会；需要时可以重新提交。",
    )
    form = forms.ReasonForm(requests.posted(request))
    return ask(
        request,
        question,
        lambda data: actions.take_back(matter=matter, reason=data["reason"], by=user, at=clock.now()),
        form,
    )
