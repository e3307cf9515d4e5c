"""The window in which units check their trial result: how long, until when, and what is still in the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qingfeng.core import preferences
from qingfeng.core.references import reference_to
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import schedule
from qingfeng.workflow import deadlines
from qingfeng.workflow.models import Deadline

NAME = "appeal"
WINDOW_DAYS = preferences.declare(
    "evaluation_appeal_days",
    "核对申诉期限（工作日）",
    3,
    group=schedule.GROUP,
    help="试算结果发单位核对，从发出次日起几个工作日内可以提出申诉",
    basis=schedule.BASIS,
    minimum=1,
    maximum=30,
)
OPEN_TO_UNITS = (RoundState.APPEALING, RoundState.SETTLED, RoundState.APPROVED)
"""The states in which a unit reads its own trial result."""


@dataclass(frozen=True)
class Window:
    """The limit of the last checking, its last day, and which revision was sent out for it."""

    limit: Deadline
    due: dt.date
    number: int

    def is_open(self, today: dt.date) -> bool:
        return today <= self.due

    def days_left(self, today: dt.date) -> int:
        return (self.due - today).days


def window_of(round: Round) -> Window | None:
    """Return the window of the round's last checking, or None where it was never sent out."""
    limits = deadlines.of(reference_to(round)).filter(name__startswith=f"{NAME}_")
    limit = limits.order_by("-pk").first()
    if limit is None or limit.due_date is None:
        return None
    return Window(limit, limit.due_date, int(limit.name.rpartition("_")[2]))


def open_window(result: UnitResult, today: dt.date) -> Window | None:
    """Return the window in which a result can be appealed now: it is out for checking, and not over."""
    round = result.revision.round
    if round.state != RoundState.APPEALING or result.revision.announced_at is not None:
        return None
    window = window_of(round)
    return window if window is not None and window.is_open(today) else None


def name_of(number: int) -> str:
    """Name the limit after the revision that was sent out: a round taken back is checked anew."""
    return f"{NAME}_{number}"


def days() -> int:
    """Return how many working days a new window has."""
    return int(preferences.get(WINDOW_DAYS.key))
