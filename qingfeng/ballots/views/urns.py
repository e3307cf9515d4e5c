"""Urns: the list, the page of one, its pools, and the steps that carry it on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.ballots import rules
from qingfeng.ballots.actions import urns as actions
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.forms import arranging as forms
from qingfeng.ballots.models import Urn
from qingfeng.ballots.presenters import pools as pool_words
from qingfeng.ballots.presenters import urns as words
from qingfeng.ballots.queries import issued, people, scope, turnout
from qingfeng.ballots.views import steps
from qingfeng.core import clock, listing
from qingfeng.core.references import Reference

page = require_http_methods(["GET", "HEAD", "POST"])
ARRANGING = (UrnState.PREPARING, UrnState.OPEN)


def build(request: HttpRequest) -> listing.Listing:
    return listing.build(
        scope.visible_to(steps.person(request)),
        request.GET,
        columns=words.COLUMNS,
        filters=[listing.Filter("state", "状态", UrnState.choices, "state")],
        search=["title"],
        default_sort="-prepared",
    )


@require_safe
def urn_list(request: HttpRequest) -> HttpResponse:
    built = build(request)
    context = {"listing": built, "title": words.list_title(list(built.page.object_list))}
    return render(request, "ballots/urn_list.html", context)


@require_POST
def urn_list_export(request: HttpRequest) -> HttpResponse:
    built = build(request)
    return _exported(request, built, "无记名测评", "urns")


def _exported(request: HttpRequest, built: listing.Listing, title: str, what: str) -> HttpResponse:
    rows: list[Any] = list(built.rows) if built.rows is not None else []
    audit.record_export(
        what=what,
        rows=len(rows),
        by=steps.person(request),
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return listing.export(rows, built.columns, title=title)


@require_safe
def urn_of(request: HttpRequest, kind: str, subject: int) -> HttpResponse:
    """Lead from a subject's page to its urn."""
    found = scope.of_subject(Reference(kind, subject))
    if found is None:
        raise Http404
    return redirect("ballots:urn", steps.fetch(request, found.pk).pk)


