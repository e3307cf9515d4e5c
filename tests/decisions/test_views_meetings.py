from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.decisions.actions import meetings as actions
from qingfeng.decisions.actions import recording
from qingfeng.decisions.models.committee import AgendaItem, Matter, Meeting
from qingfeng.decisions.models.recording import MinutesCorrection, Recusal
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import scope as documents
from tests.decisions import stories
from tests.decisions.stories import AT, House
from tests.stories import signed_in, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> House:
    return stories.house()


def at(name: str, *args: Any) -> str:
    return reverse(f"decisions:{name}", args=args)


def read(user: Any, path: str) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def recused(people: House, item: AgendaItem, user: Any) -> Recusal:
    place = stories.place_of(item, user)
    return recording.recuse(item=item, attendance=place, ground="relative", note="", by=user, at=AT)


PLAN = {"planned_for": "2026-04-07T09:00", "place": "三楼会议室", "chair_note": "", "revision": "0"}


def test_whole_meeting_by_page_from_plan_to_minutes(people: House) -> None:
    matter = stories.submitted(people)
    clerk = signed_in(people.clerk)
    plan = {**PLAN, "chair": people.secretary.pk, "recorder": people.clerk.pk}

    with time_machine.travel(AT, tick=False):
        clerk.post(at("new_meeting"), plan)
        meeting = Meeting.objects.get()
        clerk.post(at("add_item", meeting.pk), {"matter": matter.pk})
        rows = meeting.attendances.all()
        clerk.post(at("presence", meeting.pk), {f"p{row.pk}-presence": "present" for row in rows})
        clerk.post(at("open_meeting", meeting.pk))
        item = meeting.items.get()
        decided = {
            "revision": 1,
            "discussion": "讨论了。",
            "result": "passed",
            "text": "同意。",
            "in_favour": 2,
        }
        recorded = clerk.post(at("item", item.pk), decided)
        made = clerk.post(at("make_minutes", meeting.pk))

    meeting.refresh_from_db()
    page = read(people.secretary, at("minutes", meeting.pk))
    assert (recorded.status_code, made.status_code) == (302, 302)
    assert (meeting.state, meeting.number) == ("minuted", 1)
    assert "2026年第1次常委会会议纪要" in page
    assert "会议决定：同意。" in page
    assert "应到委员2人，参加表决2人，同意2票，反对0票，弃权0票。" in page


def test_list_of_meetings_filters_and_says_when_empty(people: House) -> None:
    empty = read(people.secretary, at("meetings"))
    stories.called(people)
    stories.opened(people, matter=stories.submitted(people, title="另一议题"))

    held = read(people.secretary, at("meetings") + "?state=held")

    assert "还没有会议" in empty
    assert "2026 年第 1 次常委会会议" in held
    assert "1 次会议符合条件" in held
    assert signed_in(people.clerk).post(at("export_meetings")).status_code == 200


@pytest.mark.parametrize("name", ["meetings", "matters"])
def test_lists_ask_the_same_number_of_queries_at_one_and_three_rows(people: House, name: str) -> None:
    browser = signed_in(people.clerk)
    counts = []
    for added in (1, 2):
        for number in range(added):
            stories.called(people)
            stories.submitted(people, title=f"议题{added}{number}")
        browser.get(at(name))
        with CaptureQueriesContext(connection) as asked:
            browser.get(at(name))
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [*sorted(ADMIN_ROLES), Role.UNIT_HEAD])
@pytest.mark.parametrize("name", ["meetings", "matters"])
def test_lists_are_refused_to_whom_they_do_not_concern(role: str, name: str) -> None:
    assert signed_in(user_with(role)).get(at(name)).status_code == 403


def test_matter_is_seen_by_submitter_and_keepers_alone(people: House) -> None:
    matter = stories.submitted(people)

    for user in (people.officer, people.clerk, people.secretary):
        assert matter.summary in read(user, at("matter", matter.pk))
    for user in (people.office, people.deputy, user_with(Role.CASE_OFFICE)):
        assert signed_in(user).get(at("matter", matter.pk)).status_code == 404


def test_member_sees_the_matter_once_it_is_on_his_agenda(people: House) -> None:
    item = stories.with_item(people)

    assert item.matter.summary in read(people.deputy, at("item", item.pk))
    assert item.matter.title in read(people.deputy, at("matter", item.matter_id))


