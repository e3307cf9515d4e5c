"""Ballot tallies: what came in by unit and group, and their Excel, taken whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.core import clock, listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import tallies as actions
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.presenters import ballots as words
from qingfeng.evaluation.queries import ballots as queries
from qingfeng.evaluation.queries import rounds, scope
from qingfeng.evaluation.views import lists, rounds_of, steps, workbooks
from qingfeng.organizations.enums import UnitClass


def fetch(request: HttpRequest, round_pk: int) -> Round:
    """Return the round for those who see the tallies. Raises `Http404` for others."""
    user = steps.person(request)
    rounds_of.require_part(scope.sees_whole(user))
    return rounds_of.fetch(user, round_pk)


@require_safe
def ballots(request: HttpRequest) -> HttpResponse:
    rounds_of.require_part(scope.sees_whole(steps.person(request)))
    return rounds_of.enter(request, "evaluation:round_ballots", part="测评票数")


@dataclass(frozen=True)
class Built:
    listing: listing.Listing
    lines: list[tuple[RoundUnit, list[words.CellWords]]]
    withheld: int
    minimum: int
    question: str


def build(request: HttpRequest, round: Round, asked: str = "", *, whole: bool = False) -> Built:
    """List the units with the cells of the question asked for, or of the first."""
    scheme, channels = rounds.scheme_of(round), queries.channels(round)
    minimum = scheme.settings.minimum_ballots
    cells: dict[int, dict[str, queries.Cell]] = {}
    question = asked if asked in channels else next(iter(channels), "")
    channel = channels.get(question)
    names = {group.code: group.name for group in scheme.groups}
    groups = [(share.group, names[share.group]) for share in channel.groups] if channel else []
    built = listing.build(
        rounds.taking_part(round),
        request.GET,
        columns=words.columns(groups, cells, minimum),
        filters=[listing.Filter("class", "类别", UnitClass.choices, "unit_class")],
        search=["short_name", "name"],
        default_sort="unit",
    )
    shown = list((built.rows if whole else built.page.object_list) or [])
    if channel:
        cells.update(queries.cells_of(round, channel, shown))
    found = [words.cell_words(cell, minimum) for row in cells.values() for cell in row.values()]
    lines = [
        (row, [words.cell_words(cells.get(row.pk, {}).get(code), minimum, name) for code, name in groups])
        for row in shown
    ]
    return Built(built, lines, sum(1 for cell in found if cell.is_withheld), minimum, question)


def _export_url(round: Round, question: str) -> str:
    if not question:
        return reverse("evaluation:round_ballots_export", args=[round.pk])
    return reverse("evaluation:ballot_question_export", args=[round.pk, question])


def tabs(round: Round, question: str) -> list[dict[str, Any]]:
    """Lead to each question that is asked this quarter."""
    names = {entry.code: entry.name for entry in rounds.scheme_of(round).questions}
    return [
        {
            "label": names[code].removeprefix("本单位"),
            "url": reverse("evaluation:ballot_question", args=[round.pk, code]),
            "active": code == question,
        }
        for code in queries.channels(round)
    ]


@require_safe
def ballot_list(request: HttpRequest, round_pk: int, question: str = "") -> HttpResponse:
    """Show what came in of one question, or of the first."""
    round = fetch(request, round_pk)
    built = build(request, round, question)
    total, came = rounds.taking_part(round).count(), queries.count_imported(round)
    page = lists.page(
        request,
        round,
        built.listing,
        "ballot",
        title=words.title(total, came, built.withheld, built.minimum),
        meta=f"满意度按百分制折算，“不了解”不计入；一个群体不足 {built.minimum} 张有效票的不显示、不计分。",
        export_url=_export_url(round, built.question),
        search="单位名称",
        unit="个单位",
        empty_title="没有参评单位",
        empty_text="轮次开启后，参评单位会列在这里。",
    )
    context = {
        "page": page,
        "listing": built.listing,
        "lines": built.lines,
        "tabs": tabs(round, built.question),
        "round": round,
        "last": queries.imported(round),
        "why_import": rules.import_tallies.why_not(steps.person(request), round),
    }
    return render(request, "evaluation/ballot_list.html", context)


@require_POST
def ballot_list_export(request: HttpRequest, round_pk: int, question: str = "") -> HttpResponse:
    round = fetch(request, round_pk)
    built = build(request, round, question, whole=True)
    return lists.export(request, built.listing, title="测评票数", round=round, what="ballot_tallies")


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_upload(request: HttpRequest, round_pk: int) -> HttpResponse:
    """Take over a sheet of tallies, whole or not at all."""
    user, round = steps.person(request), fetch(request, round_pk)
    rules.import_tallies.check(user, round)

    def take_in(content: bytes) -> str:
        count = actions.import_tallies(round=round, content=content, by=user, at=clock.now())
        return f"测评票数已导入：{count} 个单位群体。"

    desk = workbooks.Desk(
        title=f"导入{round.label}测评票数",
        back=reverse("evaluation:round_ballots", args=[round.pk]),
        download=reverse("evaluation:ballot_workbook", args=[round.pk]),
        sentence="表里已列好每个单位、群体和题目，只填各选项的票数。不要填任何个人信息。",
        warning="上传的内容会整体替换已经导入的票数。" if queries.imported(round) else "",
    )
    return workbooks.receive(request, desk, take_in)


@require_POST
def ballot_workbook(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = fetch(request, round_pk)
    content = actions.tally_template(round=round, by=steps.person(request))
    return workbooks.send(
        request, content, title=f"测评票数-{round.label}", what="tally_template", subject=round
    )
