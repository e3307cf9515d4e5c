"""What the printed forms need, read once."""

from __future__ import annotations

from qingfeng.core import preferences
from qingfeng.core.roles import Role
from qingfeng.decisions.enums import Capacity, Presence, Result
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Meeting
from qingfeng.decisions.models.recording import Recusal
from qingfeng.decisions.queries import approvals, meetings

MINUTES_BODY = preferences.declare(
    "minutes_body",
    "纪要版头机关名称",
    "示例市纪委",
    group="文书",
    help="会议纪要的红色版头写作“某某市纪委常委会会议纪要”，这里填前半部分",
    basis="本机关自定",
)


def minutes_head() -> str:
    return str(preferences.get(MINUTES_BODY.key))


def office_words(office: str) -> str:
    return str(Role(office).label) if office else ""


def commission() -> tuple[str, str]:
    """Return the commission's full name and its short one."""
    names = preferences.get_all("commission_name", "commission_short")
    return str(names["commission_name"]), str(names["commission_short"])


def paper_names(approval: Approval) -> list[str]:
    return [version.name for version in approvals.papers(approval)]


def step_words(step: ApprovalStep) -> str:
    return str(step.get_role_display()) if step.role else str(step.user)


def vote_words(item: AgendaItem) -> str:
    """Say how an item was voted on; nothing where it was deferred without a vote."""
    made = item.resolution
    if made.result == Result.DEFERRED:
        return ""
    return (
        f"应到委员{made.expected}人，参加表决{made.voters}人，"
        f"同意{made.in_favour}票，反对{made.against}票，弃权{made.abstained}票。"
    )


def recusal_words(recusal: Recusal) -> str:
    """Say who took no part in an item, on what ground, and who decided."""
    ground = recusal.note if recusal.ground == "other" else recusal.get_ground_display()
    how = "本人提出" if recusal.is_own else "经主持人决定"
    return f"{recusal.attendance.name}同志因{ground}，{how}，回避本议题"


def absent_words(row: Attendance) -> str:
    return f"{row.name}（请假：{row.reason}）" if row.presence == Presence.LEAVE else f"{row.name}（缺席）"


def people_of(meeting: Meeting) -> tuple[list[str], list[str], list[str]]:
    """Return who was present, who was not, and who observed, in the words of the minutes."""
    rows = meetings.attendances(meeting)
    members = [row for row in rows if row.capacity == Capacity.MEMBER]
    present = [row.name for row in members if row.presence == Presence.PRESENT]
    absent = [absent_words(row) for row in members if row.presence != Presence.PRESENT]
    watching = [row for row in rows if row.capacity == Capacity.OBSERVER]
    observers = [f"{row.name}（{row.item}）" if row.item else row.name for row in watching]
    return present, absent, observers
