"""How far a round is, unit by unit and department by department: searched, filtered, exported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing
from qingfeng.evaluation import rules
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import desk as words
from qingfeng.evaluation.presenters import rounds as columns
from qingfeng.evaluation.queries import addresses, progress, scope
from qingfeng.evaluation.views import rounds_of, row_lists, steps
from qingfeng.organizations.enums import UnitClass

Built = tuple[listing.Listing, list[Any]]


def fetch(request: HttpRequest, pk: int) -> Round:
    """Return the round for those who see everybody's parts. Raises `Http404` for others."""
    user = steps.person(request)
    rounds_of.require_part(scope.sees_whole(user))
    return rounds_of.fetch(user, pk)


def units(request: HttpRequest, round: Round) -> Built:
    return row_lists.build(
        progress.progress_by_unit(round, clock.today()),
        request.GET,
        columns=columns.UNIT_COLUMNS,
        filters=[
            listing.Filter("part", "报送", columns.PART_CHOICES, columns.units_in),  # type: ignore[arg-type]
            listing.Filter("class", "类别", UnitClass.choices, columns.units_of_class),  # type: ignore[arg-type]
        ],
        search=lambda row: f"{row.round_unit.short_name} {row.round_unit.name} {row.round_unit.code}",
    )


def departments(request: HttpRequest, round: Round) -> Built:
    rows = [words.line(round, entry) for entry in progress.progress_by_department(round, clock.today())]
    return row_lists.build(
        rows,
        request.GET,
        columns=columns.DEPARTMENT_COLUMNS,
        filters=[
            listing.Filter("part", "进度", columns.PART_CHOICES, columns.departments_in),  # type: ignore[arg-type]
        ],
        search=lambda row: f"{row.name} {row.unit}",
    )


@require_safe
def round_units(request: HttpRequest, pk: int) -> HttpResponse:
    round = fetch(request, pk)
    built, rows = units(request, round)
    shown = [(row, addresses.to("submission", row.submission.pk)) for row in built.page.object_list]
    context = {
        "round": round,
        "listing": built,
        "shown": shown,
        "title": columns.units_title(rows, is_filtered=built.is_filtered),
        "export_url": reverse("evaluation:round_units_export", args=[pk]),
        "can_withdraw": round.is_open_for_units and rules.arrange_round.allows(steps.person(request), round),
    }
    return render(request, "evaluation/rounds/round_units.html", context)


@require_safe
def round_departments(request: HttpRequest, pk: int) -> HttpResponse:
    round = fetch(request, pk)
    built, rows = departments(request, round)
    context = {
        "round": round,
        "listing": built,
        "title": columns.departments_title(rows, is_filtered=built.is_filtered),
        "export_url": reverse("evaluation:round_departments_export", args=[pk]),
    }
    return render(request, "evaluation/rounds/round_departments.html", context)


@require_POST
def round_units_export(request: HttpRequest, pk: int) -> HttpResponse:
    round = fetch(request, pk)
    built, rows = units(request, round)
    return export(request, round, rows, built.columns, title="单位进度", what="unit_progress")


@require_POST
def round_departments_export(request: HttpRequest, pk: int) -> HttpResponse:
    round = fetch(request, pk)
    built, rows = departments(request, round)
    return export(request, round, rows, built.columns, title="部门进度", what="department_progress")


def export(
    request: HttpRequest,
    round: Round,
    rows: list[Any],
    shown: Sequence[listing.Column],
    *,
    title: str,
    what: str,
) -> HttpResponse:
    """Return the rows as an Excel file, with a line in the audit book."""
    audit.record_export(
        what=what,
        rows=len(rows),
        by=steps.person(request),
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"round": round.pk},
    )
    return listing.export(rows, shown, title=f"{title}{round.year}Q{round.quarter}")
