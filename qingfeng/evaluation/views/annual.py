"""A year's results: the reference table of all units, and one unit's four quarters."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import annual as actions
from qingfeng.evaluation.presenters import annual as words
from qingfeng.evaluation.queries import annual as queries
from qingfeng.evaluation.queries import annual_lists, scope
from qingfeng.evaluation.views import steps
from qingfeng.organizations.enums import UnitClass


@require_safe
def annual_list(request: HttpRequest) -> HttpResponse:
    """Lead to the newest year with announced results."""
    found = queries.years(steps.person(request))
    if not found:
        return render(request, "evaluation/annual/no_year.html")
    return redirect("evaluation:annual_year", found[0])


def fetch(request: HttpRequest, year: int) -> queries.Year:
    """Return a year of which the user reads something. Raises `Http404` otherwise."""
    if year not in queries.years(steps.person(request)):
        raise Http404
    return queries.year_of(year)


def build(request: HttpRequest, year: queries.Year, beside: words.Beside) -> listing.Listing:
    return listing.build(
        annual_lists.listed(steps.person(request), year),
        request.GET,
        columns=words.columns(year, beside),
        filters=[
            listing.Filter("class", "类别", UnitClass.choices, "class_then"),
            listing.Filter("grade", "年度等次", words.grades(year), annual_lists.of_grade(year)),
        ],
        search=["short_name", "name"],
        default_sort="class",
    )


def beside(year: queries.Year) -> words.Beside:
    return words.Beside(
        annual_lists.bulletins_of(year), annual_lists.interviews_of(year), annual_lists.appeals_of(year)
    )


@require_safe
def annual_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show the year of every unit; whoever reads one unit alone is led to it."""
    user, found = steps.person(request), fetch(request, year)
    if not scope.sees_others(user):
        own = list(queries.units_of(user, found).values_list("pk", flat=True)[:2])
        if len(own) == 1:
            return redirect("evaluation:annual_unit", year, own[0])
    near = beside(found)
    built = build(request, found, near)
    rows = [(found.rows[unit.pk], unit) for unit in built.page.object_list]
    context = {
        "year": found,
        "listing": built,
        "title": words.title(found, built.total),
        "weights": words.weight_words(found),
        "rows": [words.shown(row, found, near) for row, _ in rows],
        "years": [(str(one), f"{one}年") for one in queries.years(user)],
        "why_not_export": rules.export_annual.why_not(user),
        "why_not_draft": rules.draft_reference.why_not(user),
        "sees_others": scope.sees_others(user),
    }
    return render(request, "evaluation/annual/year.html", context)


@require_POST
def annual_export(request: HttpRequest, year: int) -> HttpResponse:
    """Give out the reference table as the filters let it through."""
    user, found = steps.person(request), fetch(request, year)
    rules.export_annual.check(user)
    built = build(request, found, beside(found))
    rows = list(built.rows or [])
    audit.record_export(
        what="annual",
        rows=len(rows),
        by=user,
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"year": year},
    )
    return listing.export(rows, built.columns, title=f"{year}年度考核参考表")


@require_safe
def annual_unit(request: HttpRequest, year: int, unit_pk: int) -> HttpResponse:
    """Show one unit's year: its quarters as a curve with the table, mean, grade and place."""
    user, found = steps.person(request), fetch(request, year)
    if not queries.units_of(user, found).filter(pk=unit_pk).exists():
        raise Http404
    row = found.rows[unit_pk]
    context = {
        "year": found,
        "row": row,
        "title": words.unit_title(row, found),
        "grade": found.grade_names.get(row.grade, ""),
        "chart": words.chart(row, found, words.class_means(row, found)),
        "lines": words.quarter_lines(row, found),
        "facts": words.unit_facts(row, found, beside(found)),
        "weights": words.weight_words(found),
        "sees_others": scope.sees_others(user),
    }
    return render(request, "evaluation/annual/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def annual_reference(request: HttpRequest, year: int) -> HttpResponse:
    """Ask, then compose the letter with the table and lead to its document."""
    user, found = steps.person(request), fetch(request, year)
    rules.draft_reference.check(user)
    made: list[OfficialDocument] = []
    if request.method == "POST":
        made.append(actions.draft_reference(year=year, by=user, at=clock.now()))
        messages.success(request, "函和参考表已生成，可以修改、印发。")
        return htmx.go(request, reverse("documents:detail", args=[made[0].pk]))
    back = reverse("evaluation:annual_year", args=[year])
    context = {
        "title": f"生成{year}年度考核参考表？",
        "sentence": "生成一份函，附全部单位的参考表；已有没印发的草稿的，生成新的一版。",
        "facts": [words.title(found, len(found.rows)), words.weight_words(found)],
        "action": "生成",
        "cancel_url": back,
    }
    return render(request, "ui/confirm.html", context)
