"""Meetings: the list, one with agenda and people, planning, opening, calling off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests
from qingfeng.core.errors import Denied
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import meetings as actions
from qingfeng.decisions.enums import MeetingState
from qingfeng.decisions.forms import approvals as reasons
from qingfeng.decisions.forms import meetings as forms
from qingfeng.decisions.models.committee import Meeting
from qingfeng.decisions.presenters import meetings as presenters
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import people, scope
from qingfeng.decisions.views.steps import Question, ask, fill, person, take
from qingfeng.workflow import engine

COLUMNS = (
    listing.Column("meeting", "会议", str, order=("year", "number", "planned_for")),
    listing.Column("when", "开会时间", lambda row: clock.spoken(row.planned_for), order=("planned_for",)),
    listing.Column("place", "地点", lambda row: row.place, order=("place",)),
    listing.Column("state", "状态", lambda row: row.get_state_display(), order=("state",)),
    listing.Column("chair", "主持", lambda row: row.chair.name),
    listing.Column("items", "议题", lambda row: row.item_count, order=("item_count",), numeric=True),
)


def _listing(request: HttpRequest) -> listing.Listing:
    years = [(str(year), f"{year} 年") for year in queries.years()]
    return listing.build(
        queries.with_counts(queries.visible_to(person(request))),
        request.GET,
        columns=COLUMNS,
        filters=(
            listing.Filter("state", "状态", MeetingState.choices, "state"),
            listing.Filter("year", "年份", years, "year"),
        ),
        default_sort="-when",
    )


def meeting_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    found = _listing(request)
    context = {
        "title": f"{found.total} 次会议" + ("符合条件" if found.is_filtered else ""),
        "listing": found,
        "rows": [(row, presenters.TONES[MeetingState(row.state)]) for row in found.page.object_list],
        "why_not_call": rules.call_meeting.why_not(user),
    }
    return render(request, "decisions/meeting_list.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what=Meeting.kind,
        rows=rows.count() if rows is not None else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="常委会会议")


def found(request: HttpRequest, pk: int) -> Meeting:
    rows = queries.with_counts(queries.visible_to(person(request)))
    return get_object_or_404(rows, pk=pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting: agenda, turnout and, to the clerk, what comes next."""
    user, meeting = person(request), found(request, pk)
    agenda, seen = queries.agenda(meeting), queries.items_seen(user, meeting)
    count = queries.turnout(meeting)
    lines = presenters.lines(agenda, seen)
    done = sum(line.is_decided for line in lines)
    keeps = rules.arrange.allows(user, meeting)
    is_open = meeting.state in actions.OPEN_STATES
    context = {
        "meeting": meeting,
        "tone": presenters.TONES[MeetingState(meeting.state)],
        "sentence": presenters.sentence(meeting, done, len(lines)),
        "lines": lines,
        "count": count,
        "people": presenters.people(queries.attendances(meeting)),
        "keeps": keeps,
        "is_open": is_open,
        "is_planned": meeting.state == MeetingState.PLANNED,
        "is_held": meeting.state == MeetingState.HELD,
        "agenda_form": forms.AgendaForm(None, matters=queries.open_matters(user))
        if keeps and is_open
        else None,
        "why_not_open": _why_not_open(meeting, count, lines),
        "why_not_minute": _why_not_minute(user, meeting, lines, done),
        "may_read_minutes": meeting.minutes_id is not None and scope.minutes_of(user).filter(pk=pk).exists(),
        "corrections": [row for row in queries.corrections(meeting) if row.item_id is None],
        "why_not_correct": rules.correct_minutes.why_not(user, meeting),
    }
    return render(request, "decisions/meeting_detail.html", context)


def _why_not_open(meeting: Meeting, count: queries.Turnout, lines: list[Any]) -> str:
    if not lines:
        return "议程里还没有议题"
    if timezone.localdate(meeting.planned_for) > timezone.localdate():
        return "还没有到开会的日期"
    return "" if count.is_met else f"{count.words}，不能开会"


def _why_not_minute(user: Any, meeting: Meeting, lines: list[Any], done: int) -> str:
    left = len(lines) - done
    if meeting.state == MeetingState.HELD and left:
        return f"还有 {left} 项议题没有记录结果"
    return engine.why_not(meeting, states.MINUTE, rules.make_minutes, user)


