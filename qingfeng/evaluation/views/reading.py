"""Whose results a page of a round may show, and what such pages share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from qingfeng.evaluation.presenters.reading import ReadingPage
from qingfeng.evaluation.queries import results, scope
from qingfeng.evaluation.views import rounds_of, steps


def enter(request: HttpRequest, round_pk: int, part: str) -> ReadingPage:
    """Return the page of the revision that the user reads. Raises `Http404` where he reads none."""
    user = steps.person(request)
    revision = results.read_as_a_whole(user, rounds_of.fetch(user, round_pk))
    if revision is None:
        raise Http404
    return ReadingPage(
        round=revision.round,
        revision=revision,
        part=part,
        rounds=[(str(round.pk), round.label) for round in results.rounds_read(user)[:24]],
        sees_others=scope.sees_others(user),
    )


def enter_whole(request: HttpRequest, round_pk: int, part: str) -> ReadingPage:
    """Return a page on which all units stand. Raises `Http404` to those who read single units."""
    page = enter(request, round_pk, part)
    rounds_of.require_part(page.sees_others)
    return page
