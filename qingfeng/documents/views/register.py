from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.errors import Refused
from qingfeng.documents import rules
from qingfeng.documents.actions import drafting
from qingfeng.documents.enums import DocumentState, Genre
from qingfeng.documents.forms import official as forms
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.presenters import TONES
from qingfeng.documents.queries import official as queries
from qingfeng.documents.views.requests import user_of

COLUMNS = (
    listing.Column("title", "标题", lambda row: row.title, order=("title",)),
    listing.Column(
        "number",
        "发文字号",
        lambda row: row.number_text,
        order=("series__year", "series__word", "number"),
    ),
    listing.Column("genre", "文种", lambda row: row.get_genre_display(), order=("genre",)),
    listing.Column("state", "状态", lambda row: row.get_state_display(), order=("state",)),
    listing.Column("drafter", "拟稿人", lambda row: row.drafted_by.name if row.drafted_by else "系统"),
    listing.Column("drafted", "拟稿日期", lambda row: _day(row.drafted_on), order=("drafted_on",)),
    listing.Column("issued", "印发日期", lambda row: _day(row.issued_at), order=("issued_at",)),
)


def _day(moment: object) -> object:
    return timezone.localtime(moment).date() if moment else None  # type: ignore[arg-type]


def _listing(request: HttpRequest) -> listing.Listing:
    filters = (
        listing.Filter("genre", "文种", Genre.choices, "genre"),
        listing.Filter("state", "状态", DocumentState.choices, "state"),
        listing.Filter("year", "年份", queries.years(), queries.of_year),
    )
    return listing.build(
        queries.register(user_of(request)),
        searches.sought(request),
        columns=COLUMNS,
        filters=filters,
        search=("title", "number_text"),
        default_sort="-drafted",
    )


def register(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_register.check(user)
    found = _listing(request)
    context = {
        "title": _title(found, queries.waiting_for_scan(user)),
        "listing": found,
        "rows": [(row, TONES[DocumentState(row.state)]) for row in found.page.object_list],
        "why_not_draft": rules.draft.why_not(user),
        "sees_series": rules.read_series.allows(user),
    }
    return render(request, "documents/document_list.html", context)


def _title(found: listing.Listing, waiting: int) -> str:
    if found.is_filtered:
        return f"{found.total} 件公文符合条件"
    return f"共有 {found.total} 件公文" + (f"，{waiting} 件待归入盖章件" if waiting else "")


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_register.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what=OfficialDocument.kind,
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="文书登记")


def draft(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.draft.check(user)
    form = forms.DraftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = drafting.draft_from_file(**form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            return redirect("documents:detail", document.pk)
    return render(request, "documents/document_form.html", {"form": form})
