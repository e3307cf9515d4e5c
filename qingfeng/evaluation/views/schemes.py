"""The schemes: the list of versions, and one version to read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.enums import VersionState
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import scheme_words
from qingfeng.evaluation.presenters import schemes as words
from qingfeng.evaluation.presenters import weight_origins as origin_words
from qingfeng.evaluation.queries import desk, scope, studies
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.plain import number_text as plain
from qingfeng.evaluation.views import rounds_of, steps
from qingfeng.workflow import engine


def fetch(request: HttpRequest, pk: int) -> SchemeVersion:
    """Return the version if the user may read it. Raises `Http404` otherwise."""
    found: SchemeVersion = get_object_or_404(queries.visible_to(steps.person(request)), pk=pk)
    return found


def build(request: HttpRequest) -> listing.Listing:
    return listing.build(
        queries.listed(steps.person(request)),
        request.GET,
        columns=words.VERSION_COLUMNS,
        filters=[listing.Filter("state", "状态", VersionState.choices, "state")],
        search=["scheme__name", "note"],
        default_sort="scheme",
    )


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    user = steps.person(request)
    rounds_of.require_part(scope.has_any_part(user))
    built = build(request)
    drafts = sum(row.state == VersionState.DRAFT for row in built.page.object_list)
    context = {
        "listing": built,
        "title": f"{built.total} 个方案版本" + (f"，{drafts} 份草稿还没发布" if drafts else ""),
    }
    return render(request, "evaluation/schemes/scheme_list.html", context)


@require_POST
def scheme_list_export(request: HttpRequest) -> HttpResponse:
    user = steps.person(request)
    rounds_of.require_part(scope.has_any_part(user))
    rows: list[Any] = list(build(request).rows or [])
    address = request.META.get("REMOTE_ADDR", "")
    audit.record_export(what="schemes", rows=len(rows), by=user, at=clock.now(), address=address)
    return listing.export(rows, words.VERSION_COLUMNS, title="评价方案")


@require_safe
def scheme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version part by part: indicators, settings, the order of the one-fact rule, tables."""
    version = fetch(request, pk)
    scheme = queries.scheme_of(version)
    part = request.GET.get("part", "indicators")
    if part not in dict(words.PARTS):
        raise Http404
    is_draft = version.state == VersionState.DRAFT
    faults = words.faults(version, scheme, queries.faults_of(version)) if is_draft else []
    context = {
        **frame(request, version, scheme),
        "title": words.title(version, scheme, faults),
        "part": part,
        "tabs": words.tabs(version, part),
        "faults": faults,
        **_content(request, part, version, scheme),
    }
    return render(request, "evaluation/schemes/scheme_detail.html", context)


def frame(request: HttpRequest, version: SchemeVersion, scheme: core.Scheme) -> dict[str, Any]:
    """Return what every page of a version needs: its steps, each with why it cannot be taken."""
    user = steps.person(request)
    may_edit = rules.edit_scheme.allows(user)
    is_draft = version.state == VersionState.DRAFT
    return {
        "version": version,
        "scheme": scheme,
        "is_draft": is_draft,
        "may_edit": may_edit,
        "is_editable": may_edit and is_draft,
        "why_publish": engine.why_not(version, states.PUBLISH_VERSION, rules.publish_version, user),
        "can_retire": version.state == VersionState.PUBLISHED and rules.retire_version.allows(user, version),
        "publisher": words.publisher(version),
        "tone": words.STATE_TONES[VersionState(version.state)],
    }


def _content(request: HttpRequest, part: str, version: SchemeVersion, scheme: core.Scheme) -> dict[str, Any]:
    if part == "indicators":
        rows = queries.indicator_rows(scheme)
        return {
            "groups": words.groups(version, scheme, rows),
            "articles": sum(row.is_from_article for row in rows),
            "origins": origin_words.origin_lines(version, scheme, studies.origins_of(version)),
        }
    if part == "settings":
        return {
            "facts": words.settings_facts(scheme),
            "downgrades": words.downgrade_lines(scheme),
            "adjustments": words.adjustment_lines(scheme),
        }
    if part == "order":
        return {"ordered": sorted((entry for _, entry in scheme.indicators()), key=lambda row: row.order)}
    if part == "tables":
        return {"tables": words.table_lines(scheme)}
    user = steps.person(request)
    others = list(queries.siblings(user, version))
    return {
        "happened": words.happened(version, desk.history(version)),
        "rounds": queries.rounds_on(user, version),
        "others": others,
    }


@require_safe
def scheme_indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show one indicator whole: channels, who scores, rules in words, evidence, basis."""
    version = fetch(request, pk)
    scheme = queries.scheme_of(version)
    found = next(((d, i) for d, i in scheme.indicators() if i.code == code), None)
    if found is None:
        raise Http404
    dimension, indicator = found
    texts = queries.faults_of(version) if version.state == VersionState.DRAFT else []
    context = {
        **frame(request, version, scheme),
        "dimension": dimension,
        "indicator": indicator,
        "weight": plain(indicator.weight),
        "channels": scheme_words.channels(scheme, dimension, indicator),
        "basis": scheme_words.basis(indicator.basis),
        "is_article": indicator.mark is core.SourceMark.ARTICLE,
        "sources": words.source_words(indicator.sources),
        "back": reverse("evaluation:scheme", args=[pk]),
        "path": f"dimensions/{dimension.code}/indicators/{code}",
        "meta": f"{code} · {plain(indicator.weight)} 分 · {version.get_state_display()}",
        "faults": words.faults_within(indicator, texts),
    }
    return render(request, "evaluation/schemes/scheme_indicator.html", context)
