"""Every limit that runs, the most urgent first, and the record of each."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests
from qingfeng.shell import rules
from qingfeng.shell.queries import deadlines as queries
from qingfeng.workflow import deadlines as engine
from qingfeng.workflow.models import Deadline

STATES = (("late", "逾期"), ("running", "期限内"), ("suspended", "已中止"), ("met", "已办结"))


def _words(deadline: Deadline) -> str:
    return engine.status(deadline, clock.today()).words


COLUMNS = (
    listing.Column("label", "期限", lambda row: row.label, order=("label",)),
    listing.Column("subject", "对象", queries.subject_words, order=("subject_kind", "subject_id")),
    listing.Column("started", "起算", lambda row: row.started_date, order=("started_date",)),
    listing.Column("length", "时长", queries.length_words),
    listing.Column("due", "到期", lambda row: row.due_date, order=("urgency", "due_date")),
    listing.Column("status", "现状", _words),
    listing.Column("basis", "依据", lambda row: f"{row.basis}（{row.get_mark_display()}）"),
)


def _of_state(rows: QuerySet[Deadline], state: str) -> QuerySet[Deadline]:
    return queries.of_state(rows, state, clock.today())


def _listing(request: HttpRequest) -> listing.Listing:
    rows = queries.visible_to(user_of(request))
    filters = (
        listing.Filter("state", "现状", STATES, _of_state),
        listing.Filter("kind", "对象", queries.kind_choices(rows), "subject_kind"),
    )
    return listing.build(
        rows, request.GET, columns=COLUMNS, filters=filters, search=("label", "basis"), default_sort="due"
    )


def deadline_list(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    rules.read_deadlines.check(user)
    found = _listing(request)
    context = {
        "title": queries.sentence(user, today),
        "listing": found,
        "rows": queries.rows(found.page.object_list, today),
    }
    return render(request, "shell/deadline_list.html", context)


@require_POST
def deadline_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_deadlines.check(user)
    rows = _listing(request).rows
    audit.record_export(
        what="deadline",
        rows=rows.count() if rows else 0,
        by=user,
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="期限")


def deadline_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = user_of(request), clock.today()
    found = get_object_or_404(queries.visible_to(user), pk=pk)
    row = queries.rows([found], today)[0]
    context = {
        "row": row,
        "pairs": [
            ("对象", row.subject),
            ("起算", f"{found.started_date:%Y-%m-%d}"),
            ("时长", row.length),
            ("到期", f"{found.due_date:%Y-%m-%d}" if found.due_date else "中止期间不计算"),
            ("依据", f"{found.basis}（{found.get_mark_display()}）"),
            ("办结", clock.spoken(found.met_at)),
        ],
        "suspensions": found.suspensions.select_related("by").order_by("from_date"),
        "extensions": found.extensions.select_related("by").order_by("pk"),
    }
    return render(request, "shell/deadline_detail.html", context)
