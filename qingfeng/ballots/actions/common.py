"""What several actions of the ballots need."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from qingfeng.audit import actions as audit
from qingfeng.ballots.models import Code, Urn, Vote
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState


def locked(urn: Urn) -> Urn:
    """Return the urn, locked for this transaction and fresh: it waits for votes that are just being cast."""
    return Urn.objects.select_for_update().get(pk=urn.pk)


def require_state(urn: Urn, verb: str, *states: str) -> None:
    """Raise `WrongState` where the urn is in none of the states."""
    if urn.state not in states:
        raise WrongState(f"票箱当前为“{urn.get_state_display()}”，不能{verb}")


def require_reason(reason: str) -> str:
    """Return the reason without blanks at its ends. Raises `Refused` where none is given."""
    text = reason.strip()
    if not text:
        raise Refused("请写明理由")
    return text


def votes_of(urn: Urn) -> QuerySet[Vote]:
    """Return the sealed votes of the urn's codes."""
    return Vote.objects.filter(code_hash__in=Code.objects.filter(pool__urn=urn).values("code_hash"))


def record(action: str, urn: Urn, *, by: Actor, at: dt.datetime, **detail: object) -> None:
    """Write what an officer or a keeper did into the audit book; what a voter does is never written."""
    audit.record(action=action, by=by, at=at, subject=references.reference_to(urn), detail=detail)
