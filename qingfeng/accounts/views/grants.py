from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts import rules
from qingfeng.accounts.actions import grants as actions
from qingfeng.accounts.forms import accounts as forms
from qingfeng.accounts.models import Grant
from qingfeng.accounts.queries import accounts as queries
from qingfeng.accounts.queries import loose
from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role


def _until(grant: Grant) -> Any:
    return grant.ends_on or "长期"


COLUMNS = (
    listing.Column("name", "姓名", lambda row: row.user.name, order=("user__name",)),
    listing.Column("role", "角色", str, order=("role",)),
    listing.Column("unit", "单位", lambda row: row.unit or "全部单位", order=("unit__code",)),
    listing.Column("starts", "生效日期", lambda row: row.starts_on, order=("starts_on",)),
    listing.Column("ends", "截止日期", _until, order=("ends_on",)),
    listing.Column("state", "状态", queries.grant_words),
    listing.Column("by", "授权人", lambda row: row.granted_by or "系统", order=("granted_by__name",)),
    listing.Column("reason", "授权依据", lambda row: row.reason),
    listing.Column("ended", "收回", lambda row: f"{clock.spoken(row.ended_at)} {row.end_reason}".strip()),
)


def _listing(request: HttpRequest) -> listing.Listing:
    filters = (
        listing.Filter("role", "角色", forms.GRANTABLE, "role"),
        listing.Filter("unit", "单位", queries.units_with_grants(), "unit"),
        listing.Filter("state", "状态", queries.GRANT_STATES, queries.grants_in_state),
    )
    return listing.build(
        queries.grants_visible_to(user_of(request)),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("user__name", "user__username", "unit__short_name", "reason"),
        default_sort="-starts",
    )


def grant_list(request: HttpRequest) -> HttpResponse:
    rules.read_accounts.check(user_of(request))
    found = _listing(request)
    context = {
        "title": f"{found.total} 次授权符合条件" if found.is_filtered else f"共 {found.total} 次授权",
        "listing": found,
        "rows": [(grant, queries.grant_words(grant)) for grant in found.page],
        "loose_count": len(loose.loose_grants(user_of(request), clock.today())),
    }
    return render(request, "accounts/grant_list.html", context)


@require_POST
def grant_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_accounts.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what="grant",
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="授权")


def grant_give(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    account = get_object_or_404(queries.visible_to(user), pk=pk)
    rules.give_grant.check(user, account, Role.OFFICE, None)
    today = clock.today()
    form = forms.GrantForm(request.POST or None, today=today, units=queries.units_to_grant(today))
    if request.method == "POST" and form.is_valid():
        try:
            grant = actions.give(account=account, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            messages.success(request, f"已授予{account.name}“{grant}”角色。")
            return redirect("accounts:detail", pk=pk)
    context = {"title": f"授予{account.name}一个角色", "form": form, "account": account}
    return render(request, "accounts/grant_form.html", context)


def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    grant = get_object_or_404(queries.grants_visible_to(user), pk=pk)
    rules.end_grant.check(user, grant)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end(grant=grant, by=user, at=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, f"已收回{grant.user}的“{grant}”角色。")
        return redirect("accounts:detail", pk=grant.user_id)
    context = {
        "title": f"收回{grant.user}的“{grant}”角色",
        "sentence": "立即生效，授权记录保留。",
        "facts": [f"范围：{grant.unit or '全部单位'}", f"授权依据：{grant.reason}"],
        "form": form,
        "action": "收回授权",
        "cancel_url": reverse("accounts:detail", args=[grant.user_id]),
    }
    return render(request, "ui/confirm.html", context)
