"""`advance()`: the only place that assigns a state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import WrongState
from qingfeng.core.rules import Rule
from qingfeng.workflow.models import StateChange
from qingfeng.workflow.transitions import MACHINES, Transition


@transaction.atomic
def advance(
    subject: Any, transition: Transition, *, rule: Rule, by: Actor, at: dt.datetime, note: str = ""
) -> StateChange:
    """Lock the row, check table and rule on it, set the state, write the change and its audit line.

    The instance passed in is refreshed. Raises `WrongState` where the step does not start from the state the
    row is in, and `Denied` where the rule refuses.
    """
    kind = references.kind_of(subject)
    locked = type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    before = locked.state
    if before not in transition.from_:
        labels = dict(MACHINES[kind].states)
        raise WrongState(f"当前状态为“{labels.get(before, before)}”，不能{transition.label}", rule.name)
    rule.check(by, locked)
    locked.state = transition.to
    locked.save(update_fields=["state"])
    change = StateChange.objects.create(
        subject_kind=kind,
        subject_id=locked.pk,
        name=transition.name,
        from_state=before,
        to_state=transition.to,
        by_id=by.pk,
        at=at,
        note=note,
        acted_for_id=by.acting_for,
    )
    audit.record(
        action=f"{kind}.{transition.name}",
        by=by,
        at=at,
        subject=references.reference_to(locked),
        detail={"from": before, "to": transition.to},
    )
    subject.refresh_from_db()
    return change


def why_not(subject: Any, transition: Transition, rule: Rule, user: Any) -> str:
    """Return why the step cannot be taken now (state first, then rule), or an empty string."""
    if subject.state not in transition.from_:
        labels = dict(MACHINES[references.kind_of(subject)].states)
        return f"当前状态为“{labels.get(subject.state, subject.state)}”，不能{transition.label}"
    return rule.why_not(user, subject)
