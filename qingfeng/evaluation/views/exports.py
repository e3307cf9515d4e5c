"""What leaves the platform about results is written in the audit book: kinds and ids."""

from __future__ import annotations

from django.http import HttpRequest

from qingfeng.audit import actions as audit
from qingfeng.core import clock
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.views import steps


def note(request: HttpRequest, what: str, *, rows: int, round: Round, **ids: int) -> None:
    """Write who took out what of which round."""
    audit.record_export(
        what=what,
        rows=rows,
        by=steps.person(request),
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"round": round.pk, **ids},
    )
