"""One computation beside the one it replaced: which units changed, by how much, and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import revisions as words
from qingfeng.evaluation.queries import revisions as queries
from qingfeng.evaluation.views import round_progress, row_lists, steps


def build(request: HttpRequest, round: Round, number: int) -> tuple[Any, round_progress.Built]:
    row = steps.present(queries.of_number(round, number))
    before = steps.present(queries.previous(row))
    rows = [words.line(change) for change in queries.of_appeals(row, queries.changes(before, row))]
    return row, row_lists.build(
        rows, request.GET, columns=words.COLUMNS, search=lambda line: f"{line.name} {line.unit}"
    )


@require_safe
def round_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    round = round_progress.fetch(request, pk)
    row, (built, rows) = build(request, round, number)
    context = {
        "round": round,
        "revision": row,
        "listing": built,
        "title": words.title(number, rows, is_filtered=built.is_filtered),
        "export_url": reverse("evaluation:round_revision_export", args=[pk, number]),
    }
    return render(request, "evaluation/rounds/round_revision.html", context)


@require_POST
def round_revision_export(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    round = round_progress.fetch(request, pk)
    _, (built, rows) = build(request, round, number)
    return round_progress.export(
        request, round, rows, built.columns, title=f"第{number}版变化", what="revision_changes"
    )
