"""Leaders and clerks at the same time, on a SQLite file and on PostgreSQL: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connection

from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import approvals, meetings, recording
from qingfeng.decisions.models.approvals import Approval, ApprovalStep, WrittenOpinion
from qingfeng.decisions.models.committee import AgendaItem, Matter, Meeting, MeetingYear
from qingfeng.decisions.models.recording import Resolution
from tests.decisions import stories
from tests.decisions.stories import AT
from tests.stories import user_with

EXPECTED = (Conflict, Denied, Refused, WrongState)


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Run the acts in threads that start together, and count how each ended."""
    start, outcomes = threading.Barrier(len(acts)), list[str]()

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except EXPECTED as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_two_leaders_who_sign_one_step_at_once_leave_one_opinion(each_db: object) -> None:
    people = stories.house()
    second = user_with(Role.DEPUTY_LEADER)
    step = stories.current(stories.asked(people))

    ends = at_once(
        *(
            lambda by=by: approvals.give_opinion(
                step=ApprovalStep.objects.get(pk=step.pk), agree=True, text=by.name, by=by, at=AT
            )
            for by in (people.deputy, second)
        )
    )

    assert ends == {"done": 1, "Conflict": 1}
    assert WrittenOpinion.objects.count() == 1


def test_withdrawal_and_signature_at_once_end_as_one_of_both(each_db: object) -> None:
    people = stories.house()
    approval = stories.endorsed(people)
    step = stories.current(approval)

    ends = at_once(
        lambda: approvals.give_opinion(step=step, agree=True, text="", by=people.secretary, at=AT),
        lambda: approvals.withdraw(approval=approval, reason="撤回", by=people.officer, at=AT),
    )

    approval = type(approval).objects.get(pk=approval.pk)
    signed = WrittenOpinion.objects.filter(step=step).exists()
    assert ends["done"] == 1
    assert (approval.state, signed) in {("granted", True), ("withdrawn", False)}


def test_meetings_opened_at_once_leave_no_gap_and_no_double(each_db: object) -> None:
    people = stories.house()
    planned = [
        stories.with_item(people, matter=stories.submitted(people, title=f"议题{number}")).meeting
        for number in range(4)
    ]

    ends = at_once(
        *(
            lambda pk=row.pk: meetings.open_meeting(
                meeting=Meeting.objects.get(pk=pk), by=people.clerk, at=AT
            )
            for row in planned
        )
    )

    numbers = Meeting.objects.order_by("number").values_list("number", flat=True)
    assert ends == {"done": 4}
    assert list(numbers) == [1, 2, 3, 4]
    assert MeetingYear.objects.get().next_number == 5


def test_one_meeting_opened_twice_at_once_takes_one_number(each_db: object) -> None:
    people = stories.house()
    pk = stories.with_item(people).meeting_id

    def act() -> object:
        return meetings.open_meeting(meeting=Meeting.objects.get(pk=pk), by=people.clerk, at=AT)

    ends = at_once(act, act)

    assert ends == {"done": 1, "WrongState": 1}
    assert MeetingYear.objects.get().next_number == 2


def test_two_clerks_who_decide_one_item_at_once_record_one_result(each_db: object) -> None:
    people = stories.house()
    item = stories.opened(people)
    others = user_with(Role.COMMITTEE_CLERK)

    def act(by: object, discussion: str) -> object:
        return recording.decide(
            item=AgendaItem.objects.get(pk=item.pk),
            result="passed",
            text="同意",
            votes=recording.Votes(3),
            discussion=discussion,
            seen=item.revision,
            by=by,  # type: ignore[arg-type]
            at=AT,
        )

    ends = at_once(lambda: act(people.clerk, "甲"), lambda: act(others, "乙"))

    assert ends == {"done": 1, "Conflict": 1}
    assert Resolution.objects.count() == 1


def test_same_thing_put_forward_twice_at_once_is_one(each_db: object) -> None:
    people = stories.house()

    asked = at_once(*(lambda: stories.asked(people) for _ in range(2)))
    submitted = at_once(*(lambda: stories.submitted(people) for _ in range(2)))

    assert asked == submitted == {"done": 1, "Refused": 1}
    assert (Approval.objects.count(), Matter.objects.count()) == (1, 1)
