"""Which roles sign in which order, by kind: seen by all of the commission, set by the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qingfeng.core import clock, requests
from qingfeng.decisions import rules
from qingfeng.decisions.actions import chains as actions
from qingfeng.decisions.forms import approvals as forms
from qingfeng.decisions.queries import chains, subjects
from qingfeng.decisions.views.steps import fill, person


def chain_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rules.read_decisions.check(user)
    why = rules.change_chain.why_not(user)
    return render(request, "decisions/chain_list.html", {"chains": chains.chains(), "why_not_change": why})


def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Set the order of a kind; two who set it at once see each other."""
    user = person(request)
    rules.change_chain.check(user)
    if kind not in subjects.KINDS:
        raise Http404
    chain = chains.chain_of(kind)
    form, status = forms.ChainForm(requests.posted(request), chain=chain), 200
    if request.method == "POST":
        status = fill(
            form,
            lambda: actions.set_chain(
                kind=kind,
                roles=form.roles(),
                basis=form.cleaned_data["basis"],
                seen=form.cleaned_data["revision"],
                by=user,
                at=clock.now(),
            ),
        )
        if status == 200:
            messages.success(request, "签批顺序已设定，以后的呈批照此办理；已经呈批的不变。")
            return redirect("decisions:chains")
    context = {"form": form, "chain": chains.chain_of(kind), "is_conflict": status == 409}
    return render(request, "decisions/chain_form.html", context, status=status)
