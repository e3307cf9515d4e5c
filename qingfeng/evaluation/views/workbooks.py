"""Excel in and out of a page: a download that is audited, an upload that is taken whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing, references
from qingfeng.core.errors import Conflict, Fault, FaultyWorkbook, Refused
from qingfeng.evaluation.forms.common import WorkbookForm
from qingfeng.evaluation.views import steps

MOST_FAULTS = 300


@dataclass(frozen=True)
class Desk:
    """The page on which a workbook is handed in: what it is, where to get the template, where to go on."""

    title: str
    back: str
    download: str
    sentence: str
    warning: str = ""


def receive(request: HttpRequest, desk: Desk, take_in: Callable[[bytes], str | HttpResponse]) -> HttpResponse:
    """Show the form, or take the workbook in and say what it brought; list every fault of a faulty one.

    `take_in` may answer with a page of its own, such as a preview.
    """
    if request.method != "POST":
        return _show(request, desk, WorkbookForm(), [])
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, desk, form, [], status=steps.UNFIT)
    try:
        answer = take_in(form.cleaned_data["workbook"].read())
    except FaultyWorkbook as faulty:
        return _show(request, desk, form, faulty.faults, status=steps.UNFIT)
    except (Refused, Conflict) as refusal:
        form.add_error("workbook", steps.sentences_of(refusal))
        return _show(request, desk, form, [], status=steps.status_of(refusal))
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(request, answer)
    return htmx.go(request, desk.back)


def _show(
    request: HttpRequest, desk: Desk, form: WorkbookForm, faults: list[Fault], *, status: int = 200
) -> HttpResponse:
    context = {"desk": desk, "form": form, "faults": faults[:MOST_FAULTS], "count": len(faults)}
    return render(request, "evaluation/workbook_form.html", context, status=status)


def send(request: HttpRequest, content: bytes, *, title: str, what: str, subject: Any) -> HttpResponse:
    """Give a workbook out, with a line in the audit book."""
    audit.record(
        action=f"export.{what}",
        by=steps.person(request),
        at=clock.now(),
        subject=references.reference_to(subject),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return listing.xlsx_response(content, title)
