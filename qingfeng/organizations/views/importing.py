from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests
from qingfeng.core.errors import Conflict, FaultyWorkbook
from qingfeng.core.spreadsheets.reading import LIMITS
from qingfeng.organizations import forms, presenters, queries, rules
from qingfeng.organizations.actions import importing as actions
from qingfeng.organizations.models import ImportDraft
from qingfeng.organizations.workbook import sheets, snapshot
from qingfeng.organizations.workbook.planning import Plan

both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    rules.import_workbook.check(requests.actor_of(request))
    return listing.xlsx_response(sheets.template(), "单位和人员导入模板")


@require_POST
def workbook(request: HttpRequest) -> HttpResponse:
    """Export everything in the form that imports back unchanged."""
    rules.export_workbook.check(requests.actor_of(request))
    audit.record(action="organizations.export", by=requests.actor_of(request), at=clock.now())
    return listing.xlsx_response(snapshot.workbook(snapshot.read()), "单位和人员")


@both
def upload(request: HttpRequest) -> HttpResponse:
    rules.import_workbook.check(requests.actor_of(request))
    form = forms.ImportForm(requests.posted(request), request.FILES or None)
    if request.method != "POST":
        return render(request, "organizations/import_form.html", {"form": form})
    try:
        staged = forms.carried_out(form, lambda: _stage(request, form.cleaned_data["file"]))
    except FaultyWorkbook as faulty:
        return _faults(request, faulty, form)
    if staged is None:
        return render(request, "organizations/import_form.html", {"form": form})
    draft, _ = staged
    if draft is None:
        messages.info(request, "工作簿的内容与平台一致，没有需要导入的变化。")
        return redirect("organizations:import")
    return redirect("organizations:import_draft", draft.token)


def _stage(request: HttpRequest, file: Any) -> tuple[ImportDraft | None, Plan]:
    content = file.read(LIMITS.bytes + 1)
    return actions.stage_import(
        content=content, file_name=file.name, by=requests.actor_of(request), at=clock.now()
    )


def _faults(request: HttpRequest, faulty: FaultyWorkbook, form: forms.ImportForm) -> HttpResponse:
    context = {"form": forms.ImportForm(), "faults": presenters.fault_list(faulty.faults)}
    return render(request, "organizations/import_faults.html", context, status=422)


def _draft(request: HttpRequest, token: UUID) -> ImportDraft:
    return get_object_or_404(queries.draft_of(requests.actor_of(request), token, clock.now()))


@both
def preview(request: HttpRequest, token: UUID) -> HttpResponse:
    draft = _draft(request, token)
    rules.import_workbook.check(requests.actor_of(request))
    try:
        if request.method == "POST":
            return _confirm(request, draft)
        return _show(request, draft)
    except FaultyWorkbook as faulty:
        return _faults(request, faulty, forms.ImportForm())


def _show(request: HttpRequest, draft: ImportDraft, warning: str = "", status: int = 200) -> HttpResponse:
    plan = actions.preview(draft)
    context = {
        "draft": draft,
        "title": presenters.plan_title(plan),
        "sections": presenters.sections(plan),
        "digest": plan.digest,
        "warning": warning,
    }
    return render(request, "organizations/import_preview.html", context, status=status)


def _confirm(request: HttpRequest, draft: ImportDraft) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        plan = actions.confirm_import(
            draft=draft, digest=digest, by=requests.actor_of(request), at=clock.now()
        )
    except Conflict as conflict:
        return _show(request, draft, conflict.sentence, 409)
    messages.success(request, f"{presenters.plan_title(plan, done=True)}。")
    return redirect("organizations:list")


@require_POST
def discard(request: HttpRequest, token: UUID) -> HttpResponse:
    actions.discard_import(draft=_draft(request, token), by=requests.actor_of(request))
    messages.info(request, "这份工作簿没有导入，已经丢弃。")
    return redirect("organizations:import")
