from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qingfeng.accounts import rules
from qingfeng.accounts.actions import grants as grant_actions
from qingfeng.accounts.actions import liaisons as actions
from qingfeng.accounts.forms import absences as forms
from qingfeng.accounts.forms.accounts import take_refusal
from qingfeng.accounts.queries import liaisons as queries
from qingfeng.accounts.queries import loose
from qingfeng.accounts.views.requests import user_of
from qingfeng.core import clock, requests
from qingfeng.core.errors import Refused


def liaison_list(request: HttpRequest) -> HttpResponse:
    """Show the head of units their liaison officers."""
    units = queries.of_units_headed_by(user_of(request), clock.today())
    context = {"title": _title(units), "units": units, "today": clock.today()}
    return render(request, "accounts/liaison_list.html", context)


def _title(units: list[queries.UnitLiaisons]) -> str:
    if not units:
        return "联络员由各单位负责人指定"
    missing = [str(each.unit) for each in units if not each.grants]
    return f"{'、'.join(missing)}还没有联络员" if missing else "本单位的联络员由您指定"


def liaison_name(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = user_of(request), clock.today()
    unit = get_object_or_404(queries.units_headed_by(user), pk=pk)
    form = forms.LiaisonForm(
        requests.posted(request),
        candidates=queries.candidates(unit, user),
        present=queries.of_unit(unit, today),
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            grant = actions.name(unit=unit, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, f"已指定{grant.user}为{unit}联络员，安全管理员会看到。")
            return redirect("accounts:liaisons")
    return render(request, "accounts/liaison_form.html", {"title": f"指定{unit}的联络员", "form": form})


def loose_grants(request: HttpRequest) -> HttpResponse:
    """Show the security administrator what hangs on nothing any more, and end what he chooses."""
    user = user_of(request)
    rules.end_grants.check(user)
    found = loose.loose_grants(user, clock.today())
    form = forms.LooseForm(requests.posted(request), loose=loose.choosable(found))
    if request.method == "POST" and form.is_valid():
        try:
            count = grant_actions.end_together(**form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, f"已收回 {count} 次授权。")
            return redirect("accounts:loose_grants")
    title = f"{len(found)} 次授权失去了依据，应当收回" if found else "没有失去依据的授权"
    return render(request, "accounts/loose_grants.html", {"title": title, "found": found, "form": form})
