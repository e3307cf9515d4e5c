"""How tests come to approvals and meetings: by the app's own actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import agenda, approvals, meetings, minutes, recording
from qingfeng.decisions.actions.approvals import StepDraft
from qingfeng.decisions.enums import Capacity, Result
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter, Meeting
from qingfeng.decisions.queries import approvals as approval_queries
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import people as members
from qingfeng.decisions.queries import signers
from qingfeng.documents.models.files import FileVersion
from tests.stories import user_with

AT = timezone.make_aware(dt.datetime(2026, 4, 7, 9, 0))
SUBJECT = Reference("test_thing", 7)


@dataclass
class House:
    """The people of a commission, each with one role."""

    officer: User
    deputy: User
    secretary: User
    clerk: User
    office: User


def house() -> House:
    return House(
        officer=user_with(Role.CONDUCT_OFFICE, name="承办人"),
        deputy=user_with(Role.DEPUTY_LEADER, name="分管领导甲"),
        secretary=user_with(Role.SECRETARY, name="书记甲"),
        clerk=user_with(Role.COMMITTEE_CLERK, name="记录员甲"),
        office=user_with(Role.OFFICE, name="办公室甲"),
    )


def asked(people: House, **changes: Any) -> Approval:
    """Return an approval that the deputy leader and then the secretary sign."""
    given: dict[str, Any] = {
        "subject": SUBJECT,
        "title": "关于印发第一季度评价通报的请示",
        "body": "第一季度评价已经完成，拟印发通报。",
        "steps": [StepDraft(role=Role.DEPUTY_LEADER), StepDraft(role=Role.SECRETARY)],
        "by": people.officer,
        "at": AT,
    }
    return approvals.request(**{**given, **changes})


def current(approval: Approval) -> ApprovalStep:
    step = signers.current_step(approval)
    assert step is not None
    return step


def endorsed(people: House, **changes: Any) -> Approval:
    """Return an approval that waits for the secretary."""
    approval = asked(people, **changes)
    approvals.give_opinion(step=current(approval), agree=True, text="拟同意。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def granted(people: House, **changes: Any) -> Approval:
    approval = endorsed(people, **changes)
    approvals.give_opinion(step=current(approval), agree=True, text="同意。", by=people.secretary, at=AT)
    approval.refresh_from_db()
    return approval


def refused(people: House) -> Approval:
    approval = asked(people)
    approvals.give_opinion(step=current(approval), agree=False, text="理由不充分。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def returned(people: House) -> Approval:
    approval = asked(people)
    approvals.send_back(step=current(approval), text="请补充数据。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def withdrawn(people: House) -> Approval:
    approval = asked(people)
    approvals.withdraw(approval=approval, reason="材料有误。", by=people.officer, at=AT)
    return approval


def submitted(people: House, **changes: Any) -> Matter:
    given: dict[str, Any] = {
        "subject": SUBJECT,
        "title": "审定第一季度政治生态评价结果",
        "summary": "提请会议审定各单位等次。",
        "by": people.officer,
        "at": AT,
    }
    return agenda.submit(**{**given, **changes})


def called(people: House, **changes: Any) -> Meeting:
    """Return a planned meeting of the secretary and the deputy leaders, recorded by the clerk."""
    given: dict[str, Any] = {
        "planned_for": AT,
        "place": "三楼会议室",
        "chair": people.secretary,
        "recorder": people.clerk,
        "by": people.clerk,
        "at": AT,
    }
    return meetings.call(**{**given, **changes})


def with_item(people: House, **changes: Any) -> AgendaItem:
    """Return an item of a planned meeting of three members, all of whom are there."""
    for number in range(3 - members.members(AT.date()).count()):
        user_with(Role.DEPUTY_LEADER, name=f"委员{number + 1}")
    meeting = changes.pop("meeting", None) or called(people)
    matter = changes.pop("matter", None) or submitted(people)
    item = meetings.put_on_agenda(meeting=meeting, matter=matter, by=people.clerk, at=AT)
    everybody_here(people, meeting)
    return item


def everybody_here(people: House, meeting: Meeting) -> None:
    for row in meeting.attendances.filter(capacity=Capacity.MEMBER):
        meetings.mark_presence(attendance=row, presence="present", reason="", by=people.clerk, at=AT)


def opened(people: House, **changes: Any) -> AgendaItem:
    """Return the first item of a meeting that has begun."""
    item = with_item(people, **changes)
    meetings.open_meeting(meeting=item.meeting, by=people.clerk, at=AT)
    item.refresh_from_db()
    return item


def decided(people: House, item: AgendaItem | None = None, **changes: Any) -> AgendaItem:
    """Return an item that all members agreed to, but for what is changed."""
    item = item or opened(people)
    item.refresh_from_db()
    present = queries.turnout(item.meeting, item).present
    given: dict[str, Any] = {
        "result": Result.PASSED,
        "text": "同意评价结果，由党风室印发通报。",
        "votes": recording.Votes(in_favour=present),
        "discussion": "委员们逐一发表意见。",
        "seen": item.revision,
        "by": people.clerk,
        "at": AT,
    }
    recording.decide(item=item, **{**given, **changes})
    return AgendaItem.objects.get(pk=item.pk)


def minuted(people: House) -> Meeting:
    item = decided(people)
    minutes.make(meeting=item.meeting, by=people.clerk, at=AT)
    return Meeting.objects.get(pk=item.meeting_id)


def place_of(item: AgendaItem, user: User) -> Attendance:
    return item.meeting.attendances.get(user=user)


def papers_of(approval: Approval) -> list[FileVersion]:
    return approval_queries.papers(approval)
