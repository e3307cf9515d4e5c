"""Describe the rows from which a round's inputs are built.

One frozen dataclass per kind of input, codes as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum


class Status(IntEnum):
    """Say what a source reported for a channel. NOT_DELIVERED is not applicable, never zero."""

    NOT_DELIVERED = 0
    NONE = 1  # nothing to report: full marks
    DELIVERED = 2

    @property
    def label(self) -> str:
        """Return the Chinese word of the status."""
        return ("未报送", "报送为无", "已报送")[int(self)]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Name a unit and its class (镇街, 党群, …).

    ``grouping`` is the class's code or name, used as it stands.
    """

    code: str
    name: str
    grouping: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Tick a checklist item: ``quantity`` occurrences (or percent).

    ``points`` chosen where the item has a range.
    """

    item: str
    quantity: Decimal
    points: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Hold one reviewer's review of a unit on a review channel.

    ``score`` is points, 0 to the indicator's weight; None takes it from ``findings`` (no finding: full
    marks). ``ref`` is the caller's own id, carried to the explanation.
    """

    unit: str
    channel: str
    department: str
    reviewer: str
    score: Decimal | None
    reason: str = ""
    findings: tuple[FindingRow, ...] = ()
    ref: int = 0


@dataclass(frozen=True, slots=True)
class TallyRow:
    """Count the ballots of one respondent group of a unit that gave an answer to a question."""

    unit: str
    question: str
    group: str
    answer: str
    count: int


@dataclass(frozen=True, slots=True)
class ValueRow:
    """Give a unit's value of a measure."""

    unit: str
    measure: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class FactRow:
    """Hold one fact of the ledger.

    ``quantity`` counts persons or cases. ``points`` is what the reviewer chose where the rule has a range,
    with ``reason``. Facts of one event share ``event`` and deduct once ('' makes the fact its own event).
    ``counted_in`` names the earlier quarter and indicator in which it already deducted.
    ``unit_at_decision`` '' is the unit at the time of the act.
    """

    id: str
    kind: str
    unit_at_act: str
    act_date: date
    effective_date: date
    unit_at_decision: str = ""
    category: str = ""
    level: str = ""
    quantity: Decimal = Decimal(1)
    is_leader: bool = False
    is_self_reported: bool = False
    is_concealed: bool = False
    points: Decimal | None = None
    reason: str = ""
    event: str = ""
    counted_in: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Report a channel's status, for one unit or (``unit`` '') for all; a row for one unit wins.

    Unreported is not delivered.
    """

    channel: str
    status: Status
    unit: str = ""


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Record that a unit itself failed to submit for an indicator."""

    unit: str
    indicator: str


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """Apply a scheme-wide adjustment to a unit; ``points`` is positive for deduction and bonus alike."""

    unit: str
    adjustment: str
    points: Decimal
    reason: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentUnitRow:
    """Say which unit a scoring department belongs to, so that it does not score its own unit."""

    department: str
    unit: str
