"""Lists of one round: what every one of them needs around its rows, and its export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters.lists import ListPage
from qingfeng.evaluation.views import rounds_of, steps


def page(request: HttpRequest, round: Round, built: listing.Listing, name: str, **words: Any) -> ListPage:
    """Bring a list's rows and words together; `name` is what one row is called in URL names."""
    addresses = {
        "picker_url": reverse(f"evaluation:{name}_list"),
        "export_url": reverse(f"evaluation:round_{name}s_export", args=[round.pk]),
    }
    return ListPage(
        listing=built,
        over=round.title,
        rounds=rounds_of.choices(steps.person(request)),
        round_pk=round.pk,
        **addresses | words,
    )


def states(rows: Any) -> dict[str, int]:
    """Count the rows by state, in one query."""
    return dict(Counter(rows.order_by().values_list("state", flat=True)))


def export(
    request: HttpRequest, built: listing.Listing, *, title: str, round: Round, what: str
) -> HttpResponse:
    """Return every row the filters let through as an Excel file, with a line in the audit book."""
    rows: Sequence[Any] = list(built.rows) if built.rows is not None else []
    audit.record_export(
        what=what,
        rows=len(rows),
        by=steps.person(request),
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"round": round.pk},
    )
    return listing.export(rows, built.columns, title=f"{title}{round.year}Q{round.quarter}")
