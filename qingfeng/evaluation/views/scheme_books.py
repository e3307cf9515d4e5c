"""A scheme as an Excel workbook: exported with a line in the audit book, imported after a preview."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.core import clock, htmx
from qingfeng.core.errors import Conflict, Refused, WrongState
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import schemes as actions
from qingfeng.evaluation.enums import VersionState
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import comparison as words
from qingfeng.evaluation.presenters import weight_origins as origin_words
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.queries import studies
from qingfeng.evaluation.scoring import scheme_json
from qingfeng.evaluation.views import scheme_steps, schemes, steps, workbooks
from qingfeng.evaluation.workbook import reading, scheme_rows, scheme_sheets
from qingfeng.evaluation.workbook import studies as study_book


@require_POST
def scheme_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a version out as the workbook that `scheme_import` reads back."""
    version = schemes.fetch(request, pk)
    scheme = queries.scheme_of(version)
    origins = origin_words.origin_rows(version, scheme, studies.origins_of(version))
    content = study_book.scheme_book(scheme_sheets.SHEETS, scheme_rows.rows_of(scheme), origins)
    title = f"{version.scheme.name}-第{version.number}版"
    return workbooks.send(request, content, title=title, what="scheme", subject=version)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a workbook in, whole or not at all, and show what would change before it replaces the draft."""
    version = _draft(request, pk)
    desk = workbooks.Desk(
        title=f"用 Excel 改“{version.scheme.name}”{version}",
        back=scheme_steps.home(version),
        download=reverse("evaluation:scheme_export", args=[pk]),
        sentence="先下载这份草稿，在表里改，再整份传回来。传回来先给您看有哪些不同，您确认后才替换草稿。",
    )
    return workbooks.receive(request, desk, lambda content: _preview(request, version, content))


def _draft(request: HttpRequest, pk: int) -> SchemeVersion:
    version = schemes.fetch(request, pk)
    rules.edit_scheme.check(steps.person(request))
    if version.state != VersionState.DRAFT:
        raise WrongState("方案一经发布不再修改，请在它的基础上起草新版本")
    return version


def _preview(request: HttpRequest, version: SchemeVersion, content: bytes) -> HttpResponse | str:
    scheme = reading.read_scheme(content)
    groups = words.compare(queries.scheme_of(version), scheme)
    places = sum(len(group.rows) for group in groups)
    if not places:
        return "表格与草稿完全一样，没有要改的。"
    context = {
        "version": version,
        "title": f"表格与草稿有 {places} 处不同，确认后替换",
        "groups": groups,
        "body": scheme_json.to_json(scheme),
    }
    return render(request, "evaluation/schemes/import_preview.html", context)


@require_POST
def scheme_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the draft by what was previewed, unless somebody changed it meanwhile."""
    version = _draft(request, pk)
    try:
        body = json.loads(request.POST.get("body", ""))
        body["code"] = version.scheme.slug
        actions.replace_body(
            version=version,
            body=body,
            digest=request.POST.get("digest", ""),
            by=steps.person(request),
            at=clock.now(),
        )
    except (ValueError, TypeError):
        messages.error(request, "没有收到完整的表格内容，请重新上传。")
    except (Refused, Conflict) as refusal:
        for sentence in steps.sentences_of(refusal):
            messages.error(request, sentence)
    else:
        messages.success(request, "草稿已替换为表格的内容。")
    return htmx.go(request, scheme_steps.home(version))
