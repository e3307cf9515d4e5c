"""The audit book for the audit administrator: list, export, state of the chain, verification."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit_actions
from qingfeng.audit import queries as audit
from qingfeng.audit import rules
from qingfeng.audit.enums import Outcome
from qingfeng.core import clock, htmx, listing, searches
from qingfeng.shell.actions import jobs as actions
from qingfeng.shell.forms.audit import PeriodForm
from qingfeng.shell.queries import audit as queries
from qingfeng.shell.queries import jobs as job_queries
from qingfeng.shell.queries.audit_words import action_words

COLUMNS = (
    listing.Column("at", "时间", lambda entry: clock.spoken(entry.at), order=("at",)),
    listing.Column("actor", "操作人", lambda entry: entry.actor_name, order=("actor_name",)),
    listing.Column("action", "动作", lambda entry: action_words(entry.action), order=("action",)),
    listing.Column("subject", "对象", queries.subject_words),
    listing.Column("outcome", "结果", lambda entry: entry.get_outcome_display(), order=("outcome",)),
    listing.Column("address", "来源地址", lambda entry: entry.address),
    listing.Column("detail", "说明", queries.detail_words),
)


def _listing(request: HttpRequest, period: PeriodForm) -> listing.Listing:
    given: dict[str, Any] = period.cleaned_data if period.is_valid() else {}
    rows = queries.between(audit.visible_to(user_of(request)), given.get("since"), given.get("until"))
    filters = (
        listing.Filter("action", "动作", queries.action_choices(), "action"),
        listing.Filter("outcome", "结果", Outcome.choices, "outcome"),
    )
    search = ("actor_name", "address")
    return listing.build(
        rows, searches.sought(request), columns=COLUMNS, filters=filters, search=search, default_sort="-at"
    )


def entry_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read.check(user)
    period = PeriodForm(request.GET)
    found = _listing(request, period)
    narrowed = found.is_filtered or bool(period.data.get("since") or period.data.get("until"))
    context = {
        "title": f"{found.total} 条记录符合条件" if narrowed else f"共有 {found.total} 条审计记录",
        "is_narrowed": narrowed,
        "listing": found,
        "lines": queries.lines(found.page.object_list),
        "period": period,
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "chain": queries.chain(user),
    }
    return render(request, "shell/audit_list.html", context)


@require_POST
def entry_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.export.check(user)
    rows = _listing(request, PeriodForm(request.GET)).rows
    count = rows.count() if rows is not None else 0
    address = request.META.get("REMOTE_ADDR", "")
    audit_actions.record_export(what="audit_entry", rows=count, by=user, at=clock.now(), address=address)
    return listing.export(rows.iterator() if rows is not None else (), COLUMNS, title="审计记录")


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    actions.verify_audit_book(by=user_of(request), at=clock.now())
    messages.success(request, "校验已开始，可以离开页面。")
    return redirect("audit:list")


def verification(request: HttpRequest) -> HttpResponse:
    """Show how far the last verification is, whoever asked for it."""
    user = user_of(request)
    rules.read.check(user)
    job = queries.last_verification()
    if job is None:
        raise Http404
    context = {"row": job_queries.rows(user, [job])[0], "panel_url": reverse("audit:verification")}
    return htmx.respond(request, "shell/audit_verification.html", context, fragment="panel")
