"""What happened in the evaluation: past tense, ids only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExpertInvited:
    """An expert with an account is asked to judge, or to judge again."""

    expert_id: int


@dataclass(frozen=True)
class RoundOpened:
    round_id: int


@dataclass(frozen=True)
class ReviewStarted:
    round_id: int


@dataclass(frozen=True)
class SubmissionSigned:
    submission_id: int


@dataclass(frozen=True)
class SubmissionReturned:
    submission_id: int


@dataclass(frozen=True)
class EvidenceReturned:
    evidence_id: int


@dataclass(frozen=True)
class ReviewSheetSubmitted:
    sheet_id: int


@dataclass(frozen=True)
class ReviewSheetReturned:
    sheet_id: int


@dataclass(frozen=True)
class DataReported:
    task_id: int


@dataclass(frozen=True)
class DataReturned:
    task_id: int


@dataclass(frozen=True)
class FactRecorded:
    fact_id: int


@dataclass(frozen=True)
class RoundFrozen:
    round_id: int
    snapshot_id: int


@dataclass(frozen=True)
class ComputationRequested:
    """The slow part follows as a durable job."""

    round_id: int
    snapshot_id: int
    by_id: int | None


@dataclass(frozen=True)
class ResultComputed:
    round_id: int
    revision_id: int


@dataclass(frozen=True)
class AppealsOpened:
    """The trial result is out for checking: each unit reads its own."""

    round_id: int
    revision_id: int


@dataclass(frozen=True)
class AppealsExtended:
    round_id: int


@dataclass(frozen=True)
class AppealFiled:
    appeal_id: int


@dataclass(frozen=True)
class AppealAccepted:
    """The scorer's department is asked for a written comment."""

    appeal_id: int


@dataclass(frozen=True)
class AppealCommented:
    appeal_id: int


@dataclass(frozen=True)
class AppealWithdrawn:
    appeal_id: int


@dataclass(frozen=True)
class AppealDecided:
    appeal_id: int


@dataclass(frozen=True)
class CorrectionGranted:
    """An appeal corrected what is scored: the recomputation follows as a durable job."""

    appeal_id: int
    round_id: int


@dataclass(frozen=True)
class ResultSettled:
    """Checking is over: the result waits for the standing committee."""

    round_id: int
    revision_id: int


@dataclass(frozen=True)
class ResultApproved:
    round_id: int
    revision_id: int


@dataclass(frozen=True)
class ResultAnnounced:
    round_id: int
    revision_id: int


@dataclass(frozen=True)
class RoundReopened:
    round_id: int


@dataclass(frozen=True)
class BulletinDrafted:
    round_id: int
    document_id: int
