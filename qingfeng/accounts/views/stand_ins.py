from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts import rules
from qingfeng.accounts.actions import stand_ins as actions
from qingfeng.accounts.enums import LeaveKind, StandInState
from qingfeng.accounts.forms import absences as forms
from qingfeng.accounts.forms.accounts import ReasonForm, take_refusal
from qingfeng.accounts.models import StandIn, User
from qingfeng.accounts.queries import stand_ins as queries
from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Refused

COLUMNS = (
    listing.Column("absent", "离岗人", lambda row: row.absent.name, order=("absent__name",)),
    listing.Column("deputy", "代理人", lambda row: row.deputy.name, order=("deputy__name",)),
    listing.Column("roles", "所代角色", queries.role_words),
    listing.Column("kind", "离岗原因", lambda row: row.get_leave_kind_display(), order=("leave_kind",)),
    listing.Column("starts", "开始", lambda row: row.starts_on, order=("starts_on",)),
    listing.Column("ends", "结束", lambda row: row.ends_on, order=("ends_on",)),
    listing.Column("state", "状态", lambda row: queries.state_of(row).label),
    listing.Column("by", "确认人", lambda row: row.confirmed_by or "", order=("confirmed_by__name",)),
)


def _listing(request: HttpRequest) -> listing.Listing:
    filters = (
        listing.Filter("state", "状态", StandInState.choices, queries.in_state),
        listing.Filter("kind", "离岗原因", LeaveKind.choices, "leave_kind"),
    )
    return listing.build(
        queries.with_grants(queries.visible_to(user_of(request))),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("absent__name", "deputy__name"),
        default_sort="-starts",
    )


def stand_in_list(request: HttpRequest) -> HttpResponse:
    found = _listing(request)
    running = queries.in_state(queries.visible_to(user_of(request)), StandInState.RUNNING).count()
    context = {
        "title": f"{found.total} 项代理符合条件" if found.is_filtered else f"现有 {running} 项代理正在进行",
        "listing": found,
    }
    return render(request, "accounts/stand_in_list.html", context)


@require_POST
def stand_in_export(request: HttpRequest) -> HttpResponse:
    rows = _listing(request).rows
    audit.record_export(
        what="stand_in",
        rows=rows.count() if rows else 0,
        by=user_of(request),
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="代理")


def ask(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Ask for oneself, or for whom one may ask."""
    user = user_of(request)
    absent = user if pk is None else get_object_or_404(queries.whom_one_may_ask_for(user), pk=pk)
    form = _form(request, user, absent)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.ask(absent=absent, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, f"已提出由{row.deputy}代理，等待确认。")
            return redirect("accounts:stand_in", pk=row.pk)
    title = "请谁在您离岗时代理" if absent == user else f"{absent}离岗时由谁代理"
    context = {"title": title, "form": form, "has_roles": form.fields["grants"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "accounts/stand_in_form.html", context)


def _form(request: HttpRequest, user: User, absent: User) -> forms.StandInForm:
    today = clock.today()
    return forms.StandInForm(
        requests.posted(request),
        grants=queries.grants_to_pass(absent, user, today),
        deputies=queries.deputies_for(absent, user, today),
        today=today,
    )


def stand_in_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(queries.with_grants(queries.visible_to(user)), pk=pk)
    state = queries.state_of(row)
    context = {
        "title": f"{row}：{state.label}",
        "row": row,
        "state": state,
        "story": queries.story_of(row),
        "why_not_answer": rules.answer_stand_in.why_not(user, row),
        "why_not_end": rules.end_stand_in.why_not(user, row),
        "is_asked": state == StandInState.ASKED,
        "is_open": state in {StandInState.ASKED, StandInState.LATER, StandInState.RUNNING},
    }
    return render(request, "accounts/stand_in_detail.html", context)


ACTS: dict[str, tuple[str, str, Any]] = {
    "confirm": ("确认代理", "从开始日期起，代理人有下列角色；到期自动收回。", rules.answer_stand_in),
    "refuse": ("不同意", "理由会告诉双方。", rules.answer_stand_in),
    "end": ("结束代理", "代理人的这些角色立即收回，记录保留。", rules.end_stand_in),
}


def stand_in_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(queries.with_grants(queries.visible_to(user)), pk=pk)
    if verb not in ACTS:
        raise Http404
    label, sentence, rule = ACTS[verb]
    rule.check(user, row)
    form = None if verb == "confirm" else ReasonForm(requests.posted(request))
    refused: tuple[str, ...] = ()
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _do(verb, row, user, form.cleaned_data["reason"] if form else "")
        except Refused as refusal:
            refused = refusal.sentences
        else:
            messages.success(request, f"{row}：已办理“{label}”。")
            return redirect("accounts:stand_in", pk=pk)
    context = {
        "title": f"{label}：{row}",
        "sentence": sentence,
        "facts": [f"角色：{queries.role_words(row)}", f"{row.starts_on:%Y-%m-%d} 至 {row.ends_on:%Y-%m-%d}"],
        "form": form,
        "action": label,
        "why_not": "；".join(refused),
        "cancel_url": reverse("accounts:stand_in", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


def _do(verb: str, row: StandIn, user: User, reason: str) -> None:
    if verb == "confirm":
        actions.confirm(stand_in=row, by=user, at=clock.now())
    elif verb == "refuse":
        actions.refuse(stand_in=row, by=user, at=clock.now(), reason=reason)
    else:
        actions.end(stand_in=row, by=user, at=clock.now(), reason=reason)
