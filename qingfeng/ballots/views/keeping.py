"""Keepers: named by the officer; each sets his passphrase in his own session; both open the urn together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from qingfeng.ballots import rules
from qingfeng.ballots.actions import keepers as actions
from qingfeng.ballots.actions import mixing
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.forms import arranging as forms
from qingfeng.ballots.models import Keeper, Urn
from qingfeng.ballots.queries import people, turnout
from qingfeng.ballots.views import steps
from qingfeng.core import clock, preferences
from qingfeng.core.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


def _desk(urn: Urn) -> str:
    return reverse("ballots:urn", args=[urn.pk])


def _own(request: HttpRequest, urn: Urn) -> Keeper:
    """Return the seat the person keeps. Raises `Http404` where he keeps none."""
    keeper = people.keeper_of(urn, steps.person(request))
    if keeper is None:
        raise Http404
    return keeper


@page
def keepers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the two keepers; naming another person throws the former one's key away."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    rules.arrange_urn.check(user, urn)
    seats = {keeper.seat: str(keeper.user_id) for keeper in people.keepers_of(urn)}
    form = forms.KeepersForm(
        request.POST if request.method == "POST" else None,
        people=people.candidates(clock.today()),
        initial={"first": seats.get(1, ""), "second": seats.get(2, "")},
    )
    question = steps.Question(
        title="由哪两个人保管票箱？",
        sentence="两位保管人各设一个口令，缺一个都打不开票箱。组织测评、制发测评码的党风室人员不能保管：发码的人知道码给了谁，不能再有打开票的钥匙。",
        action="指定保管人",
        back=_desk(urn),
        done="已指定保管人，请他们登录后设置口令。",
    )

    def act(_: dict[str, Any]) -> None:
        actions.name_both(urn=urn, users=form.chosen(), by=user, at=clock.now())

    return steps.ask(request, question, act, form=form)


@sensitive_post_parameters()
@page
def passphrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a keeper set his passphrase."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    keeper = _own(request, urn)
    form = forms.PassphraseForm(request.POST if request.method == "POST" else None)
    shortest = preferences.get("ballot_passphrase_length")
    question = steps.Question(
        title="设置票箱保管口令",
        facts=[
            "口令丢了，这一轮的票就全部打不开，只能作废重来；谁也不能重置，包括系统管理员",
            "开箱那天要您本人到场输入；请写在纸上封好，单独存放，不要存在手机和电脑里",
            f"至少 {shortest} 个字（空格不计），不能全是数字，不能含您的姓名和登录名",
        ],
        action="设置口令",
        back=_desk(urn),
        done="口令已设置。可以用“试一试口令”核对您抄下的对不对。",
    )
    return steps.ask(
        request,
        question,
        lambda values: actions.accept(
            keeper=keeper, passphrase=values["passphrase"], by=user, at=clock.now()
        ),
        form=form,
    )


@sensitive_post_parameters()
@page
def try_passphrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a keeper see whether he still has the right passphrase; nothing is opened."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    keeper = _own(request, urn)
    form = forms.TryForm(request.POST if request.method == "POST" else None)
    question = steps.Question(
        title="试一试口令",
        sentence="只核对口令对不对，不打开任何选票，也不留记录。",
        action="核对",
        back=_desk(urn),
        done="口令是对的，请继续妥善保管。",
    )

    def act(values: dict[str, Any]) -> None:
        if not actions.try_passphrase(keeper=keeper, passphrase=values["passphrase"], by=user):
            raise Refused("口令不对，请核对大小写和字词")

    return steps.ask(request, question, act, form=form)


@sensitive_post_parameters()
@page
def mix(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the urn with both passphrases, typed by both keepers at one desk.

    It is done in the request itself: a passphrase must not lie in a job. Sent twice, the second waits for the
    first and finds it done.
    """
    user, urn = steps.person(request), steps.fetch(request, pk)
    if urn.state == UrnState.MIXED:
        return redirect("ballots:published", urn.pk)
    rules.mix_urn.check(user, urn)
    form = forms.MixForm(request.POST if request.method == "POST" else None, keepers=people.keepers_of(urn))
    status, least = 200, turnout.total(turnout.by_pool(urn))
    if request.method == "POST":
        status = steps.UNFIT
        if form.is_valid():
            try:
                mixing.mix(urn=urn, passphrases=form.passphrases(), by=user, at=clock.now())
            except Refused as refusal:
                for sentence in refusal.sentences:
                    form.add_error(None, sentence)
            else:
                messages.success(request, "已开箱。选票已全部打乱，密封的原票和钥匙已销毁。")
                return redirect("ballots:published", urn.pk)
    context = {"urn": urn, "form": form, "seconds": 5 + least // 1500, "back": _desk(urn)}
    return render(request, "ballots/mix_form.html", context, status=status)
