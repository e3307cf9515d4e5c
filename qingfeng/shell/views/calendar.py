"""Working days: a year at a glance, and the commission's own adjustments."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qingfeng.accounts.views.requests import user_of
from qingfeng.core import clock
from qingfeng.core.errors import Conflict, Refused
from qingfeng.shell import rules
from qingfeng.shell.actions import calendar as actions
from qingfeng.shell.forms.calendar import DayForm
from qingfeng.shell.queries import calendar as queries


def year(request: HttpRequest, number: int | None = None) -> HttpResponse:
    user, today = user_of(request), clock.today()
    chosen = number or today.year
    if chosen not in queries.years(today):
        raise Http404
    shown = queries.year_of(chosen)
    mark = "" if shown.is_confirmed else "，节假日安排尚未公布"
    context = {
        "title": f"{chosen} 年有 {shown.working} 个工作日{mark}",
        "shown": shown,
        "today": today,
        "tabs": [
            {"label": f"{each} 年", "url": reverse("calendar:year", args=[each]), "active": each == chosen}
            for each in queries.years(today)
        ],
        "overrides": queries.overrides(chosen),
        "why_not_change": rules.change_calendar.why_not(user),
    }
    return render(request, "shell/calendar.html", context)


def declare(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.change_calendar.check(user)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.declare_day(**form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            for sentence in refusal.sentences:
                form.add_error(None, sentence)
        else:
            date = form.cleaned_data["date"]
            messages.success(request, f"{date:%Y-%m-%d} 已调整{_moved(moved)}。")
            return redirect("calendar:year", date.year)
    context = {
        "title": "调整工作日",
        "sentence": "国务院办公厅公布的放假和补班已经在表中，这里只登记本地另行规定的日子。",
        "facts": ["用到这一天的工作日期限会随之重新推算"],
        "form": form,
        "action": "调整",
        "cancel_url": reverse("calendar:now"),
    }
    return render(request, "ui/confirm.html", context)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Http404 from None


def withdraw(request: HttpRequest, number: int, month: int, day: int) -> HttpResponse:
    user, date = user_of(request), _date(number, month, day)
    rules.change_calendar.check(user)
    row = queries.override_on(date)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            moved = actions.withdraw_day(date=date, by=user, at=clock.now())
            messages.success(request, f"{date:%Y-%m-%d} 的调整已撤销{_moved(moved)}。")
        except Conflict as conflict:
            messages.warning(request, conflict.sentence)
        return redirect("calendar:year", date.year)
    context = {
        "title": f"撤销 {date:%Y-%m-%d} 的调整",
        "sentence": "撤销后这一天按国务院办公厅公布的安排计算，用到这一天的工作日期限会重新推算。",
        "facts": [f"现在：{'上班' if row.is_working else '放假'}", f"依据：{row.reason}"],
        "form": None,
        "action": "撤销调整",
        "cancel_url": reverse("calendar:year", args=[date.year]),
    }
    return render(request, "ui/confirm.html", context)


def _moved(count: int) -> str:
    return f"，{count} 项期限随之改动" if count else ""
