from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from qingfeng.core import events
from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.models import Setting
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import agenda, meetings, recording
from qingfeng.decisions.enums import Ground, MatterState, MeetingState, Result
from qingfeng.decisions.events import MatterDecided
from qingfeng.decisions.models.committee import Matter, Meeting
from qingfeng.decisions.models.recording import Resolution
from qingfeng.decisions.queries import meetings as queries
from tests.decisions import stories
from tests.decisions.stories import AT, SUBJECT, House
from tests.stories import user_with

pytestmark = pytest.mark.django_db
NEXT_DAY = dt.timedelta(days=1)


@pytest.fixture
def people() -> House:
    return stories.house()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setitem(events._handlers, MatterDecided, [*events._handlers[MatterDecided], found.append])
    return found


def test_submit_waits_in_the_pool_once(people: House) -> None:
    matter = stories.submitted(people)

    assert (matter.state, matter.office) == (MatterState.WAITING, Role.CONDUCT_OFFICE)
    with pytest.raises(Refused, match="已经提交"):
        stories.submitted(people)
    with pytest.raises(Refused, match="请写明汇报提纲"):
        stories.submitted(people, title="", summary="")


def test_take_back_only_by_who_submitted_while_it_waits(people: House) -> None:
    item = stories.with_item(people)
    other = stories.submitted(people, title="另一议题")

    with pytest.raises(WrongState):
        agenda.take_back(matter=item.matter, reason="不议了", by=people.officer, at=AT)
    with pytest.raises(Denied, match="由提交人办理"):
        agenda.take_back(matter=other, reason="不议了", by=people.clerk, at=AT)
    agenda.take_back(matter=other, reason="不议了", by=people.officer, at=AT)

    assert Matter.objects.get(pk=other.pk).state == MatterState.WITHDRAWN


def test_call_names_members_by_role_and_the_recorder(people: House) -> None:
    meeting = stories.called(people)

    rows = {row.name: row.capacity for row in meeting.attendances.all()}
    assert rows == {"分管领导甲": "member", "书记甲": "member", "记录员甲": "recorder"}


def test_call_with_another_chair_needs_the_reason(people: House) -> None:
    with pytest.raises(Refused, match="由书记主持"):
        stories.called(people, chair=people.deputy)

    meeting = stories.called(people, chair=people.deputy, chair_note="书记外出，委托主持")

    assert meeting.chair_note == "书记外出，委托主持"


def test_call_by_another_than_the_clerk_is_denied(people: House) -> None:
    with pytest.raises(Denied, match="常委会记录人员"):
        stories.called(people, by=people.secretary)


def test_change_of_a_plan_that_another_clerk_changed_is_a_conflict(people: House) -> None:
    meeting = stories.called(people)
    given: dict[str, Any] = {
        "meeting": meeting,
        "planned_for": AT,
        "chair": people.secretary,
        "chair_note": "",
        "recorder": people.clerk,
        "by": people.clerk,
        "at": AT,
    }
    meetings.change(**given, place="一楼", seen=meeting.revision)

    with pytest.raises(Conflict):
        meetings.change(**given, place="二楼", seen=meeting.revision)

    assert Meeting.objects.get().place == "一楼"


def test_agenda_keeps_its_order_as_items_move_and_leave(people: House) -> None:
    meeting = stories.called(people)
    matters = [stories.submitted(people, title=f"议题{letter}") for letter in "甲乙丙"]
    items = [meetings.put_on_agenda(meeting=meeting, matter=row, by=people.clerk, at=AT) for row in matters]

    meetings.move_up(item=items[2], by=people.clerk, at=AT)
    meetings.take_off(item=items[0], by=people.clerk, at=AT)

    shown = [(item.position, item.matter.title) for item in queries.agenda(meeting)]
    matters[0].refresh_from_db()
    assert shown == [(1, "议题丙"), (2, "议题乙")]
    assert matters[0].state == MatterState.WAITING


@pytest.mark.parametrize(("number", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 4), (9, 5)])
def test_quorum_by_half_asks_for_more_than_half(number: int, needed: int) -> None:
    assert queries.needed_here(number, "half") == needed


@pytest.mark.parametrize(("number", "needed"), [(1, 1), (3, 2), (4, 3), (6, 4), (7, 5), (9, 6)])
def test_quorum_by_two_thirds_is_reached_at_two_thirds(number: int, needed: int) -> None:
    assert queries.needed_here(number, "two_thirds") == needed


def test_open_without_quorum_item_or_chair_says_all_at_once(people: House) -> None:
    user_with(Role.DEPUTY_LEADER)
    meeting = stories.called(people)

    with pytest.raises(Refused) as refusal:
        meetings.open_meeting(meeting=meeting, by=people.clerk, at=AT - NEXT_DAY)

    assert refusal.value.sentences == (
        "还没有到开会的日期",
        "议程里还没有议题",
        "应到委员 3 人，实到 0 人，至少要有 2 人到会，不能开会",
        "主持人没有到会，请先改定主持人",
    )


