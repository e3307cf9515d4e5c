"""Who is at a meeting: members, observers, presence; and the order of its agenda."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.core import clock, requests
from qingfeng.core.errors import Refused
from qingfeng.decisions import rules
from qingfeng.decisions.actions import meetings as actions
from qingfeng.decisions.forms import meetings as forms
from qingfeng.decisions.models.committee import AgendaItem
from qingfeng.decisions.presenters import meetings as presenters
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import scope
from qingfeng.decisions.views.meetings import found
from qingfeng.decisions.views.steps import fill, person, sentences_of, take


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Note presence, and add observers or members."""
    user, meeting = person(request), found(request, pk)
    rules.arrange.check(user, meeting)
    form, status = _add_form(request, pk), 200
    if request.method == "POST":
        status = fill(
            form,
            lambda: actions.add_person(meeting=meeting, **form.cleaned_data, by=user, at=clock.now()),
        )
        if status == 200:
            messages.success(request, "参会名单已增加。")
            return redirect("decisions:people", pk)
    rows = presenters.people(queries.attendances(meeting))
    for entry in rows:
        row = entry["row"]
        initial = {"presence": row.presence, "reason": row.reason}
        entry["form"] = forms.PresenceForm(None, initial=initial, prefix=f"p{row.pk}")
    context = {
        "meeting": meeting,
        "rows": rows,
        "count": queries.turnout(meeting),
        "form": form,
        "is_open": meeting.state in actions.OPEN_STATES,
    }
    return render(request, "decisions/meeting_people.html", context, status=status)


def _add_form(request: HttpRequest, pk: int) -> forms.AddPersonForm:
    meeting = found(request, pk)
    date = timezone.localdate(meeting.planned_for)
    items = scope.items(person(request)).filter(meeting=meeting).order_by("position")
    data = requests.posted(request)
    return forms.AddPersonForm(data, people=queries.may_be_added(meeting, date), items=items)


@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the presence of everybody on the page at once."""
    user, meeting = person(request), found(request, pk)
    rules.arrange.check(user, meeting)
    faults = []
    for row in queries.attendances(meeting):
        form = forms.PresenceForm(request.POST, prefix=f"p{row.pk}")
        if not form.is_valid():
            continue
        given = form.cleaned_data
        if (given["presence"], given["reason"]) == (row.presence, row.reason):
            continue
        try:
            actions.mark_presence(attendance=row, **given, by=user, at=clock.now())
        except Refused as refusal:
            faults += sentences_of(refusal)
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, "到会情况已保存。")
    return redirect("decisions:people", pk)


@require_POST
def remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    rules.arrange.check(user, meeting)
    attendance = get_object_or_404(meeting.attendances.all(), pk=row)
    return take(
        request,
        lambda: actions.remove_person(attendance=attendance, by=user, at=clock.now()),
        done="已移出名单。",
        back=reverse("decisions:people", args=[pk]),
    )


@require_POST
def add_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a waiting matter on the agenda."""
    user, meeting = person(request), found(request, pk)
    rules.arrange.check(user, meeting)
    back = reverse("decisions:meeting", args=[pk])
    form = forms.AgendaForm(request.POST, matters=queries.open_matters(user))
    if not form.is_valid():
        messages.error(request, "请选择一项待上会的议题。")
        return redirect(back)
    matter = form.cleaned_data["matter"]
    return take(
        request,
        lambda: actions.put_on_agenda(meeting=meeting, matter=matter, by=user, at=clock.now()),
        done="已列入议程。",
        back=back,
    )


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    rows = scope.items(person(request)).select_related("meeting", "matter")
    return get_object_or_404(rows, pk=pk)


@require_POST
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    user, item = person(request), _item(request, pk)
    return take(
        request,
        lambda: actions.move_up(item=item, by=user, at=clock.now()),
        done="议程次序已调整。",
        back=reverse("decisions:meeting", args=[item.meeting_id]),
    )


@require_POST
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    user, item = person(request), _item(request, pk)
    return take(
        request,
        lambda: actions.take_off(item=item, by=user, at=clock.now()),
        done="已移出议程，议题回到待上会。",
        back=reverse("decisions:meeting", args=[item.meeting_id]),
    )
