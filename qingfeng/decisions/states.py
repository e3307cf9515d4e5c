"""The machines of an approval, of a matter and of a meeting."""

from __future__ import annotations

from qingfeng.decisions.enums import ApprovalState, MatterState, MeetingState
from qingfeng.workflow.transitions import Transition, machine

ENDORSE = Transition(
    "endorse", from_={ApprovalState.PENDING}, to=ApprovalState.PENDING, label="拟同意，转下一级"
)
GRANT = Transition("grant", from_={ApprovalState.PENDING}, to=ApprovalState.GRANTED, label="同意")
REFUSE = Transition("refuse", from_={ApprovalState.PENDING}, to=ApprovalState.REFUSED, label="不同意")
SEND_BACK = Transition(
    "send_back", from_={ApprovalState.PENDING}, to=ApprovalState.RETURNED, label="退回补充"
)
WITHDRAW = Transition("withdraw", from_={ApprovalState.PENDING}, to=ApprovalState.WITHDRAWN, label="撤回")

APPROVAL = machine(
    "leaders_approval",
    "呈批",
    ApprovalState.choices,
    ApprovalState.PENDING,
    (ENDORSE, GRANT, REFUSE, SEND_BACK, WITHDRAW),
)

SCHEDULE = Transition("schedule", from_={MatterState.WAITING}, to=MatterState.SCHEDULED, label="列入议程")
UNSCHEDULE = Transition("unschedule", from_={MatterState.SCHEDULED}, to=MatterState.WAITING, label="移出议程")
DECIDE = Transition("decide", from_={MatterState.SCHEDULED}, to=MatterState.DECIDED, label="议决")
DEFER = Transition("defer", from_={MatterState.SCHEDULED}, to=MatterState.WAITING, label="缓议")
TAKE_BACK = Transition("take_back", from_={MatterState.WAITING}, to=MatterState.WITHDRAWN, label="撤回议题")

MATTER = machine(
    "matter",
    "议题",
    MatterState.choices,
    MatterState.WAITING,
    (SCHEDULE, UNSCHEDULE, DECIDE, DEFER, TAKE_BACK),
)

OPEN = Transition("open", from_={MeetingState.PLANNED}, to=MeetingState.HELD, label="开会")
CANCEL = Transition("cancel", from_={MeetingState.PLANNED}, to=MeetingState.CANCELLED, label="取消会议")
MINUTE = Transition("minute", from_={MeetingState.HELD}, to=MeetingState.MINUTED, label="形成会议纪要")

MEETING = machine(
    "committee_meeting",
    "常委会会议",
    MeetingState.choices,
    MeetingState.PLANNED,
    (OPEN, CANCEL, MINUTE),
)
