"""Department reviews: one sheet of all units, saved as a draft, handed in, returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.figures import plain
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import reviews as actions
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.forms.sheets import SheetForm
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.presenters.reviews import OwnUnit, SheetPage, gap_sentences
from qingfeng.evaluation.queries import marks
from qingfeng.evaluation.queries import reviews as queries
from qingfeng.evaluation.views import steps
from qingfeng.workflow import engine

LINES = 100


def fetch(user: User, pk: int) -> ReviewSheet:
    found: ReviewSheet = get_object_or_404(queries.visible_to(user), pk=pk)
    return found


def address(sheet: ReviewSheet, page: str = "") -> str:
    found = reverse("evaluation:sheet", args=[sheet.pk])
    return f"{found}?page={page}" if page.isdecimal() else found


@dataclass(frozen=True)
class Desk:
    """A sheet laid open: its units with scores, what they come to, and the page of them that is shown."""

    sheet: ReviewSheet
    rows: Sequence[queries.SheetRow]
    marks: marks.Marks
    paging: Page[queries.SheetRow]

    def form(self, data: Mapping[str, Any] | None = None) -> SheetForm:
        shown = list(self.paging.object_list)
        return SheetForm(
            [row.round_unit for row in shown],
            {row.round_unit.pk: row.score for row in shown if row.score},
            queries.channel_of(self.sheet),
            weight=queries.indicator_of(self.sheet).weight,
            computed=self.marks.points,
            data=data,
        )


def lay_open(request: HttpRequest, sheet: ReviewSheet) -> Desk:
    rows = queries.rows_of(sheet)
    paging = Paginator(rows, LINES).get_page(request.GET.get("page"))
    return Desk(sheet, rows, marks.of_sheet(sheet), paging)


def compose(user: User, desk: Desk) -> SheetPage:
    own = queries.own_unit(desk.sheet)
    return SheetPage(
        sheet=desk.sheet,
        indicator=queries.indicator_of(desk.sheet),
        channel=queries.channel_of(desk.sheet),
        scored=desk.marks.count,
        total=len(desk.rows),
        mean=desk.marks.mean,
        spread=desk.marks.spread,
        own=OwnUnit(*own) if own else None,
        today=clock.today(),
        is_scorer=rules.score_sheet.allows(user, desk.sheet),
    )


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one indicator's sheet: every unit with its score, or what is still to score."""
    desk = lay_open(request, fetch(steps.person(request), pk))
    return _show(request, desk, desk.form())


def _show(
    request: HttpRequest, desk: Desk, form: SheetForm, *, errors: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    user, row = steps.person(request), desk.sheet
    context = {
        "page": compose(user, desk),
        "sheet": row,
        "paging": desk.paging,
        "lines": list(zip(desk.paging.object_list, form.lines, strict=True)),
        "errors": errors,
        "points": desk.marks.points,
        "why_submit": engine.why_not(row, states.SUBMIT_SHEET, rules.submit_sheet, user),
        "why_return": engine.why_not(row, states.RETURN_SHEET, rules.return_sheet, user),
        "may_return": rules.return_sheet.allows(user, row),
    }
    return render(request, "evaluation/sheet_detail.html", context, status=status)


@require_POST
def save_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the lines on the page as a draft, and go on to handing in where that button was pressed."""
    user = steps.person(request)
    row = fetch(user, pk)
    desk = lay_open(request, row)
    form = desk.form(request.POST)
    if not form.is_valid():
        wrong = sum(1 for line in form.lines if line.errors)
        return _show(request, desk, form, errors=[f"{wrong} 个单位没填对，都还没有保存"], status=steps.UNFIT)
    lock = steps.whole_number(request.POST.get("lock"))
    try:
        actions.save_scores(sheet=row, entries=form.entries(), lock=lock, by=user, at=clock.now())
    except (Refused, Conflict) as refusal:
        if isinstance(refusal, Conflict):
            form.show_clash(desk.form())
        status = steps.status_of(refusal)
        return _show(request, desk, form, errors=steps.sentences_of(refusal), status=status)
    messages.success(request, "已保存草稿。")
    onward = reverse("evaluation:sheet_submit", args=[row.pk]) if "submit" in request.POST else ""
    return htmx.go(request, onward or address(row, request.GET.get("page", "")))


@require_POST
def fill_full_marks(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    lock = steps.whole_number(request.POST.get("lock"))
    act = partial(actions.fill_full_marks, sheet=row, lock=lock, by=user, at=clock.now())
    return steps.take(request, act, done="没评的单位都给了满分，请再看一遍。", back=address(row))


@require_http_methods(["GET", "HEAD", "POST"])
def submit_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a sheet is handed in: how many units, mean and spread, and what is still missing."""
    user = steps.person(request)
    row = fetch(user, pk)
    rules.submit_sheet.check(user, row)
    desk = lay_open(request, row)
    page = compose(user, desk)
    gaps = queries.gaps_of(row)
    question = steps.Question(
        title=f"提交“{page.indicator.name}”的 {page.total} 个单位评分？",
        action="提交评分表",
        back=address(row),
        done=f"“{page.indicator.name}”的评分表已提交。",
        sentence="提交后不能再改；需要改的，请党风室退回。",
        facts=[*spread_facts(page), *gap_sentences(gaps.unscored, gaps.bare)],
        onward=reverse("evaluation:sheet_list"),
        why_not="还不能提交，请先补齐。" if gaps.unscored or gaps.bare else "",
    )
    act = partial(actions.submit_sheet, sheet=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())


def spread_facts(page: SheetPage) -> list[str]:
    if page.mean is None or page.spread is None:
        return []
    mean, spread = plain(round(page.mean, 2)), plain(round(page.spread, 2))
    return [f"满分 {page.full} 分，平均 {mean} 分，离散程度（标准差）{spread} 分"]


@require_http_methods(["GET", "HEAD", "POST"])
def return_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.return_sheet.check(user, row)
    question = steps.Question(
        title=f"把“{queries.indicator_of(row).name}”的评分表退回{row.department.name}？",
        action="退回评分表",
        back=address(row),
        done=f"已退回{row.department.name}。",
        sentence="退回后该部门可以修改，再提交一次。已有的评分和修改记录都保留。",
    )
    form = ReasonForm(steps.posted(request), label="退回理由")
    act = partial(actions.return_sheet, sheet=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)
