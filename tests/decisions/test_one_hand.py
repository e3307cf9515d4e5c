"""One person has one hand and one voice: at a chain of signatures, at a meeting, and beside a recusal."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.decisions import rules
from qingfeng.decisions.actions import approvals, meetings, minutes, recording
from qingfeng.decisions.enums import Result
from qingfeng.decisions.models.committee import AgendaItem, Matter
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import people as members
from qingfeng.decisions.queries import scope
from qingfeng.evaluation.models.results import Revision
from tests.accounts import absences
from tests.decisions import stories
from tests.decisions.stories import AT, House
from tests.stories import signed_in, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> House:
    return stories.house()


def recused(item: AgendaItem, user: Any) -> None:
    place = stories.place_of(item, user)
    recording.recuse(item=item, attendance=place, ground="relative", note="", by=user, at=AT)


def deferred(people: House) -> AgendaItem:
    """Return an item from which the deputy leader is recused, and which the committee put off."""
    item = stories.opened(people)
    recused(item, people.deputy)
    return stories.decided(people, item, result=Result.DEFERRED, text="材料不全，缓议。")


def again(people: House, matter: Matter) -> AgendaItem:
    return stories.opened(people, matter=Matter.objects.get(pk=matter.pk))


def test_sign_the_next_step_in_the_secretarys_place_after_ones_own_is_refused(people: House) -> None:
    absences.confirmed(people.secretary, people.deputy)
    people.deputy = absences.fresh(people.deputy)
    approval = stories.endorsed(people)

    with pytest.raises(Denied, match=rules.SIGNED):
        approvals.give_opinion(
            step=stories.current(approval), agree=True, text="同意。", by=people.deputy, at=AT
        )

    approvals.give_opinion(
        step=stories.current(approval), agree=True, text="同意。", by=people.secretary, at=AT
    )


def test_stand_in_of_the_secretary_is_no_further_member_and_no_secretary(people: House) -> None:
    helper = user_with(Role.CHECKUP_MEMBER)
    absences.confirmed(people.secretary, helper)

    listed = list(members.members(clock.today()))

    assert listed == [people.deputy, people.secretary]
    assert not members.is_secretary(helper, clock.today())


def test_recusal_stands_at_the_next_meeting_on_a_deferred_matter(people: House) -> None:
    first = deferred(people)

    second = again(people, first.matter)

    assert second not in scope.items(people.deputy)
    assert queries.turnout(second.meeting, second).expected == 2
    line = next(row for row in queries.agenda(second.meeting) if row.pk == second.pk)
    assert [row.attendance.user for row in queries.recusals_of(line)] == [people.deputy]
    with pytest.raises(Refused, match="已经登记回避"):
        recused(second, people.deputy)


def test_recusal_stands_after_a_cancelled_meeting(people: House) -> None:
    item = stories.with_item(people)
    recused(item, people.deputy)
    meetings.cancel(meeting=item.meeting, reason="改期", by=people.clerk, at=AT)

    second = again(people, item.matter)

    assert second not in scope.items(people.deputy)
    assert queries.turnout(second.meeting, second).expected == 2


def test_recused_reader_of_the_subject_sees_neither_matter_nor_result(people: House) -> None:
    matter = stories.submitted(people, subject=Reference(Revision.kind, 7))
    item = stories.opened(people, matter=matter)
    recused(item, people.deputy)
    stories.decided(people, item, votes=recording.Votes(2))

    answer = signed_in(people.deputy).get(reverse("decisions:matter", args=[matter.pk]))

    assert answer.status_code == 404
    assert matter not in scope.matters(people.deputy)


def test_office_is_not_told_of_a_result_that_waits_for_the_committee(people: House) -> None:
    matter = stories.submitted(people, subject=Reference(Revision.kind, 7))

    assert matter not in scope.matters(people.office)
    assert matter in scope.matters(people.officer)


def test_member_who_was_never_marked_reads_nothing_once_the_meeting_began(people: House) -> None:
    item = stories.with_item(people)
    row = stories.place_of(item, people.deputy)
    assert item in scope.items(people.deputy)
    meetings.mark_presence(attendance=row, presence="expected", reason="", by=people.clerk, at=AT)
    meetings.open_meeting(meeting=item.meeting, by=people.clerk, at=AT)

    assert item not in scope.items(people.deputy)
    stories.decided(people, item, votes=recording.Votes(2))
    with pytest.raises(Refused, match="还没有登记到会情况：分管领导甲"):
        minutes.make(meeting=item.meeting, by=people.clerk, at=AT)


def test_decide_under_a_presider_who_is_recused_since_is_refused(people: House) -> None:
    item = stories.opened(people)
    recused(item, people.secretary)
    recording.preside(item=item, presider=people.deputy, by=people.clerk, at=AT)
    recused(item, people.deputy)

    with pytest.raises(Refused, match="先指定本议题的主持人"):
        stories.decided(people, item, votes=recording.Votes(1))


def test_decide_under_a_chair_who_has_left_is_refused(people: House) -> None:
    item = stories.opened(people)
    row = stories.place_of(item, people.secretary)
    meetings.mark_presence(attendance=row, presence="absent", reason="", by=people.clerk, at=AT)

    with pytest.raises(Refused, match="主持人没有到会"):
        stories.decided(people, item)


def test_lift_recusal_in_the_recused_members_place_is_refused(people: House) -> None:
    absences.confirmed(people.deputy, people.secretary)
    people.secretary = absences.fresh(people.secretary)
    item = stories.opened(people)
    recused(item, people.deputy)

    with pytest.raises(Denied, match="代理本人的人"):
        recording.lift_recusal(recusal=item.recusals.get(), reason="经核实无关", by=people.secretary, at=AT)


def test_take_off_what_another_clerk_has_written_on_is_refused(people: House) -> None:
    item = stories.opened(people)
    before = AgendaItem.objects.get(pk=item.pk)
    recording.note(item=item, discussion="已讨论。", seen=item.revision, by=people.clerk, at=AT)

    with pytest.raises(Refused, match="已有回避或讨论记录"):
        meetings.take_off(item=before, by=people.clerk, at=AT)


def test_move_up_what_was_taken_off_is_refused_in_words(people: House) -> None:
    item = stories.with_item(people)
    before = AgendaItem.objects.get(pk=item.pk)
    meetings.take_off(item=item, by=people.clerk, at=AT)

    with pytest.raises(Refused, match="已经不在议程里"):
        meetings.move_up(item=before, by=people.clerk, at=AT)


def test_acts_on_attendance_say_in_the_book_about_whom_by_numbers(people: House) -> None:
    item = stories.opened(people)
    row = stories.place_of(item, people.deputy)
    meetings.mark_presence(attendance=row, presence="leave", reason="学习", by=people.clerk, at=AT)

    entry = Entry.objects.filter(action="committee_meeting.presence").latest("pk")

    assert entry.detail == {"attendance": row.pk, "user": people.deputy.pk, "presence": "leave"}
