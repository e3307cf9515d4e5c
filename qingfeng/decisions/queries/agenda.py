from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qingfeng.core.references import Reference
from qingfeng.decisions.enums import MatterState
from qingfeng.decisions.models.committee import AgendaItem, Matter
from qingfeng.decisions.queries import scope


def visible_to(user: Any) -> QuerySet[Matter]:
    """Return the matters in the user's scope."""
    return scope.matters(user)


def of_subject(where: Reference) -> QuerySet[Matter]:
    """Return every matter of a thing, the newest first; the caller has checked who may know."""
    return Matter.objects.filter(subject_kind=where.kind, subject_id=where.id).order_by("-pk")


def waiting(user: Any) -> QuerySet[Matter]:
    """Return the pool: what waits for a meeting, the longest waiting first, in the user's scope."""
    rows = scope.matters(user).filter(state=MatterState.WAITING)
    return rows.select_related("submitted_by").order_by("submitted_on", "pk")


def items_of(matter: Matter) -> QuerySet[AgendaItem]:
    """Return where a matter was dealt with, the newest first."""
    rows = AgendaItem.objects.filter(matter=matter).select_related("meeting", "resolution")
    return rows.order_by("-pk")
