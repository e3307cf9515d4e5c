"""What the evaluation does when something happened: enqueue, or write its people a message."""

from __future__ import annotations

from qingfeng.core import jobs
from qingfeng.decisions.events import MatterDecided
from qingfeng.evaluation.actions import appeal_messages, committee, messages
from qingfeng.evaluation.enums import JobSlug
from qingfeng.evaluation.events import (
    AppealAccepted,
    AppealCommented,
    AppealDecided,
    AppealFiled,
    AppealsExtended,
    AppealsOpened,
    AppealWithdrawn,
    ComputationRequested,
    CorrectionGranted,
    DataReturned,
    EvidenceReturned,
    ExpertInvited,
    ResultAnnounced,
    ReviewSheetReturned,
    RoundOpened,
    SubmissionReturned,
)
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.queries import appeals, people
from qingfeng.evaluation.queries import results as queries


def enqueue_computation(event: ComputationRequested) -> None:
    round = queries.snapshot(event.snapshot_id).round
    jobs.enqueue(
        JobSlug.COMPUTE,
        title=f"{round.label}评价试算",
        args={"snapshot_id": event.snapshot_id, "round_id": event.round_id},
        by=people.by_id(event.by_id),
    )


def enqueue_recomputation(event: CorrectionGranted) -> None:
    appeal = appeals.by_id(event.appeal_id)
    jobs.enqueue(
        JobSlug.RECOMPUTE,
        title=f"{appeal.round.label}评价按申诉更正重算",
        args={"round_id": event.round_id},
        by=appeal.decided_by,
    )


def tell_of_filed_appeal(event: AppealFiled) -> None:
    appeal_messages.tell_of_filing(appeals.by_id(event.appeal_id))


def tell_of_withdrawn_appeal(event: AppealWithdrawn) -> None:
    appeal_messages.tell_of_withdrawal(appeals.by_id(event.appeal_id))


def ask_for_comment(event: AppealAccepted) -> None:
    appeal_messages.ask_for_comment(appeals.by_id(event.appeal_id))


def tell_of_comment(event: AppealCommented) -> None:
    appeal_messages.tell_deciders(appeals.by_id(event.appeal_id))


def tell_of_decision(event: AppealDecided) -> None:
    appeal_messages.tell_of_decision(appeals.by_id(event.appeal_id))


def tell_of_opening(event: RoundOpened) -> None:
    messages.tell_of_opening(round_id=event.round_id)


def tell_of_returned_submission(event: SubmissionReturned) -> None:
    messages.tell_of_returned_submission(submission_id=event.submission_id)


def tell_of_returned_evidence(event: EvidenceReturned) -> None:
    messages.tell_of_returned_evidence(evidence_id=event.evidence_id)


def tell_of_returned_sheet(event: ReviewSheetReturned) -> None:
    messages.tell_of_returned_sheet(sheet_id=event.sheet_id)


def tell_of_returned_data(event: DataReturned) -> None:
    messages.tell_of_returned_data(task_id=event.task_id)


def tell_of_checking(event: AppealsOpened) -> None:
    messages.tell_of_checking(revision_id=event.revision_id, title="政治生态评价试算结果请核对")


def tell_of_more_time(event: AppealsExtended) -> None:
    revision = queries.latest_revision_of(event.round_id)
    messages.tell_of_checking(revision_id=revision.pk, title="政治生态评价核对申诉期限延长")


def take_committee_decision(event: MatterDecided) -> None:
    """Approve the result that a meeting passed; matters about other things are not ours."""
    if event.subject_kind != Revision.kind:
        return
    by = people.by_id(event.by_id)
    if by is not None:
        committee.take_decision(
            matter_id=event.matter_id, meeting_id=event.meeting_id, revision_id=event.subject_id, by=by
        )


def tell_of_announcement(event: ResultAnnounced) -> None:
    messages.tell_of_announcement(revision_id=event.revision_id)


def tell_of_invitation(event: ExpertInvited) -> None:
    messages.tell_of_invitation(expert_id=event.expert_id)