def test_open_gives_the_next_number_and_a_cancelled_meeting_uses_none(people: House) -> None:
    first = stories.opened(people).meeting
    cancelled = stories.called(people)
    meetings.cancel(meeting=cancelled, reason="改期。", by=people.clerk, at=AT)
    second = stories.opened(people, matter=stories.submitted(people, title="第二个议题")).meeting

    first.refresh_from_db()
    second.refresh_from_db()
    assert [(row.year, row.number) for row in (first, second)] == [(2026, 1), (2026, 2)]
    assert Meeting.objects.get(pk=cancelled.pk).number is None


def test_continue_numbers_goes_on_from_paper_until_the_first(people: House) -> None:
    meetings.continue_numbers(year=2026, next_number=9, by=people.clerk, at=AT)
    meeting = stories.opened(people).meeting

    meeting.refresh_from_db()
    assert str(meeting) == "2026 年第 9 次常委会会议"
    with pytest.raises(Refused, match="不能再改"):
        meetings.continue_numbers(year=2026, next_number=3, by=people.clerk, at=AT)


def test_leave_needs_a_reason_and_counts(people: House) -> None:
    meeting = stories.with_item(people).meeting
    row = meeting.attendances.get(user=people.deputy)

    with pytest.raises(Refused, match="请写明事由"):
        meetings.mark_presence(attendance=row, presence="leave", reason=" ", by=people.clerk, at=AT)
    meetings.mark_presence(attendance=row, presence="leave", reason="外出学习", by=people.clerk, at=AT)

    count = queries.turnout(meeting)
    assert (count.expected, count.present, count.on_leave, count.is_met) == (3, 2, 1, True)


def test_cancel_lets_its_matters_wait_again(people: House) -> None:
    item = stories.with_item(people)

    meetings.cancel(meeting=item.meeting, reason="改期。", by=people.clerk, at=AT)

    assert Matter.objects.get(pk=item.matter_id).state == MatterState.WAITING


def test_decide_publishes_in_the_same_transaction(people: House, heard: list[Any]) -> None:
    item = stories.decided(people)

    made = item.resolution
    assert heard == [
        MatterDecided(
            item.matter_id,
            SUBJECT.kind,
            SUBJECT.id,
            "passed",
            item.meeting_id,
            dt.date(2026, 4, 7),
            people.clerk.pk,
        )
    ]
    assert (made.expected, made.voters, made.in_favour) == (3, 3, 3)
    assert Matter.objects.get(pk=item.matter_id).state == MatterState.DECIDED


def test_decide_whose_follower_fails_is_not_recorded(people: House, monkeypatch: pytest.MonkeyPatch) -> None:
    item = stories.opened(people)

    def fail(event: MatterDecided) -> None:
        raise Refused("后续办理失败")

    monkeypatch.setitem(events._handlers, MatterDecided, [fail])
    with pytest.raises(Refused, match="后续办理失败"):
        stories.decided(people, item)

    assert not Resolution.objects.exists()
    assert Matter.objects.get(pk=item.matter_id).state == MatterState.SCHEDULED


def test_deferred_matter_goes_back_to_the_pool_and_to_a_later_meeting(
    people: House, heard: list[Any]
) -> None:
    item = stories.decided(
        people, result=Result.DEFERRED, text="材料不全，下次再议。", votes=recording.Votes()
    )

    matter = Matter.objects.get(pk=item.matter_id)
    state = matter.state
    again = stories.with_item(people, matter=matter)

    assert state == MatterState.WAITING
    assert heard[-1].result == "deferred"
    assert (again.matter_id, again.meeting_id != item.meeting_id) == (item.matter_id, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"result": "maybe"}, "请选择议决结果"),
        ({"text": " "}, "请写明决定事项"),
        ({"votes": recording.Votes(2)}, "参加表决的委员 3 人，票数合计 2 票"),
        ({"votes": recording.Votes(4)}, "票数合计 4 票"),
        ({"votes": recording.Votes(1, 2)}, "不到通过所需的 2 票"),
        ({"result": Result.REJECTED, "votes": recording.Votes(2, 1)}, "不能记为不通过"),
    ],
)
def test_decide_where_votes_and_result_disagree_is_refused(
    people: House, changes: dict[str, Any], words: str
) -> None:
    item = stories.opened(people)

    with pytest.raises(Refused, match=words):
        stories.decided(people, item, **changes)

    assert not Resolution.objects.exists()


