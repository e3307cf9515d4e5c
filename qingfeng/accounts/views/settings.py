from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qingfeng.accounts import rules
from qingfeng.accounts.actions import preferences as actions
from qingfeng.accounts.forms.settings import SettingForm
from qingfeng.accounts.queries import settings as queries
from qingfeng.accounts.views.requests import user_of
from qingfeng.core import clock, requests
from qingfeng.core.errors import Conflict


def setting_list(request: HttpRequest) -> HttpResponse:
    rules.change_preference.check(user_of(request))
    groups = queries.rows()
    return render(request, "accounts/setting_list.html", {"title": _title(groups), "groups": groups})


def _title(groups: dict[str, list[queries.SettingRow]]) -> str:
    rows = [row for group in groups.values() for row in group]
    missing = sum(row.is_missing for row in rows)
    if missing:
        return f"有 {missing} 项还是示例，请填写本机关的"
    changed = sum(not row.is_default for row in rows)
    return f"共 {len(rows)} 项设置，改过 {changed} 项" if changed else f"共 {len(rows)} 项设置，都没有改过"


def setting_edit(request: HttpRequest, key: str) -> HttpResponse:
    user = user_of(request)
    rules.change_preference.check(user)
    row = queries.row(key)
    if row is None:
        raise Http404
    form = SettingForm(
        requests.posted(request),
        declared=row.declared,
        current=row.value,
        address=requests.address_of(request),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(key=key, **form.choice, by=user, at=clock.now())
        except Conflict as conflict:
            form.add_error(None, conflict.sentence)
            form.show_anew(request.POST, row.value)
            status = 409
        else:
            messages.success(request, f"“{row.declared.label}”已保存。")
            return redirect("settings:list")
    context = {"row": row, "form": form, "history": queries.history(row.declared)}
    return render(request, "accounts/setting_form.html", context, status=status)
