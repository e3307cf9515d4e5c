from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing, requests
from qingfeng.core.listing import Column, Filter, Listing
from qingfeng.organizations import presenters, queries, rules
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit


def _yes_no(value: bool) -> str:
    return "是" if value else "否"


def _columns() -> list[Column]:
    today = clock.today()
    by_class = ("class_place", "sort_order", "code")
    return [
        Column("short_name", "简称", lambda unit: unit.short_name, ("short_name",)),
        Column("code", "编码", lambda unit: unit.code, ("code",)),
        Column("class", "类别", lambda unit: unit.get_unit_class_display(), by_class),
        Column("parent", "上级单位", lambda unit: unit.parent and unit.parent.short_name, ("parent__code",)),
        Column("evaluated", "参加评价", lambda unit: _yes_no(unit.is_evaluated), ("is_evaluated",)),
        Column("from", "启用日期", lambda unit: unit.active_from, ("active_from",)),
        Column("to", "停用日期", lambda unit: unit.active_to, ("active_to",)),
        Column("state", "状态", lambda unit: presenters.unit_state(unit, today)),
    ]


def _filters() -> list[Filter]:
    today = clock.today()
    return [
        Filter("class", "类别", UnitClass.choices, "unit_class"),
        Filter("state", "状态", queries.UNIT_STATES, lambda rows, to: queries.in_state(rows, to, today)),
        Filter("evaluated", "参加评价", [("True", "是"), ("False", "否")], "is_evaluated"),
    ]


def _listing(request: HttpRequest) -> Listing:
    rows = queries.in_order(queries.with_relatives(queries.visible_to(requests.actor_of(request))))
    return listing.build(
        rows, request.GET, columns=_columns(), filters=_filters(),
        search=("name", "short_name", "code"), default_sort="class",
    )  # fmt: skip


def _tabs(active: str) -> list[dict[str, Any]]:
    pages = (("organizations:list", "列表"), ("organizations:tree", "层级"))
    return [{"label": label, "url": reverse(name), "active": name == active} for name, label in pages]


def _overview(request: HttpRequest, active: str) -> dict[str, Any]:
    total, evaluated = queries.size(queries.visible_to(requests.actor_of(request)), clock.today())
    return {
        "title": f"{total} 个单位在用，{evaluated} 个参加评价",
        "tabs": _tabs(active),
        "can_edit": rules.edit_units.allows(requests.actor_of(request)),
    }


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    rules.read_units.check(requests.actor_of(request))
    context = {"listing": _listing(request), **_overview(request, "organizations:list")}
    return htmx.respond(request, "organizations/unit_list.html", context)


@require_safe
def unit_tree(request: HttpRequest) -> HttpResponse:
    rules.read_units.check(requests.actor_of(request))
    units = queries.in_order(queries.visible_to(requests.actor_of(request)).active_on(clock.today()))
    context = {"tree": presenters.tree(units), **_overview(request, "organizations:tree")}
    return render(request, "organizations/unit_tree.html", context)


@require_POST
def unit_export(request: HttpRequest) -> HttpResponse:
    rules.read_units.check(requests.actor_of(request))
    rows = _listing(request).rows
    audit.record_export(
        what="unit",
        rows=rows.count() if rows else 0,
        by=requests.actor_of(request),
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), _columns(), title="单位")


def in_scope(request: HttpRequest, pk: int) -> Unit:
    """Fetch a unit the user may open. Raises Http404."""
    unit: Unit = get_object_or_404(
        queries.with_relatives(queries.visible_to(requests.actor_of(request))), pk=pk
    )
    return unit


@require_safe
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    unit, today, user = in_scope(request, pk), clock.today(), requests.actor_of(request)
    above = queries.ancestors_of(unit)
    hidden = rules.read_unit_people.why_not(user, unit)
    context = {
        "unit": unit,
        "state": presenters.unit_state(unit, today),
        "facts": presenters.unit_facts(unit, above),
        "children": queries.children_of(unit, today),
        "predecessors": queries.predecessors_of(unit),
        "openable": set(queries.visible_to(user).values_list("pk", flat=True)),
        "people_hidden": hidden,
        "posts": {} if hidden else queries.posts_by_time(unit, today),
        "why_edit": rules.edit_units.why_not(user),
        "why_close": rules.close_unit.why_not(user, unit),
        "is_open": unit.active_to is None,
    }
    return render(request, "organizations/unit_detail.html", context)
