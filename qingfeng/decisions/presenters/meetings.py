"""What the pages of meetings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qingfeng.decisions.enums import MeetingState, Presence, Result
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Meeting
from qingfeng.decisions.queries import meetings, printing

TONES = {
    MeetingState.PLANNED: "info",
    MeetingState.HELD: "warn",
    MeetingState.MINUTED: "good",
    MeetingState.CANCELLED: "",
}
RESULT_TONES = {
    Result.PASSED: "good",
    Result.PASSED_WITH_CHANGES: "good",
    Result.REJECTED: "bad",
    Result.DEFERRED: "warn",
}
PRESENCE_TONES = {
    Presence.EXPECTED: "",
    Presence.PRESENT: "good",
    Presence.LEAVE: "warn",
    Presence.ABSENT: "bad",
}


@dataclass(frozen=True)
class Line:
    """One line of an agenda as a person may see it."""

    item: AgendaItem
    is_seen: bool
    is_decided: bool
    tone: str
    votes: str
    recusals: list[str]
    office: str

    @property
    def hidden_words(self) -> str:
        return "不在您的知悉范围内，或者您已回避"


def sentence(meeting: Meeting, done: int, total: int) -> str:
    """Say how far a meeting is."""
    state = MeetingState(meeting.state)
    if state == MeetingState.PLANNED:
        return f"议程有 {total} 项议题，等待开会" if total else "议程里还没有议题"
    if state == MeetingState.HELD:
        left = total - done
        return f"还有 {left} 项议题没有结果" if left else "各项议题都有结果，可以形成纪要"
    return "会议纪要已经形成" if state == MeetingState.MINUTED else "会议已取消"


def lines(agenda: list[AgendaItem], seen: frozenset[int]) -> list[Line]:
    return [line(item, is_seen=item.pk in seen) for item in agenda]


def line(item: AgendaItem, *, is_seen: bool) -> Line:
    is_decided = meetings.is_decided(item)
    return Line(
        item,
        is_seen,
        is_decided,
        RESULT_TONES[Result(item.resolution.result)] if is_decided else "",
        printing.vote_words(item) if is_decided else "",
        [printing.recusal_words(row) for row in meetings.recusals_of(item)],
        printing.office_words(item.matter.office),
    )


def people(rows: list[Attendance]) -> list[dict[str, Any]]:
    return [{"row": row, "tone": PRESENCE_TONES[Presence(row.presence)]} for row in rows]
