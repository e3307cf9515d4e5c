"""What the decisions do when something happened: ids in, one action."""

from __future__ import annotations

from qingfeng.core import clock
from qingfeng.decisions.actions import telling
from qingfeng.decisions.enums import Result
from qingfeng.decisions.events import (
    ApprovalGranted,
    ApprovalReached,
    ApprovalRefused,
    ApprovalReturned,
    MatterDecided,
    MatterSubmitted,
    MeetingCalled,
)


def tell_of_turn(event: ApprovalReached) -> None:
    telling.of_turn(approval_id=event.approval_id, step_id=event.step_id, at=clock.now())


def tell_of_grant(event: ApprovalGranted) -> None:
    telling.of_outcome(approval_id=event.approval_id, words="已同意", at=clock.now())


def tell_of_refusal(event: ApprovalRefused) -> None:
    telling.of_outcome(approval_id=event.approval_id, words="未获同意", at=clock.now())


def tell_of_return(event: ApprovalReturned) -> None:
    telling.of_outcome(approval_id=event.approval_id, words="退回补充", at=clock.now())


def tell_of_matter(event: MatterSubmitted) -> None:
    telling.of_matter(matter_id=event.matter_id, at=clock.now())


def tell_of_decision(event: MatterDecided) -> None:
    words = "缓议，待下次会议" if event.result == Result.DEFERRED else "已经会议议决"
    telling.of_decision(matter_id=event.matter_id, words=words, at=clock.now())


def tell_of_meeting(event: MeetingCalled) -> None:
    telling.of_meeting(meeting_id=event.meeting_id, at=clock.now())
