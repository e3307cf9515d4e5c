"""The machines of an approval and of a matter."""

from __future__ import annotations

from qingfeng.decisions.enums import ApprovalState, MatterState
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

TAKE_BACK = Transition("take_back", from_={MatterState.WAITING}, to=MatterState.WITHDRAWN, label="撤回议题")

MATTER = machine(
    "matter",
    "议题",
    MatterState.choices,
    MatterState.WAITING,
    (TAKE_BACK,),
)
