"""Which round a page is about: the one in its address, or the current one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import rounds as queries


def fetch(user: Any, pk: int) -> Round:
    """Return the round if the user may see it. Raises `Http404` otherwise."""
    found: Round = get_object_or_404(queries.visible_to(user), pk=pk)
    return found


def enter(request: HttpRequest, name: str, *, part: str) -> HttpResponse:
    """Lead to a part's page of the round picked, or of the current one."""
    picked = request.GET.get("round", "")
    round = fetch(request.user, int(picked)) if picked.isdecimal() else queries.current(request.user)
    if round is None:
        return render(request, "evaluation/no_round.html", {"part": part})
    return redirect(reverse(name, args=[round.pk]))


def choices(user: Any) -> list[tuple[str, str]]:
    """Return the rounds a person can pick from, newest first."""
    return [
        (str(round.pk), round.label) for round in queries.visible_to(user).order_by("-year", "-quarter")[:24]
    ]


def require_part(is_part: bool) -> None:
    """Answer 404 to a person whom this part of the evaluation does not concern."""
    if not is_part:
        raise Http404
