"""Approvals: the list, one with its chain, and a leader's opinion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches, working_days
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import approvals as actions
from qingfeng.decisions.enums import ApprovalState
from qingfeng.decisions.forms import approvals as forms
from qingfeng.decisions.models.approvals import Approval
from qingfeng.decisions.presenters import approvals as presenters
from qingfeng.decisions.queries import approvals as queries
from qingfeng.decisions.queries import printing, signers, subjects
from qingfeng.decisions.views.steps import fill, person
from qingfeng.workflow import engine

COLUMNS = (
    listing.Column("title", "事项", lambda row: row.title, order=("title",)),
    listing.Column("kind", "类别", lambda row: subjects.label_of(row.subject_kind), order=("subject_kind",)),
    listing.Column("state", "状态", lambda row: row.get_state_display(), order=("state",)),
    listing.Column("waits", "轮到谁", presenters.waits_for),
    listing.Column("due", "签批期限", lambda row: row.due, order=("due",)),
    listing.Column("asker", "呈批人", lambda row: row.asked_by.name if row.asked_by else "系统"),
    listing.Column("office", "承办部门", lambda row: printing.office_words(row.office), order=("office",)),
    listing.Column("asked", "呈批日期", lambda row: timezone.localdate(row.asked_on), order=("asked_on",)),
)


def _listing(request: HttpRequest) -> listing.Listing:
    user = person(request)

    def mine(rows: QuerySet[Approval], value: str) -> QuerySet[Approval]:
        found = {"mine": queries.waiting_for, "signed": queries.signed_by}.get(value)
        return rows.filter(pk__in=found(user).values("pk")) if found else rows.filter(asked_by=user.pk)

    kinds = [(kind, known.label) for kind, known in subjects.KINDS.items()]
    filters = (
        listing.Filter(
            "wait", "与我有关", (("mine", "等我签批"), ("asked", "我呈批的"), ("signed", "我签过的")), mine
        ),
        listing.Filter("state", "状态", ApprovalState.choices, "state"),
        listing.Filter("kind", "类别", kinds, "subject_kind"),
    )
    return listing.build(
        queries.with_chain(queries.visible_to(user)),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("title", "body"),
        default_sort="-asked",
    )


def approval_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    found, waiting = _listing(request), queries.waiting_for(user).count()
    own = working_days.overrides()
    title = f"有 {waiting} 件呈批等您签批" if waiting else "没有等您签批的呈批"
    if found.is_filtered:
        title = f"{found.total} 件呈批符合条件"
    context = {
        "title": title,
        "listing": found,
        "rows": [_row(row, own) for row in found.page.object_list],
        "sees_chains": rules.change_chain.allows(user),
    }
    return render(request, "decisions/approval_list.html", context)


def _row(row: Any, own: dict[dt.date, bool]) -> dict[str, Any]:
    return {
        "approval": row,
        "tone": presenters.TONES[ApprovalState(row.state)],
        "kind": subjects.label_of(row.subject_kind),
        "waits": presenters.waits_for(row),
        "limit": presenters.limit(row, own),
        "office": printing.office_words(row.office),
    }


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what=Approval.kind,
        rows=rows.count() if rows is not None else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="呈批")


def found(request: HttpRequest, pk: int) -> Approval:
    return get_object_or_404(queries.with_chain(queries.visible_to(person(request))), pk=pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request with its chain; a leader whose turn it is writes his opinion here."""
    user, approval = person(request), found(request, pk)
    step = signers.current_step(approval)
    why = engine.why_not(approval, states.GRANT, rules.sign, user)
    is_last = step is not None and not approval.steps.filter(position__gt=step.position).exists()
    form, status = forms.OpinionForm(requests.posted(request), is_last=is_last), 200
    if request.method == "POST":
        status = _sign(request, approval, form)
        if status == 200:
            messages.success(request, "您的意见已签批。")
            return redirect("decisions:approval", approval.pk)
        approval = found(request, pk)
    context = _page(request, approval) | {"form": form, "why_not_sign": why, "step": step}
    return render(request, "decisions/approval_detail.html", context, status=status)


def _sign(request: HttpRequest, approval: Approval, form: forms.OpinionForm) -> int:
    """Write the opinion on the step that the page showed."""
    user, shown = person(request), request.POST.get("step", "")
    step = get_object_or_404(approval.steps.all(), pk=int(shown) if shown.isdecimal() else 0)

    def act() -> None:
        given = {"step": step, "text": form.cleaned_data["text"], "by": user, "at": clock.now()}
        if form.cleaned_data["choice"] == forms.RETURN:
            actions.send_back(**given)
        else:
            actions.give_opinion(agree=form.cleaned_data["choice"] == forms.AGREE, **given)

    return fill(form, act)


def _page(request: HttpRequest, approval: Approval) -> dict[str, Any]:
    user = person(request)
    links = presenters.links(queries.chain(approval, timezone.localdate()))
    name, url = subjects.name_of(approval.subject_kind, approval.subject_id)
    is_own = approval.asked_by_id == user.pk
    is_over = approval.state in {ApprovalState.REFUSED, ApprovalState.RETURNED, ApprovalState.WITHDRAWN}
    return {
        "approval": approval,
        "sentence": presenters.sentence(approval, links),
        "tone": presenters.TONES[ApprovalState(approval.state)],
        "links": links,
        "steps": presenters.steps(links),
        "kind": subjects.label_of(approval.subject_kind),
        "subject_name": name,
        "subject_url": url,
        "office": printing.office_words(approval.office),
        "papers": [presenters.paper_line(row) for row in queries.papers(approval)],
        "is_own": is_own,
        "is_pending": approval.state == ApprovalState.PENDING,
        "is_unsigned": not any(link.state == "done" for link in links),
        "may_ask_again": is_own and is_over and queries.successor(approval) is None,
        "successor": queries.successor(approval),
        "nobody": _nobody(approval),
    }


def _nobody(approval: Approval) -> str:
    """Say that nobody holds the role whose turn it is."""
    step = signers.current_step(approval)
    if approval.state != ApprovalState.PENDING or step is None or signers.holders(step):
        return ""
    return f"现在没有人担任“{printing.step_words(step)}”，请联系安全管理员授权，或者撤回后改呈。"