def test_decide_twice_or_on_an_old_page_is_a_conflict(people: House) -> None:
    item = stories.opened(people)
    seen = item.revision
    recording.note(item=item, discussion="甲：同意。", seen=seen, by=people.clerk, at=AT)

    with pytest.raises(Conflict, match="另一位记录人员修改过"):
        stories.decided(people, item, seen=seen)
    stories.decided(people, item)
    with pytest.raises(Conflict, match="已经记录议决结果"):
        stories.decided(people, item)


def test_recused_member_counts_neither_as_expected_nor_as_voter(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.deputy)
    recording.recuse(item=item, attendance=place, ground=Ground.RELATIVE, note="", by=people.deputy, at=AT)

    made = stories.decided(people, item, votes=recording.Votes(2)).resolution

    assert (made.expected, made.voters) == (2, 2)


def test_decide_without_quorum_after_recusals_can_only_be_deferred(people: House) -> None:
    item = stories.opened(people)
    row = item.meeting.attendances.exclude(user__in=[people.deputy, people.secretary, people.clerk]).get()
    meetings.mark_presence(attendance=row, presence="absent", reason="", by=people.clerk, at=AT)
    place = stories.place_of(item, people.deputy)
    recording.recuse(item=item, attendance=place, ground="interest", note="", by=people.clerk, at=AT)

    with pytest.raises(Refused, match="不能表决，可以缓议"):
        stories.decided(people, item, votes=recording.Votes(1))
    stories.decided(people, item, result=Result.DEFERRED, votes=recording.Votes())


def test_recuse_of_another_by_a_member_is_denied(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.secretary)

    with pytest.raises(Denied, match="回避由本人提出"):
        recording.recuse(item=item, attendance=place, ground="witness", note="", by=people.deputy, at=AT)


def test_recuse_on_other_grounds_says_which(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.deputy)

    with pytest.raises(Refused, match="写明具体情况"):
        recording.recuse(item=item, attendance=place, ground=Ground.OTHER, note="", by=people.deputy, at=AT)


def test_item_of_a_recused_chair_needs_another_to_preside(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.secretary)
    recording.recuse(item=item, attendance=place, ground=Ground.RELATIVE, note="", by=people.secretary, at=AT)

    with pytest.raises(Refused, match="先指定本议题的主持人"):
        stories.decided(people, item, votes=recording.Votes(2))
    with pytest.raises(Refused, match="没有回避的委员"):
        recording.preside(item=item, presider=people.secretary, by=people.clerk, at=AT)
    recording.preside(item=item, presider=people.deputy, by=people.clerk, at=AT)

    assert stories.decided(people, item, votes=recording.Votes(2)).presider == people.deputy


def test_lift_recusal_is_the_chairs_alone_and_lets_vote(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.deputy)
    made = recording.recuse(item=item, attendance=place, ground="interest", note="", by=people.clerk, at=AT)

    with pytest.raises(Denied, match="由会议主持人决定"):
        recording.lift_recusal(recusal=made, reason="经核实无关", by=people.deputy, at=AT)
    recording.lift_recusal(recusal=made, reason="经核实无关", by=people.secretary, at=AT)

    assert queries.turnout(item.meeting, item).present == 3


def test_recused_clerk_does_not_record(people: House) -> None:
    item = stories.opened(people)
    place = stories.place_of(item, people.clerk)
    recording.recuse(item=item, attendance=place, ground="relative", note="", by=people.clerk, at=AT)

    with pytest.raises(Denied, match="您已回避这一议题"):
        stories.decided(people, item)


def test_majority_setting_counts_those_present(people: House) -> None:
    for _ in range(2):
        user_with(Role.DEPUTY_LEADER)
    item = stories.with_item(people)
    absent = item.meeting.attendances.filter(capacity="member").exclude(user=people.secretary).first()
    assert absent is not None
    meetings.mark_presence(attendance=absent, presence="absent", reason="", by=people.clerk, at=AT)
    count = queries.turnout(item.meeting)
    by_expected = queries.votes_needed(count)
    Setting.objects.create(key="committee_majority", value="present")

    assert (count.expected, count.present, by_expected) == (4, 3, 3)
    assert queries.votes_needed(count) == 2


def test_record_before_the_meeting_begins_is_refused(people: House) -> None:
    item = stories.with_item(people)

    with pytest.raises(Refused, match="会议开始以后才能记录"):
        recording.note(item=item, discussion="早了", seen=item.revision, by=people.clerk, at=AT)


def test_take_off_what_is_decided_is_refused(people: House) -> None:
    item = stories.decided(people)

    with pytest.raises(Refused, match="已经议决"):
        meetings.take_off(item=item, by=people.clerk, at=AT)
    assert Meeting.objects.get().state == MeetingState.HELD