def new(request: HttpRequest) -> HttpResponse:
    user, now = person(request), clock.now()
    rules.call_meeting.check(user)
    secretary = people.members(clock.today()).filter(pk__in=people.secretaries(clock.today())).first()
    form = _form(requests.posted(request), {"recorder": user.pk, "chair": secretary})
    status, made = 200, list[Meeting]()
    if request.method == "POST":
        status = fill(form, lambda: made.append(actions.call(**_given(form), by=user, at=now)))
        if made:
            messages.success(request, "会议已安排，请列议程、核对参会人员，再发会议通知。")
            return redirect("decisions:meeting", made[0].pk)
    context = {"form": form, "meeting": None, "back": reverse("decisions:meetings")}
    return render(request, "decisions/meeting_form.html", context, status=status)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    rules.arrange.check(user, meeting)
    initial = {
        "planned_for": timezone.localtime(meeting.planned_for),
        "place": meeting.place,
        "chair": meeting.chair_id,
        "chair_note": meeting.chair_note,
        "recorder": meeting.recorder_id,
        "revision": meeting.revision,
    }
    form, status = _form(requests.posted(request), initial), 200
    if request.method == "POST":
        status = fill(
            form,
            lambda: actions.change(
                meeting=meeting,
                **_given(form),
                seen=form.cleaned_data["revision"] or 0,
                by=user,
                at=clock.now(),
            ),
        )
        if status == 200:
            messages.success(request, "会议安排已修改。")
            return redirect("decisions:meeting", pk)
    back = reverse("decisions:meeting", args=[pk])
    context = {"form": form, "meeting": found(request, pk), "back": back, "is_conflict": status == 409}
    return render(request, "decisions/meeting_form.html", context, status=status)


def _form(data: Any, initial: dict[str, Any]) -> forms.MeetingForm:
    today = clock.today()
    return forms.MeetingForm(
        data, people=people.of_commission(today), clerks=people.clerks(today), initial=initial
    )


def _given(form: forms.MeetingForm) -> dict[str, Any]:
    names = ("planned_for", "place", "chair", "chair_note", "recorder")
    return {name: form.cleaned_data[name] for name in names}


@require_POST
def open_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    return take(
        request,
        lambda: actions.open_meeting(meeting=meeting, by=user, at=clock.now()),
        done="会议开始，次数已编定。逐项记录讨论和议决结果。",
        back=reverse("decisions:meeting", args=[pk]),
    )


@require_POST
def notify(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    return take(
        request,
        lambda: actions.notify(meeting=meeting, by=user, at=clock.now()),
        done="会议通知已发给名单上的人员。",
        back=reverse("decisions:meeting", args=[pk]),
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user, meeting = person(request), found(request, pk)
    why = engine.why_not(meeting, states.CANCEL, rules.cancel_meeting, user)
    if why:
        raise Denied(why, rules.cancel_meeting.name)
    question = Question(
        title="取消这次会议",
        action="取消会议",
        back=reverse("decisions:meeting", args=[pk]),
        done="会议已取消。",
        sentence=f"议程里的 {len(queries.agenda(meeting))} 项议题回到待上会，不占用会议次数。取消不能恢复。",
    )
    form = reasons.ReasonForm(requests.posted(request))
    return ask(
        request,
        question,
        lambda data: actions.cancel(meeting=meeting, reason=data["reason"], by=user, at=clock.now()),
        form,
    )


def numbers(request: HttpRequest) -> HttpResponse:
    """Go on from the meetings that were numbered on paper."""
    user = person(request)
    rules.call_meeting.check(user)
    question = Question(
        title="接续今年的会议次数",
        action="保存",
        back=reverse("decisions:meetings"),
        done="会议次数已接续。",
        sentence="会议在开会时编定次数，不跳号、不重号。平台上已经开过会的年份不能再改。",
    )
    form = forms.NumbersForm(requests.posted(request), initial={"year": clock.today().year})
    return ask(
        request,
        question,
        lambda data: actions.continue_numbers(**data, by=user, at=clock.now()),
        form,
    )
