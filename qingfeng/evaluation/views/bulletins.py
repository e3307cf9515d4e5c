"""The bulletin of a round: what it says, its draft, and the official document it becomes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from qingfeng.core import clock, htmx
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import bulletins as actions
from qingfeng.evaluation.actions import committee
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.forms import bulletins as forms
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import bulletins as words
from qingfeng.evaluation.queries import bulletins as queries
from qingfeng.evaluation.queries import results
from qingfeng.evaluation.views import round_progress, round_steps, steps

APPROVED = (RoundState.APPROVED, RoundState.ANNOUNCED)


def lines(user: Any, round: Round) -> list[words.Line]:
    return words.lines(queries.counted(user, round))


@require_safe
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the bulletin says part by part, and where its document is."""
    round = round_progress.fetch(request, pk)
    user = steps.person(request)
    found = lines(user, round)
    is_approved = round.state in APPROVED
    revision = results.latest_revision(round)
    parts = actions.compose(revision) if revision is not None else None
    draft = queries.open_draft(revision) if revision is not None else None
    context = {
        "round": round,
        "title": words.title(found, is_approved=is_approved),
        "lines": found,
        "newest": next(iter(found), None),
        "parts": parts,
        "sections": words.numbered(parts.sections) if parts else [],
        "why": rules.draft_bulletin.why_not(user, round) or ("" if is_approved else "先经常委会审定"),
        "draft_url": reverse("evaluation:bulletin_draft", args=[pk]),
        "approval": words.approval_of(draft) if draft is not None else None,
        "why_ask": rules.draft_bulletin.why_not(user, round),
    }
    return render(request, "evaluation/rounds/bulletin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the drafted bulletin before the leaders."""
    round = round_steps.allowed(request, pk, rules.draft_bulletin)
    question = steps.Question(
        title=f"把{round.label}评价通报呈领导签批？",
        sentence="分管领导、书记依次签批，都同意以后办公室才能印发。",
        action="呈批",
        back=reverse("evaluation:bulletin", args=[pk]),
        done="已呈批，领导签批后就可以印发。",
    )
    act = partial(committee.request_bulletin_approval, round=round, at=clock.now())
    return steps.ask(request, question, lambda _: act(by=steps.person(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Compose the draft; composed again, it gets a new version and the earlier ones stay."""
    round = round_steps.allowed(request, pk, rules.draft_bulletin)
    form = forms.RequirementsForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = steps.fill(
            form,
            lambda: actions.draft_bulletin(
                round=round, requirements=form.lines(), by=steps.person(request), at=clock.now()
            ),
        )
        if status == 200:
            messages.success(request, "通报已起草。请打开文书下载核改，再编号印发。")
            return htmx.go(request, reverse("evaluation:bulletin", args=[pk]))
    has_draft = any(line.is_open for line in lines(steps.person(request), round))
    context = {
        "title": "重新生成通报" if has_draft else f"起草{round.label}评价通报",
        "sentence": "按最近一次审定的结果生成公文，格式按 GB/T 9704—2012。"
        + ("已有的草稿保留为前一版。" if has_draft else ""),
        "action": "重新生成" if has_draft else "起草",
        "cancel_url": reverse("evaluation:bulletin", args=[pk]),
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=status)
