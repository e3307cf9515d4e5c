"""The machine of an urn."""

from __future__ import annotations

from qingfeng.ballots.enums import UrnState
from qingfeng.workflow.transitions import Transition, machine

OPEN = Transition("open", from_={UrnState.PREPARING}, to=UrnState.OPEN, label="启用票箱")
CLOSE = Transition("close", from_={UrnState.OPEN}, to=UrnState.CLOSED, label="截止投票")
MIX = Transition("mix", from_={UrnState.CLOSED}, to=UrnState.MIXED, label="开箱混票")
VOID = Transition(
    "void", from_={UrnState.PREPARING, UrnState.OPEN, UrnState.CLOSED}, to=UrnState.VOID, label="作废票箱"
)
LOSE = Transition("lose", from_={UrnState.OPEN, UrnState.CLOSED}, to=UrnState.LOST, label="登记口令遗失")
URNS = machine("urn", "票箱", UrnState.choices, UrnState.PREPARING, (OPEN, CLOSE, MIX, VOID, LOSE))
