"""The machine of a rectification item."""

from __future__ import annotations

from qingfeng.rectification.enums import UNFINISHED, WITH_UNIT, ItemState
from qingfeng.workflow.transitions import Transition, machine

REPORT = Transition("report", from_=WITH_UNIT, to=ItemState.REPORTED, label="报送整改情况")
VERIFY = Transition("verify", from_={ItemState.REPORTED}, to=ItemState.CLOSED, label="核查销号")
SEND_BACK = Transition("send_back", from_={ItemState.REPORTED}, to=ItemState.RETURNED, label="退回")
REOPEN = Transition("reopen", from_={ItemState.CLOSED}, to=ItemState.RETURNED, label="回头看重新整改")
CANCEL = Transition("cancel", from_=UNFINISHED, to=ItemState.CANCELLED, label="取消")

ITEM = machine(
    "rectification_item",
    "整改事项",
    ItemState.choices,
    ItemState.OPEN,
    (REPORT, VERIFY, SEND_BACK, REOPEN, CANCEL),
)
