"""The list of a round's review sheets, and one sheet filled in Excel."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.core import clock, listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import review_books
from qingfeng.evaluation.enums import SheetState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import lists as words
from qingfeng.evaluation.presenters.reviews import sheets_title
from qingfeng.evaluation.presenters.words import days_left
from qingfeng.evaluation.queries import marks, rounds, scope
from qingfeng.evaluation.queries import reviews as queries
from qingfeng.evaluation.views import lists, reviews, rounds_of, steps, workbooks


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    return rounds_of.enter(request, "evaluation:round_sheets", part="部门评分")


@dataclass(frozen=True)
class Built:
    """The list as filtered, and what the scores on it come to."""

    listing: listing.Listing
    expected: dict[int, int]
    marks: dict[int, marks.Marks]


def build(request: HttpRequest, round: Round, *, whole: bool = False) -> Built:
    """Apply the filters; work out mean and spread for the rows shown, or for all of them."""
    user = steps.person(request)
    names = {entry.code: entry.name for _, entry in rounds.scheme_of(round).indicators()}
    expected = queries.expected_counts(round)
    given: dict[int, marks.Marks] = {}
    columns = words.sheet_columns(names, expected, given, with_department=scope.sees_whole(user))
    whole_view = scope.sees_whole(user)
    departments = [(str(row.pk), row.name) for row in queries.departments_listed(user, round)]
    filters = [listing.Filter("state", "状态", SheetState.choices, "state")]
    if whole_view:
        filters.append(listing.Filter("department", "评分部门", departments, "department_id"))
        filters.append(listing.Filter("indicator", "指标", list(names.items()), "indicator"))
    built = listing.build(
        queries.listed(user, round),
        request.GET,
        columns=columns,
        filters=filters,
        search=["department__name"],
        default_sort="indicator",
    )
    shown = built.rows if whole else built.page.object_list
    given.update(marks.of_sheets(list(shown or [])))
    return Built(built, expected, given)


@require_safe
def sheet_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    """List the sheets the person scores, or for the officers everybody's, with progress, mean and spread."""
    user = steps.person(request)
    round = rounds_of.fetch(user, round_pk)
    built = build(request, round)
    counts = lists.states(queries.visible_to(user).filter(round=round))
    page = lists.page(
        request,
        round,
        built.listing,
        "sheet",
        title=sheets_title(counts, round.review_by, is_own=not scope.sees_whole(user)),
        meta="每张表评一项指标、所有单位；本单位不由自己评。",
        search="评分部门" if scope.sees_whole(user) else "",
        unit="张表",
        empty_title="没有要您评分的指标",
        empty_text="您所在的部门在这一轮没有评分任务。如有疑问请联系党风室。",
        due=round.review_by,
        days_left=days_left(round.review_by, clock.today()) if round.is_open_for_scores else None,
    )
    return render(
        request, "evaluation/sheet_list.html", {"page": page, "listing": built.listing, "built": built}
    )


@require_POST
def sheet_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = rounds_of.fetch(steps.person(request), round_pk)
    built = build(request, round, whole=True)
    return lists.export(request, built.listing, title="部门评分", round=round, what="review_sheets")


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a sheet filled in Excel, whole or not at all; list every fault where it stands."""
    user = steps.person(request)
    row = reviews.fetch(user, pk)
    rules.score_sheet.check(user, row)

    def take_in(content: bytes) -> str:
        count = review_books.import_sheet(sheet=row, content=content, lock=row.lock, by=user, at=clock.now())
        return f"已导入 {count} 个单位的评分，还是草稿，请核对后提交。"

    desk = workbooks.Desk(
        title=f"用 Excel 填“{queries.indicator_of(row).name}”",
        back=reviews.address(row),
        download=reverse("evaluation:sheet_workbook", args=[row.pk]),
        sentence="先下载评分表，每个单位一行，填好得分和理由再传回来。没填的单位不动。",
    )
    return workbooks.receive(request, desk, take_in)


@require_POST
def sheet_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = reviews.fetch(user, pk)
    content = review_books.template(sheet=row, by=user)
    return workbooks.send(request, content, title=f"评分表-{row.indicator}", what="review_sheet", subject=row)