@require_safe
def urn(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an urn is, who keeps it, and what comes next."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    keepers, shown = people.keepers_of(urn), turnout.by_pool(urn)
    live = issued.live_counts(urn)
    context = {
        "urn": urn,
        "title": words.title(urn, keepers),
        "steps": words.steps(urn, keepers),
        "next_step": words.next_step(user, urn, keepers),
        "others": words.other_steps(user, urn, keepers),
        "keepers": words.keeper_rows(keepers),
        "units": len({entry.pool.unit_id for entry in shown}),
        "size": sum(entry.pool.size for entry in shown),
        "issued": sum(live.values()),
        "turnout": turnout.total(shown),
        "withheld": sum(entry.pool.is_withheld for entry in shown),
        "batches": issued.batches(urn)[:8],
    }
    return render(request, "ballots/urn_detail.html", context)


def build_pools(request: HttpRequest, urn: Urn) -> listing.Listing:
    live = issued.live_counts(urn)
    steps_of = {entry.pool.pk: entry for entry in turnout.by_pool(urn)}
    return listing.build(
        urn.pools.select_related("unit"),
        request.GET,
        columns=pool_words.columns(live, steps_of),
        filters=[listing.Filter("group", "群体", pool_words.groups(steps_of.values()), "group")],
        search=["unit__short_name", "unit__name"],
        default_sort="unit",
    )


@require_safe
def pools(request: HttpRequest, pk: int) -> HttpResponse:
    """List who is asked: sizes, codes printed, turnout in steps of five."""
    user, urn = steps.person(request), steps.fetch(request, pk)
    built = build_pools(request, urn)
    context = {
        "urn": urn,
        "listing": built,
        "lines": pool_words.lines(built),
        "title": pool_words.title(built.total, urn),
        "may_print": urn.state in ARRANGING and rules.issue_codes.allows(user, urn),
    }
    return render(request, "ballots/pool_list.html", context)


@require_POST
def pools_export(request: HttpRequest, pk: int) -> HttpResponse:
    built = build_pools(request, steps.fetch(request, pk))
    return _exported(request, built, "测评群体", "ballot_pools")


@page
def sizes(request: HttpRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Set how many people each group of a unit has."""
    urn = steps.fetch(request, pk)
    rules.arrange_urn.check(steps.person(request), urn)
    chosen = list(urn.pools.filter(unit=unit_pk).select_related("unit").order_by("pk"))
    if not chosen:
        raise Http404
    form = forms.SizesForm(request.POST if request.method == "POST" else None, pools=chosen)
    question = steps.Question(
        title=f"{chosen[0].unit.short_name}各群体应参加人数",
        sentence="人数决定最多能印多少张测评码；已印的张数不能超过人数。",
        action="保存人数",
        back=reverse("ballots:pools", args=[urn.pk]),
        done="人数已保存。",
    )

    def act(_: dict[str, Any]) -> None:
        actions.set_sizes(urn=urn, sizes=form.sizes(), by=steps.person(request), at=clock.now())

    return steps.ask(request, question, act, form=form)


def _asked(urn: Urn, title: str, action: str, *, done: str, facts: list[str]) -> steps.Question:
    back = reverse("ballots:urn", args=[urn.pk])
    return steps.Question(title=title, action=action, back=back, done=done, facts=facts)


@page
def open_urn(request: HttpRequest, pk: int) -> HttpResponse:
    urn = steps.fetch(request, pk)
    rules.open_urn.check(steps.person(request), urn)
    facts = [
        "印好的测评码从这时起可以投票，新的还可以接着印",
        "保管人和他们的口令从此固定；口令丢了，这一轮的票就打不开了",
        "截止以前谁也打不开票箱，只看得到按 5 人一档的参加人数",
    ]
    question = _asked(urn, "启用票箱，开始投票？", "启用票箱", done="票箱已启用，可以投票了。", facts=facts)
    return steps.ask(
        request,
        question,
        lambda _: actions.open_urn(urn=urn, by=steps.person(request), at=clock.now()),
    )


@page
def close(request: HttpRequest, pk: int) -> HttpResponse:
    urn = steps.fetch(request, pk)
    rules.close_urn.check(steps.person(request), urn)
    facts = ["截止以后不能再投，也不能重新开放", "没有用过的测评码全部失效", "接下来由两位保管人一起开箱"]
    question = _asked(urn, "现在截止投票？", "截止投票", done="投票已截止，请两位保管人开箱。", facts=facts)
    return steps.ask(
        request, question, lambda _: actions.close(urn=urn, by=steps.person(request), at=clock.now())
    )


@page
def void(request: HttpRequest, pk: int) -> HttpResponse:
    facts = ["已投的票全部销毁，谁也看不到", "两位保管人的钥匙同时销毁", "要测评须另建票箱、重新发码"]
    return _discard(
        request, pk, title="作废这个票箱？", action="作废票箱", facts=facts, act=actions.make_void
    )


@page
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    facts = ["口令没有备份，谁也不能重置", "已投的票再也打不开，全部销毁", "要测评须另建票箱、重新发码"]
    return _discard(
        request, pk, title="登记口令遗失？", action="登记遗失、销毁选票", facts=facts, act=actions.record_loss
    )


def _discard(
    request: HttpRequest, pk: int, *, title: str, action: str, facts: list[str], act: Any
) -> HttpResponse:
    user, urn = steps.person(request), steps.fetch(request, pk)
    rules.discard_urn.check(user, urn)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    question = _asked(urn, title, action, done="已登记，选票已销毁。", facts=facts)
    return steps.ask(
        request,
        question,
        lambda values: act(urn=urn, reason=values["reason"], by=user, at=clock.now()),
        form=form,
    )
