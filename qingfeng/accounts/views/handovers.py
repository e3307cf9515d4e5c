from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts import rules
from qingfeng.accounts.actions import handovers as actions
from qingfeng.accounts.enums import HandoverState
from qingfeng.accounts.forms import absences as forms
from qingfeng.accounts.forms.accounts import take_refusal
from qingfeng.accounts.queries import accounts as account_queries
from qingfeng.accounts.queries import handovers as queries
from qingfeng.accounts.queries import stand_ins
from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Refused

COLUMNS = (
    listing.Column("giver", "移交人", lambda row: row.giver.name, order=("giver__name",)),
    listing.Column("taker", "接收人", lambda row: row.taker.name, order=("taker__name",)),
    listing.Column("roles", "角色", queries.role_words),
    listing.Column("last_day", "移交人最后一天", lambda row: row.last_day, order=("last_day",)),
    listing.Column("items", "未办结事项", lambda row: row.item_count, order=("item_count",), numeric=True),
    listing.Column("state", "状态", lambda row: queries.state_of(row).label),
    listing.Column("reason", "依据", lambda row: row.reason),
)


def _listing(request: HttpRequest) -> listing.Listing:
    filters = (listing.Filter("state", "状态", HandoverState.choices, queries.in_state),)
    return listing.build(
        queries.with_grants(queries.visible_to(user_of(request))),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("giver__name", "taker__name", "reason"),
        default_sort="-last_day",
    )


def handover_list(request: HttpRequest) -> HttpResponse:
    found = _listing(request)
    context = {
        "title": f"{found.total} 次岗位交接符合条件" if found.is_filtered else f"共 {found.total} 次岗位交接",
        "listing": found,
    }
    return render(request, "accounts/handover_list.html", context)


@require_POST
def handover_export(request: HttpRequest) -> HttpResponse:
    rows = _listing(request).rows
    audit.record_export(
        what="handover",
        rows=rows.count() if rows else 0,
        by=user_of(request),
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="岗位交接")


def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = user_of(request), clock.today()
    giver = get_object_or_404(account_queries.visible_to(user), pk=pk)
    rules.hand_over_office.check(user, giver)
    form = forms.HandoverForm(
        requests.posted(request),
        grants=stand_ins.grants_to_pass(giver, user, today),
        takers=stand_ins.deputies_for(giver, user, today),
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.hand_over(giver=giver, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, f"{row.last_day:%Y-%m-%d} 之后，由{row.taker}接任。清单待双方确认。")
            return redirect("accounts:handover", pk=row.pk)
    context = {"title": f"{giver}的岗位交给谁", "form": form, "giver": giver}
    return render(request, "accounts/handover_form.html", context)


def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(queries.with_grants(queries.visible_to(user)), pk=pk)
    may_read = rules.read_handover_list.allows(user, row)
    state = queries.state_of(row)
    context = {
        "title": f"{row}：{state.label}",
        "row": row,
        "state": state,
        "may_read": may_read,
        "items": queries.items_of(row) if may_read else [],
        "kept": queries.kept_by_giver(row),
        "is_unchanged": not row.digest or queries.digest_of(row) == row.digest,
        "why_not_give": rules.give_handover.why_not(user, row),
        "why_not_take": rules.take_handover.why_not(user, row),
        "is_giving": state == HandoverState.GIVING,
        "is_taking": state == HandoverState.TAKING,
    }
    return render(request, "accounts/handover_detail.html", context)


def give(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(queries.visible_to(user), pk=pk)
    rules.give_handover.check(user, row)
    if request.method == "POST":
        actions.give(handover=row, by=user, at=clock.now())
        messages.success(request, "移交清单已确认，等接收人核对。")
        return redirect("accounts:handover", pk=pk)
    context = {
        "title": f"确认移交清单：{row}",
        "sentence": "确认时按现在的未办结事项重新列一次清单，之后不再变动。",
        "facts": [f"现在列有 {row.items.count()} 项"],
        "action": "确认移交",
        "cancel_url": reverse("accounts:handover", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(queries.visible_to(user), pk=pk)
    try:
        actions.take(handover=row, by=user, at=clock.now(), digest=request.POST.get("digest", ""))
    except Refused as refusal:
        messages.error(request, "；".join(refusal.sentences))
    else:
        messages.success(request, "已确认接收，交接完成。")
    return redirect("accounts:handover", pk=pk)
