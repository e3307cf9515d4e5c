"""Every state × every transition of the three machines, off the tables; states reached by real actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import WrongState
from qingfeng.core.rules import Rule
from qingfeng.decisions import states
from qingfeng.decisions.actions import agenda, meetings
from qingfeng.decisions.models.committee import Matter, Meeting
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Machine
from tests.decisions import stories
from tests.decisions.stories import AT, House

pytestmark = pytest.mark.django_db
ANYBODY = Rule("test.anybody", lambda *_: None)


def approval(people: House, state: str) -> Any:
    made: dict[str, Callable[[House], Any]] = {
        "pending": stories.asked,
        "granted": stories.granted,
        "refused": stories.refused,
        "returned": stories.returned,
        "withdrawn": stories.withdrawn,
    }
    return made[state](people)


def matter(people: House, state: str) -> Any:
    if state == "waiting":
        return stories.submitted(people)
    if state == "withdrawn":
        row = stories.submitted(people)
        agenda.take_back(matter=row, reason="不议了", by=people.officer, at=AT)
        return row
    item = stories.with_item(people) if state == "scheduled" else stories.decided(people)
    return Matter.objects.get(pk=item.matter_id)


def meeting(people: House, state: str) -> Any:
    if state == "planned":
        row = stories.called(people)
        # A held meeting is numbered; the table alone is tried here.
        Meeting.objects.filter(pk=row.pk).update(year=2026, number=77)
        return Meeting.objects.get(pk=row.pk)
    if state == "held":
        return Meeting.objects.get(pk=stories.opened(people).meeting_id)
    if state == "minuted":
        return stories.minuted(people)
    row = stories.called(people)
    meetings.cancel(meeting=row, reason="改期", by=people.clerk, at=AT)
    return row


MACHINES: list[tuple[Machine, Callable[[House, str], Any]]] = [
    (states.APPROVAL, approval),
    (states.MATTER, matter),
    (states.MEETING, meeting),
]
CASES = [
    (machine, reach, state, transition)
    for machine, reach in MACHINES
    for state, _ in machine.states
    for transition in machine.transitions
]


@pytest.mark.parametrize(
    ("machine", "reach", "state", "transition"),
    CASES,
    ids=[f"{machine.kind}-{state}-{step.name}" for machine, _, state, step in CASES],
)
def test_step_is_taken_from_its_states_alone(
    machine: Machine, reach: Callable[[House, str], Any], state: str, transition: Any
) -> None:
    row = reach(stories.house(), state)
    assert row.state == state
    if transition.name == "cancel" and state == "planned":
        Meeting.objects.filter(pk=row.pk).update(year=None, number=None)

    if state in transition.from_:
        with transaction.atomic():
            engine.advance(row, transition, rule=ANYBODY, by=SYSTEM, at=AT)
        assert row.state == transition.to
    else:
        with pytest.raises(WrongState):
            engine.advance(row, transition, rule=ANYBODY, by=SYSTEM, at=AT)
        row.refresh_from_db()
        assert row.state == state
