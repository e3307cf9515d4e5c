from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.documents import presenters, rules, states
from qingfeng.documents.actions import issuing
from qingfeng.documents.enums import IN_FORCE, DocumentState
from qingfeng.documents.forms import official as forms
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import official as queries
from qingfeng.documents.queries import scope
from qingfeng.documents.views import acts
from qingfeng.documents.views.acts import ACTS, Act
from qingfeng.documents.views.requests import user_of
from qingfeng.workflow import engine


def _found(request: HttpRequest, pk: int) -> OfficialDocument:
    return get_object_or_404(queries.register(user_of(request)), pk=pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, document = user_of(request), _found(request, pk)
    is_staff, with_drafts = scope.is_staff(user), scope.sees_drafts(user, document)
    offers = acts.offers(user, document) if is_staff else []
    first = acts.next_offer(document, offers)
    context = {
        "document": document,
        "sentence": presenters.sentence(document, is_staff=is_staff),
        "tone": presenters.TONES[DocumentState(document.state)],
        "next": first,
        "offers": [offer for offer in offers if offer != first],
        "copies": [(copy, presenters.file_line(copy.version)) for copy in queries.copies(document)],
        "texts": [presenters.file_line(v) for v in queries.texts(document)] if with_drafts else [],
        "scans": [presenters.file_line(v) for v in queries.scans(document)],
        "recipients": queries.recipients(document),
        "history": queries.history(document, with_drafts=with_drafts),
        "successor": getattr(document, "replaced_by", None),
        "is_open": document.state in states.WRITABLE,
        "is_in_force": document.state in IN_FORCE,
    }
    return render(request, "documents/document_detail.html", context)


def step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Take a document one step further, on a page that names what the step does."""
    user, document = user_of(request), _found(request, pk)
    act = ACTS.get(slug)
    if act is None:
        raise Http404
    _require(engine.why_not(document, act.transition, act.rule, user), act.rule.name)
    form = act.form(request.POST or None, request.FILES or None) if act.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        data = form.cleaned_data if form else {}
        try:
            outcome = act.action(document=document, **data, by=user, at=clock.now())
        except Refused as refusal:
            _show(request, form, refusal)
        else:
            messages.success(request, act.done)
            went_to = outcome if isinstance(outcome, OfficialDocument) else document
            return redirect("documents:detail", went_to.pk)
    return render(request, "documents/document_step.html", _step_page(document, act, form))


def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Number a document and send it out, on a page that shows what will be fixed."""
    user, document = user_of(request), _found(request, pk)
    _require(acts.why_not_issue(user, document), rules.issue.name)
    year = timezone.localtime(clock.now()).year
    series = queries.open_series(year)
    form = forms.IssueForm(request.POST or None, series=series, units=queries.active_units())
    if request.method == "POST" and form.is_valid():
        values = {"series": form.cleaned_data["series"], "recipients": form.addressees()}
        try:
            issuing.issue(document=document, **values, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            messages.success(request, f"已印发，发文字号为{document.number_text}。")
            return redirect("documents:detail", document.pk)
    context = {"form": form, "document": document, "year": year, "has_series": series.exists()}
    return render(request, "documents/document_issue.html", context)


def _require(why: str, rule: str) -> None:
    """Refuse with the sentence that the disabled button shows."""
    if why:
        raise Denied(why, rule)


def _show(request: HttpRequest, form: Any, refusal: Refused) -> None:
    if form is None:
        messages.error(request, "；".join(refusal.sentences))
    else:
        forms.take_refusal(form, refusal)


def _step_page(document: OfficialDocument, act: Act, form: Any) -> dict[str, Any]:
    return {
        "document": document,
        "form": form,
        "label": act.transition.label,
        "sentence": act.sentence,
        "back": reverse("documents:detail", args=[document.pk]),
    }