def test_office_sees_when_a_meeting_is_and_not_what_it_is_about(people: House) -> None:
    item = stories.decided(people)

    page = read(people.office, at("meeting", item.meeting_id))

    assert "三楼会议室" in page
    assert item.matter.title not in page
    assert "同意评价结果" not in page
    assert signed_in(people.office).get(at("item", item.pk)).status_code == 404


def test_recused_member_finds_neither_papers_nor_result_nor_minutes(people: House) -> None:
    item = stories.opened(people)
    recused(people, item, people.deputy)
    stories.decided(people, item, votes=recording.Votes(2))
    with time_machine.travel(AT, tick=False):
        signed_in(people.clerk).post(at("make_minutes", item.meeting_id))
    document = OfficialDocument.objects.get()

    page = read(people.deputy, at("meeting", item.meeting_id))

    assert item.matter.title not in page
    assert "同意评价结果" not in page
    for path in (
        at("item", item.pk),
        at("matter", item.matter_id),
        at("minutes", item.meeting_id),
        reverse("documents:detail", args=[document.pk]),
    ):
        assert signed_in(people.deputy).get(path).status_code == 404, path
    assert document not in documents.visible_to(people.deputy)
    assert document in documents.visible_to(people.secretary)


def test_absent_member_and_stranger_do_not_read_the_minutes(people: House) -> None:
    item = stories.opened(people)
    row = stories.place_of(item, people.deputy)
    actions.mark_presence(attendance=row, presence="leave", reason="学习", by=people.clerk, at=AT)
    stories.decided(people, item, votes=recording.Votes(2))
    with time_machine.travel(AT, tick=False):
        signed_in(people.clerk).post(at("make_minutes", item.meeting_id))
    document = OfficialDocument.objects.get()

    for user in (people.deputy, user_with(Role.CASE_OFFICE), people.officer):
        assert signed_in(user).get(at("minutes", item.meeting_id)).status_code == 404
        assert document not in documents.visible_to(user)
    assert "会议决定" in read(people.office, at("minutes", item.meeting_id))


def test_observer_of_one_item_sees_that_one_alone(people: House) -> None:
    item = stories.with_item(people)
    other = stories.with_item(
        people, meeting=item.meeting, matter=stories.submitted(people, title="另一议题")
    )
    observer = user_with(Role.REFORM_OFFICE)
    actions.add_person(
        meeting=item.meeting, capacity="observer", user=observer, item=item, by=people.clerk, at=AT
    )

    page = read(observer, at("meeting", item.meeting_id))

    assert item.matter.title in page
    assert "另一议题" not in page
    assert signed_in(observer).get(at("item", other.pk)).status_code == 404


def test_recuse_oneself_by_page_then_the_item_is_gone(people: House) -> None:
    item = stories.opened(people)
    place, browser = stories.place_of(item, people.deputy), signed_in(people.deputy)

    form = browser.get(at("recuse", item.pk)).content.decode()
    sent = browser.post(at("recuse", item.pk), {"attendance": place.pk, "ground": "interest", "note": ""})

    assert "分管领导甲" in form
    assert "书记甲（委员）" not in form
    assert sent["Location"] == at("meeting", item.meeting_id)
    assert browser.get(at("item", item.pk)).status_code == 404


def test_recusal_is_lifted_by_the_chair_on_a_page(people: House) -> None:
    item = stories.opened(people)
    made = recused(people, item, people.deputy)

    refused = signed_in(people.clerk).get(at("lift", made.pk))
    lifted = signed_in(people.secretary).post(at("lift", made.pk), {"reason": "经核实无关"})

    made.refresh_from_db()
    assert refused.status_code == 403
    assert lifted.status_code == 302
    assert made.lifted_by == people.secretary


