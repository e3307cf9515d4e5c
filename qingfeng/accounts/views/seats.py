from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from qingfeng.accounts import rules
from qingfeng.accounts.actions import seats as actions
from qingfeng.accounts.forms import accounts as forms
from qingfeng.accounts.queries import accounts as account_queries
from qingfeng.accounts.queries import seats as queries
from qingfeng.accounts.views.requests import user_of
from qingfeng.core import clock
from qingfeng.core.errors import Refused


def seat_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_accounts.check(user)
    seats = [
        (seat, rules.hand_over_seat.why_not(user, seat.held) if seat.held else "尚未设立")
        for seat in queries.seats()
    ]
    context = {"seats": seats, "handovers": queries.handovers()}
    return render(request, "accounts/seat_list.html", context)


def seat_hand_over(request: HttpRequest, role: str) -> HttpResponse:
    user = user_of(request)
    seat = get_object_or_404(queries.visible_to(user), role=role)
    rules.hand_over_seat.check(user, seat)
    form = forms.HandOverForm(request.POST or None, people=account_queries.fit_for_a_seat(clock.today()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(seat=seat, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            forms.take_refusal(form, refusal)
        else:
            messages.success(request, f"{seat}已由{seat.user}接任。")
            return redirect("accounts:seats")
    context = {"title": f"{seat}由{seat.user}移交给谁", "form": form}
    return render(request, "accounts/seat_form.html", context)
