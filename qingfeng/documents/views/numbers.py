from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests
from qingfeng.core.errors import Refused
from qingfeng.documents import rules
from qingfeng.documents.actions import numbers as actions
from qingfeng.documents.enums import DocumentState
from qingfeng.documents.forms import official as forms
from qingfeng.documents.models.official import NumberSeries
from qingfeng.documents.queries import official as queries
from qingfeng.documents.views.requests import user_of

HIDDEN = "（不在您的知悉范围）"
COLUMNS = (
    listing.Column("series", "发文字号", str, order=("word", "year")),
    listing.Column("year", "年份", lambda row: row.year, order=("year",), numeric=True),
    listing.Column("first", "起始号", lambda row: row.first_number, order=("first_number",), numeric=True),
    listing.Column("used", "已用", lambda row: row.used, order=("used",), numeric=True),
    listing.Column("next", "下一号", lambda row: row.next_number, order=("next_number",), numeric=True),
)


def _all_series(request: HttpRequest) -> listing.Listing:
    filters = (listing.Filter("year", "年份", queries.years(), "year"),)
    return listing.build(
        queries.all_series(),
        request.GET,
        columns=COLUMNS,
        filters=filters,
        search=("word",),
        default_sort="-year",
    )


def series_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_series.check(user)
    context = {"listing": _all_series(request), "why_not_open": rules.open_series.why_not(user)}
    return render(request, "documents/series_list.html", context)


@require_POST
def export_series(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_series.check(user)
    rows = _all_series(request).rows
    audit.record_export(
        what=NumberSeries.kind,
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="发文字号")


def open_series(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.open_series.check(user)
    form = forms.SeriesForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        try:
            series = actions.open_series(**form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            messages.success(request, f"{series}已启用。")
            return redirect("documents:series", series.pk)
    return render(request, "documents/series_form.html", {"form": form})


def _columns(user: User, series: NumberSeries) -> tuple[listing.Column, ...]:
    """Show every number, and a title only where it is in the reader's scope."""
    seen = queries.visible_in(user, series)

    def shown(value: Any) -> Any:
        return lambda row: value(row) if row.pk in seen else HIDDEN

    return (
        listing.Column("number", "发文字号", lambda row: row.number_text, order=("number",)),
        listing.Column("title", "标题", shown(lambda row: row.title)),
        listing.Column("genre", "文种", lambda row: row.get_genre_display(), order=("genre",)),
        listing.Column("state", "状态", lambda row: row.get_state_display(), order=("state",)),
        listing.Column(
            "issued", "印发日期", lambda row: timezone.localtime(row.issued_at).date(), order=("issued_at",)
        ),
    )


def _numbers(request: HttpRequest, series: NumberSeries) -> listing.Listing:
    filters = (listing.Filter("state", "状态", DocumentState.choices, "state"),)
    return listing.build(
        queries.numbered(series),
        request.GET,
        columns=_columns(user_of(request), series),
        filters=filters,
        search=("number_text",),
        default_sort="-number",
    )


def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rules.read_series.check(user_of(request))
    series = get_object_or_404(queries.all_series(), pk=pk)
    found = _numbers(request, series)
    seen = queries.visible_in(user_of(request), series)
    rows = [(row, row.pk in seen) for row in found.page.object_list]
    context = {"series": series, "listing": found, "rows": rows, "hidden": HIDDEN}
    return render(request, "documents/series_detail.html", context)


@require_POST
def export_numbers(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    rules.read_series.check(user)
    series = get_object_or_404(queries.all_series(), pk=pk)
    found = _numbers(request, series)
    rows = found.rows
    audit.record_export(
        what="issued_number",
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), found.columns, title=f"{series}登记")