def test_two_clerks_on_one_item_see_each_others_words(people: House) -> None:
    item = stories.opened(people)
    other = user_with(Role.COMMITTEE_CLERK)

    signed_in(other).post(at("item", item.pk), {"discussion": "乙记的。", "revision": item.revision})
    response = signed_in(people.clerk).post(
        at("item", item.pk), {"discussion": "甲记的。", "revision": item.revision}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "乙记的。" in page
    assert "甲记的。" in page
    item.refresh_from_db()
    assert item.discussion == "乙记的。"


def test_record_whose_votes_do_not_add_up_keeps_what_was_typed(people: House) -> None:
    item = stories.opened(people)

    response = signed_in(people.clerk).post(
        at("item", item.pk),
        {"discussion": "长长的讨论", "result": "passed", "text": "同意", "in_favour": 1, "revision": 1},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "参加表决的委员 3 人，票数合计 1 票" in page
    assert "长长的讨论" in page


def test_member_may_not_record(people: House) -> None:
    item = stories.opened(people)

    response = signed_in(people.deputy).post(at("item", item.pk), {"discussion": "x", "revision": 1})

    assert response.status_code == 403
    assert "会议由常委会记录人员筹备和记录" in response.content.decode()


def test_plan_changed_by_another_clerk_is_shown(people: House) -> None:
    meeting = stories.called(people)
    plan = {**PLAN, "chair": people.secretary.pk, "recorder": people.clerk.pk, "revision": meeting.revision}
    browser = signed_in(people.clerk)

    browser.post(at("change_meeting", meeting.pk), {**plan, "place": "一楼会议室"})
    response = browser.post(at("change_meeting", meeting.pk), {**plan, "place": "二楼会议室"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "一楼会议室" in page
    assert "二楼会议室" in page


def test_agenda_and_people_are_arranged_by_page(people: House) -> None:
    item = stories.with_item(people)
    second = stories.with_item(
        people, meeting=item.meeting, matter=stories.submitted(people, title="另一议题")
    )
    clerk, pk = signed_in(people.clerk), item.meeting_id

    clerk.post(at("move_up", second.pk))
    clerk.post(at("take_off", item.pk))
    clerk.post(at("people", pk), {"capacity": "observer", "name": "外单位某人", "item": second.pk})
    unnamed = clerk.post(at("people", pk), {"capacity": "observer", "name": ""})
    guest = item.meeting.attendances.get(name="外单位某人")
    clerk.post(at("remove_person", pk, guest.pk))

    assert unnamed.status_code == 422
    assert list(AgendaItem.objects.values_list("pk", "position")) == [(second.pk, 1)]
    assert not item.meeting.attendances.filter(name="外单位某人").exists()


def test_leave_without_reason_by_page_is_said_and_the_others_are_kept(people: House) -> None:
    meeting = stories.called(people)
    one, two = meeting.attendances.filter(capacity="member").order_by("pk")
    sent = {f"p{one.pk}-presence": "leave", f"p{two.pk}-presence": "present"}

    page = signed_in(people.clerk).post(at("presence", meeting.pk), sent, follow=True).content.decode()

    two.refresh_from_db()
    assert "请写明事由" in page
    assert two.presence == "present"


def test_cancel_and_take_back_by_page(people: House) -> None:
    item = stories.with_item(people)

    signed_in(people.clerk).post(at("cancel_meeting", item.meeting_id), {"reason": "改期"})
    back = signed_in(people.officer).post(at("take_back", item.matter_id), {"reason": "不议了"})

    assert Meeting.objects.get().state == "cancelled"
    assert (back.status_code, Matter.objects.get().state) == (302, "withdrawn")


def test_correction_stands_beside_the_record_and_comes_into_new_minutes(people: House) -> None:
    meeting = stories.minuted(people)
    item = meeting.items.get()
    clerk = signed_in(people.clerk)

    refused = signed_in(people.secretary).get(at("correct", meeting.pk))
    clerk.post(at("correct", meeting.pk), {"item": item.pk, "text": "印发单位改为办公室", "reason": "笔误"})
    again = clerk.post(at("make_again", meeting.pk))

    page = read(people.clerk, at("minutes", meeting.pk))
    assert refused.status_code == 403
    assert again.status_code == 302
    assert "更正：印发单位改为办公室（笔误）" in page
    assert "会议决定：同意评价结果，由党风室印发通报。" in page
    assert MinutesCorrection.objects.count() == 1


def test_numbers_continue_from_paper_by_page(people: House) -> None:
    signed_in(people.clerk).post(at("numbers"), {"year": 2026, "next_number": 9})

    meeting = stories.opened(people).meeting
    meeting.refresh_from_db()

    assert meeting.number == 9


def test_meeting_of_others_is_not_found(people: House) -> None:
    item = stories.with_item(people)

    for user in (user_with(Role.CASE_OFFICE), people.officer):
        assert signed_in(user).get(at("meeting", item.meeting_id)).status_code == 404
        assert signed_in(user).post(at("open_meeting", item.meeting_id)).status_code == 404
