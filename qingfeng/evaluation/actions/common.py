"""What several actions of the evaluation need: thousandths, optimistic locks, and the round's gate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused, WrongState
from qingfeng.core.rules import Rule
from qingfeng.evaluation.models.rounds import Round
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

THOUSAND = Decimal(1000)
Row = TypeVar("Row", bound=models.Model)


def to_thousandths(points: Decimal) -> int:
    """Return points as whole thousandths. Raises `Refused` where more than three decimals are given."""
    scaled = points * THOUSAND
    if scaled != scaled.to_integral_value():
        raise Refused("分值最多保留三位小数")
    return int(scaled)


def date_of(at: dt.datetime) -> dt.date:
    """Return the date in China of a moment."""
    return timezone.localdate(at)


def actor_id(by: Actor) -> Any:
    """Return the id to store for an actor: None for the platform itself."""
    return by.pk


def locked(row: Row) -> Row:
    """Return the row, locked for this transaction and fresh."""
    model = type(row)
    found: Row = model._default_manager.select_for_update().get(pk=row.pk)
    return found


def begin(subject: Row, step: Transition, *, rule: Rule, by: Actor) -> Row:
    """Return the row, locked, if the step may be taken on it now; what else is asked is checked before it is.

    So a refusal leaves the caller's instance as it was. Raises `WrongState` and `Denied` as `advance` does.
    """
    row = locked(subject)
    if row.state not in step.from_:  # type: ignore[attr-defined]
        raise WrongState(engine.why_not(row, step, rule, by), rule.name)
    rule.check(by, row)
    return row


def check_lock(row: Any, lock: int) -> None:
    """Raise `Conflict` where somebody saved since the page was opened."""
    if row.lock != lock:
        raise Conflict


def require_gate(is_open: bool, round: Round, verb: str) -> None:
    """Raise `WrongState` where the round's state does not let parts be changed."""
    if not is_open:
        raise WrongState(f"本轮评价当前为“{round.get_state_display()}”，不能{verb}")


def hold_open(round: Round, verb: str) -> Round:
    """Return the round, locked, if what is scored may still be changed. Raises `WrongState` otherwise.

    The round is locked before its part, in the order in which freezing locks them: so what is saved is either
    in the frozen copy, or refused.
    """
    row = locked(round)
    require_gate(row.is_open_for_scores, row, verb)
    return row


def require_reason(reason: str, what: str) -> str:
    """Return the reason without blanks at its ends. Raises `Refused` where none is given."""
    text = reason.strip()
    if not text:
        raise Refused(f"请写明{what}")
    return text
