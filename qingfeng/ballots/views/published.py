"""What is published after the mix: receipts, answers question by question, the file to count again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.ballots import rules
from qingfeng.ballots.actions import publishing, reading
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.forms import arranging as forms
from qingfeng.ballots.presenters import published as words
from qingfeng.ballots.queries import mixed, turnout
from qingfeng.ballots.sealing import codes
from qingfeng.ballots.views import steps
from qingfeng.core import clock


@require_http_methods(["GET", "HEAD", "POST"])
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who took part, what was counted and what was withheld; look a receipt up without its address."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    if urn.state != UrnState.MIXED:
        return redirect("ballots:urn", urn.pk)
    form = forms.ReceiptForm(request.POST if request.method == "POST" else None)
    answer = ""
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["receipt"]
        answer = words.found(mixed.has_receipt(urn, codes.grouped(codes.tidy(text))))
    shown = turnout.by_pool(urn)
    counted = mixed.receipts(urn, counted=True)
    context = {
        "urn": urn,
        "title": words.title(shown),
        "form": form,
        "answer": answer,
        "questions": words.questions(urn, mixed.counts(urn)),
        "counted": counted[: words.SHOWN],
        "total": len(counted),
        "more": max(0, len(counted) - words.SHOWN),
        "withheld": words.withheld(shown, urn.minimum),
        "turnout": turnout.total(shown),
        "why_export": rules.publish_urn.why_not(user, urn),
        "may_read": rules.read_comments.allows(user, urn),
    }
    return render(request, "ballots/published.html", context)


@require_safe
def unit_answers(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Show one unit's answers, group by group, where enough people answered."""
    urn = steps.fetch(request, pk)
    if urn.state != UrnState.MIXED:
        return redirect("ballots:urn", urn.pk)
    entries = [entry for entry in turnout.by_pool(urn) if entry.pool.unit_id == unit_pk]
    if not entries:
        return redirect("ballots:published", urn.pk)
    counts = mixed.counts(urn, [unit_pk])
    context = {
        "urn": urn,
        "unit": entries[0].pool.unit,
        "groups": words.groups(urn, entries, counts),
        "minimum": urn.minimum,
    }
    return render(request, "ballots/unit_answers.html", context)


@require_POST
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what people wrote; who reads it is in the audit book."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    rules.read_comments.check(user, urn)
    rows = reading.read_comments(urn=urn, by=user, at=clock.now())
    return render(request, "ballots/comments.html", {"urn": urn, "rows": rows})


@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the archive from which anybody counts again."""
    urn = steps.fetch(request, pk)
    content = publishing.export(urn=urn, by=steps.person(request), at=clock.now())
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{urn.title}公布文件.zip") or ""
    return response
