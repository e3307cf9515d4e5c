from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock, requests
from qingfeng.core.errors import Conflict
from qingfeng.organizations import forms, queries, rules
from qingfeng.organizations.actions import units as actions
from qingfeng.organizations.models import Unit
from qingfeng.organizations.views.units import in_scope

both = require_http_methods(["GET", "HEAD", "POST"])


@both
def unit_add(request: HttpRequest) -> HttpResponse:
    rules.edit_units.check(requests.actor_of(request))
    today = clock.today()
    form = forms.UnitForm(requests.posted(request), today=today, initial={"active_from": today})
    unit = forms.carried_out(
        form, lambda: actions.add_unit(**form.cleaned_data, by=requests.actor_of(request), at=clock.now())
    )
    if unit is not None:
        messages.success(request, f"已新增单位“{unit.short_name}”。")
        return redirect("organizations:detail", unit.pk)
    context = {"form": form, "title": "新增一个单位", "back": reverse("organizations:list")}
    return render(request, "organizations/record_form.html", context)


@both
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = in_scope(request, pk)
    rules.edit_units.check(requests.actor_of(request))
    initial = {**forms.UnitForm.values_of(unit), "revision": unit.revision}
    form = forms.UnitEditForm(
        requests.posted(request), today=clock.today(), keep=unit.parent_id, initial=initial
    )
    try:
        if forms.carried_out(form, lambda: _save(unit, form.cleaned_data, request)):
            messages.success(request, "已保存。")
            return redirect("organizations:detail", pk)
    except Conflict as conflict:
        forms.note_conflict(form, conflict, in_scope(request, pk), forms.UnitForm.base_fields)
    back = reverse("organizations:detail", args=[pk])
    context = {"form": form, "title": f"修改“{unit.short_name}”", "back": back}
    return render(request, "organizations/record_form.html", context)


def _save(unit: Unit, values: dict[str, Any], request: HttpRequest) -> Unit:
    return actions.edit_unit(unit=unit, **values, by=requests.actor_of(request), at=clock.now())


@both
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    unit = in_scope(request, pk)
    rules.close_unit.check(requests.actor_of(request), unit)
    form = forms.CloseForm(requests.posted(request), initial={"last_day": clock.today()})
    if forms.carried_out(
        form,
        lambda: actions.close_unit(
            unit=unit, **form.cleaned_data, by=requests.actor_of(request), at=clock.now()
        ),
    ):
        messages.success(request, f"已停用“{unit.short_name}”。")
        return redirect("organizations:detail", pk)
    context = {
        "title": f"停用“{unit.short_name}”，没有并入单位",
        "sentence": "停用后不再参加新的评价，历次结果保留。若有单位承接它的职能，请改用“合并”。",
        "facts": _ending(unit, clock.today()),
        "action": "停用",
    }
    return _confirm(request, unit, form, context)


@both
def unit_merge(request: HttpRequest, pk: int) -> HttpResponse:
    unit = in_scope(request, pk)
    rules.close_unit.check(requests.actor_of(request), unit)
    form = forms.MergeForm(
        requests.posted(request), unit=unit, today=clock.today(), initial={"last_day": clock.today()}
    )
    if forms.carried_out(
        form,
        lambda: actions.merge_unit(
            unit=unit, **form.cleaned_data, by=requests.actor_of(request), at=clock.now()
        ),
    ):
        messages.success(request, f"“{unit.short_name}”已并入“{form.cleaned_data['into'].short_name}”。")
        return redirect("organizations:detail", pk)
    context = {
        "title": f"把“{unit.short_name}”并入另一个单位",
        "sentence": "合并后由并入单位承接；评价里，合并前的事实仍记在行为发生时的单位。",
        "facts": _ending(unit, clock.today()),
        "action": "合并",
    }
    return _confirm(request, unit, form, context)


@both
def unit_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    unit = in_scope(request, pk)
    rules.reopen_unit.check(requests.actor_of(request), unit)
    form = forms.NoForm(requests.posted(request))
    if forms.carried_out(
        form, lambda: actions.reopen_unit(unit=unit, by=requests.actor_of(request), at=clock.now())
    ):
        messages.success(request, f"已恢复“{unit.short_name}”。")
        return redirect("organizations:detail", pk)
    context = {
        "title": f"撤销“{unit.short_name}”的停用",
        "sentence": "停用日期和并入单位将被清空。随停用结束的任职不会自动恢复，请逐项重新任职。",
        "facts": [],
        "action": "撤销停用",
    }
    return _confirm(request, unit, form, context)


def _ending(unit: Unit, today: dt.date) -> list[str]:
    posts = queries.open_posts(unit, today).count()
    children = queries.open_children(unit, today).count()
    facts = [f"{posts} 项在任的任职到这一天为止"] if posts else []
    return [*facts, f"{children} 个下级单位改归并入单位"] if children else facts


def _confirm(request: HttpRequest, unit: Unit, form: Any, words: dict[str, Any]) -> HttpResponse:
    back = reverse("organizations:detail", args=[unit.pk])
    return render(request, "ui/confirm.html", {**words, "form": form, "cancel_url": back})
