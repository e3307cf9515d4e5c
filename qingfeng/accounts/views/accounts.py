from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts import rules
from qingfeng.accounts.actions import accounts as actions
from qingfeng.accounts.actions import sign_in
from qingfeng.accounts.enums import AccountState
from qingfeng.accounts.forms import accounts as forms
from qingfeng.accounts.models import Grant, User
from qingfeng.accounts.queries import accounts as queries
from qingfeng.accounts.queries import policy
from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role
from qingfeng.core.rules import Rule

COLUMNS = (
    listing.Column("name", "姓名", lambda row: row.name, order=("name",)),
    listing.Column("username", "登录名", lambda row: row.username, order=("username",)),
    listing.Column("roles", "现有角色", queries.role_words),
    listing.Column("state", "状态", lambda row: queries.state_of(row).label, order=("-is_active",)),
    listing.Column("last", "最近登录", lambda row: clock.spoken(row.last_login), order=("last_login",)),
    listing.Column("created", "开户时间", lambda row: clock.spoken(row.created_at), order=("created_at",)),
)


def _listing(request: HttpRequest) -> listing.Listing:
    filters = (
        listing.Filter("role", "角色", Role.choices, queries.holding),
        listing.Filter("unit", "单位", queries.units_with_grants(), queries.reaching),
        listing.Filter("state", "状态", AccountState.choices, queries.in_state),
    )
    return listing.build(
        queries.with_roles(queries.visible_to(user_of(request))),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("name", "username"),
        default_sort="name",
    )


def account_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_accounts.check(user)
    found = _listing(request)
    context = {
        "title": f"{found.total} 个账号符合条件" if found.is_filtered else f"共有 {found.total} 个账号",
        "listing": found,
        "why_not_open": rules.open_account.why_not(user),
    }
    return render(request, "accounts/account_list.html", context)


@require_POST
def account_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_accounts.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what="user",
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="账号")


def account_open(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.open_account.check(user)
    form = forms.OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_account(**form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            return _password_once(request, opened, "账号已开")
    return render(request, "accounts/account_form.html", {"form": form})


def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    account = get_object_or_404(queries.visible_to(user), pk=pk)
    grants = queries.grants_of(user, account)
    standing = queries.standing(account)
    locked_until = sign_in.locked_until(username=account.username, at=clock.now())
    context = {
        "title": f"{account.name}：{_role_count(account, grants)}",
        "account": account,
        "seat": Role(account.seat_role).label if account.seat_role else "",
        "grants": [
            (grant, queries.grant_words(grant), rules.end_grant.why_not(user, grant)) for grant in grants
        ],
        "standing": standing,
        "locked_until": locked_until,
        "password_due": policy.password_expires_at(account),
        "acts": _offers(user, account, _fitting(account, standing, locked_until)),
        "why_not_hand_over": rules.hand_over_office.why_not(user, account),
        "why_not_grant": rules.give_grant.why_not(user, account, Role.OFFICE, None),
    }
    return render(request, "accounts/account_detail.html", context)


def _role_count(account: User, grants: Iterable[Grant]) -> str:
    if account.seat_role:
        return f"现任{Role(account.seat_role).label}"
    count = sum(queries.grant_state(grant) == "current" for grant in grants)
    return f"现有 {count} 个角色" if count else "现在没有角色"


@dataclass(frozen=True)
class Act:
    """One thing an administrator does to an account: its rule, its action, and the words of its page."""

    label: str
    rule: Rule
    action: Callable[..., Any]
    sentence: str
    done: str = ""


ACTS: dict[str, Act] = {
    "reset-password": Act(
        "重置密码",
        rules.reset_password,
        actions.reset_password,
        "给出一个临时密码，只显示一次；此人在别处的登录全部退出，下次登录须先改密。",
    ),
    "unlock": Act(
        "解除锁定",
        rules.unlock_account,
        actions.unlock,
        "此人因连续输错密码被锁定。请先确认是本人。",
        "锁定已解除",
    ),
    "end-sessions": Act(
        "强制下线",
        rules.end_sessions,
        actions.end_sessions,
        "此人在所有设备上的登录全部退出，没有保存的内容会丢失。",
        "已全部退出",
    ),
    "remove-second-factor": Act(
        "解除两步验证",
        rules.remove_second_factor,
        actions.remove_second_factor,
        "此人的验证器和恢复码全部作废，登录只凭密码。请先确认是本人。",
        "两步验证已解除",
    ),
    "disable": Act(
        "停用账号",
        rules.disable_account,
        actions.disable,
        "此人不能再登录，所做的事和授权记录都保留。",
        "账号已停用",
    ),
    "enable": Act(
        "启用账号",
        rules.enable_account,
        actions.enable,
        "此人可以再次登录，尚未收回的授权随之有效。",
        "账号已启用",
    ),
}


def _fitting(account: User, standing: queries.Standing, locked_until: dt.datetime | None) -> set[str]:
    """Return the acts that mean something for the account as it stands."""
    fits = {
        "reset-password": True,
        "unlock": locked_until is not None,
        "end-sessions": bool(standing.sessions),
        "remove-second-factor": standing.has_factor,
        "disable": account.is_active,
        "enable": not account.is_active,
    }
    return {verb for verb, is_fit in fits.items() if is_fit}


def _offers(user: User, account: User, fitting: set[str]) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the acts by why they cannot be taken; those that can be come first."""
    groups: dict[str, list[dict[str, str]]] = {"": []}
    for verb, act in ACTS.items():
        if verb in fitting:
            url = reverse("accounts:act", args=[account.pk, verb])
            why = act.rule.why_not(user, account)
            groups.setdefault(why, []).append({"label": act.label, "url": url})
    return [(why, acts) for why, acts in groups.items() if acts]


def account_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user = user_of(request)
    account = get_object_or_404(queries.visible_to(user), pk=pk)
    act = ACTS.get(verb)
    if act is None:
        raise Http404
    act.rule.check(user, account)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = act.action(account=account, by=user, at=clock.now(), reason=form.cleaned_data["reason"])
        if isinstance(result, actions.Opened):
            return _password_once(request, result, "密码已重置")
        messages.success(request, f"{account.name}：{act.done}。")
        return redirect("accounts:detail", pk=pk)
    context = {
        "title": f"{act.label}：{account.name}",
        "sentence": act.sentence,
        "form": form,
        "facts": [],
        "action": act.label,
        "cancel_url": reverse("accounts:detail", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


def _password_once(request: HttpRequest, opened: actions.Opened, title: str) -> HttpResponse:
    context = {"account": opened.user, "password": opened.password, "title": title}
    page = render(request, "accounts/account_password.html", context)
    page["Cache-Control"] = "no-store"
    return page
