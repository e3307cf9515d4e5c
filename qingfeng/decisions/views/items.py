"""One item of a meeting while it is dealt with: papers, notes, votes, result, recusal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qingfeng.core import clock, requests
from qingfeng.core.errors import Denied
from qingfeng.decisions import rules
from qingfeng.decisions.actions import recording as actions
from qingfeng.decisions.enums import MeetingState
from qingfeng.decisions.forms import approvals as reasons
from qingfeng.decisions.forms import meetings as forms
from qingfeng.decisions.models.committee import AgendaItem
from qingfeng.decisions.presenters import meetings as presenters
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import scope, subjects
from qingfeng.decisions.views.steps import CLASH, Question, ask, fill, person


def found(request: HttpRequest, pk: int) -> AgendaItem:
    """Return an item in the user's scope; who is recused from it does not find it."""
    rows = scope.items(person(request)).select_related(
        "meeting__chair", "matter", "presider", "resolution__by"
    )
    return get_object_or_404(rows, pk=pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an item, and let the clerk note the discussion or record the result."""
    item = found(request, pk)
    initial = {"discussion": item.discussion, "revision": item.revision}
    form, status = forms.RecordForm(requests.posted(request), initial=initial), 200
    if request.method == "POST":
        status = _record(request, item, form)
        if status == 200:
            messages.success(request, "已保存。")
            return redirect("decisions:item", pk)
        item = found(request, pk)
    context = _page(request, item) | {"form": form, "is_conflict": status == CLASH}
    return render(request, "decisions/item_detail.html", context, status=status)


def _record(request: HttpRequest, item: AgendaItem, form: forms.RecordForm) -> int:
    user = person(request)

    def act() -> None:
        data = form.cleaned_data
        given: dict[str, Any] = {
            "item": item,
            "discussion": data["discussion"],
            "seen": data["revision"],
            "by": user,
            "at": clock.now(),
        }
        if data["result"]:
            actions.decide(result=data["result"], text=data["text"], votes=form.votes(), **given)
        else:
            actions.note(**given)

    return fill(form, act)


def _page(request: HttpRequest, item: AgendaItem) -> dict[str, Any]:
    user, meeting = person(request), item.meeting
    whole = next(row for row in queries.agenda(meeting) if row.pk == item.pk)
    count = queries.turnout(meeting, item)
    name, url = subjects.name_of(item.matter.subject_kind, item.matter.subject_id)
    is_held = meeting.state == MeetingState.HELD
    is_decided = queries.is_decided(whole)
    me = queries.attendance_of(user, meeting)
    is_open = not is_decided and meeting.state in {MeetingState.PLANNED, MeetingState.HELD}
    return {
        "item": whole,
        "meeting": meeting,
        "line": presenters.line(whole, is_seen=True),
        "count": count,
        "recusals": queries.recusals_of(whole),
        "needed": queries.votes_needed(count),
        "subject_name": name,
        "subject_url": url,
        "may_record": is_held and not is_decided and rules.record.allows(user, item),
        "why_not_record": rules.record.why_not(user, item),
        "is_held": is_held,
        "is_decided": is_decided,
        "may_recuse": is_open and (me is not None or rules.arrange.allows(user, meeting)),
        "may_lift": is_open and meeting.chair_id == user.pk,
        "corrections": list(whole.corrections.all()),
    }


def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a recusal: one's own, or by the chair's decision anybody's at the item."""
    user, item = person(request), found(request, pk)
    rows = queries.may_be_recused(item)
    if not (item.meeting.chair_id == user.pk or rules.arrange.allows(user, item.meeting)):
        rows = rows.filter(user=user.pk)
    if not rows.exists():
        raise Denied("您不在这一议题的参会名单里，不必登记回避", rules.recuse.name)
    form = forms.RecusalForm(requests.posted(request), people=rows)
    question = Question(
        title="登记回避",
        action="登记回避",
        back=reverse("decisions:meeting", args=[item.meeting_id]),
        done="回避已登记，写进会议纪要。",
        sentence=(
            "回避的人看不到这一议题的材料和讨论，不参加表决，也不计入应到人数。"
            "情形参照《监察法》第六十七条；撤销须由会议主持人决定。"
        ),
    )
    return ask(
        request,
        question,
        lambda data: actions.recuse(item=item, **data, by=user, at=clock.now()),
        form,
    )


def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recusal back, by the chair's decision."""
    user = person(request)
    rows = queries.active_recusals().filter(item__in=scope.items(user))
    recusal = get_object_or_404(rows, pk=pk)
    rules.lift_recusal.check(user, recusal)
    question = Question(
        title=f"撤销{recusal.attendance.name}的回避",
        action="撤销回避",
        back=reverse("decisions:item", args=[recusal.item_id]),
        done="回避已撤销。",
        sentence="撤销后可以参加审议和表决；登记和撤销都保留记录。",
    )
    form = reasons.ReasonForm(requests.posted(request))
    return ask(
        request,
        question,
        lambda data: actions.lift_recusal(recusal=recusal, reason=data["reason"], by=user, at=clock.now()),
        form,
    )


def preside(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who presides over an item from which the chair is recused."""
    user, item = person(request), found(request, pk)
    rules.record.check(user, item)
    question = Question(
        title="指定本议题的主持人",
        action="指定",
        back=reverse("decisions:item", args=[pk]),
        done="已指定，写进会议纪要。",
        sentence="主持人回避时，由到会而没有回避的委员主持。",
    )
    form = forms.PresiderForm(requests.posted(request), people=queries.may_preside(item))
    return ask(
        request,
        question,
        lambda data: actions.preside(item=item, presider=data["presider"], by=user, at=clock.now()),
        form,
    )
