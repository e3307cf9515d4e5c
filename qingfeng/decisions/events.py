from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class ApprovalReached:
    """A step of an approval is next to be signed: when it was asked for, and after each opinion."""

    approval_id: int
    step_id: int


@dataclass(frozen=True)
class ApprovalGranted:
    """The last leader of the chain agreed."""

    approval_id: int
    subject_kind: str
    subject_id: int
    by_id: int | None


@dataclass(frozen=True)
class ApprovalRefused:
    """A leader did not agree; the approval is over."""

    approval_id: int
    subject_kind: str
    subject_id: int
    by_id: int | None


@dataclass(frozen=True)
class ApprovalReturned:
    """A leader wants more; who asked may complete it and ask again."""

    approval_id: int
    subject_kind: str
    subject_id: int
    by_id: int | None


@dataclass(frozen=True)
class ApprovalWithdrawn:
    """Who asked took the approval back before it was decided."""

    approval_id: int
    subject_kind: str
    subject_id: int
    by_id: int | None


@dataclass(frozen=True)
class MatterSubmitted:
    """A matter waits for a meeting."""

    matter_id: int
    subject_kind: str
    subject_id: int
    by_id: int | None


@dataclass(frozen=True)
class MeetingCalled:
    """The members of a meeting are told of it: date, place or agenda are set."""

    meeting_id: int


@dataclass(frozen=True)
class MatterDecided:
    """A meeting dealt with a matter; `result` is an `enums.Result`, a deferred one waits again."""

    matter_id: int
    subject_kind: str
    subject_id: int
    result: str
    meeting_id: int
    decided_on: dt.date
    by_id: int | None
