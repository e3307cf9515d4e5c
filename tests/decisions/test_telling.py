"""Messages, duties and reminders: that something waits, and never what it is about."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import meetings, recording, telling
from qingfeng.decisions.enums import Result
from qingfeng.decisions.queries import duties
from qingfeng.notifications.models import Message
from qingfeng.workflow.models import Deadline
from tests.decisions import stories
from tests.decisions.stories import AT, House
from tests.stories import user_with

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=7)


@pytest.fixture
def people() -> House:
    return stories.house()


def titles_of(user: User) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


def said() -> str:
    return " ".join(f"{row.title} {row.body} {row.link}" for row in Message.objects.all())


def test_request_tells_the_next_signer_and_the_outcome_who_asked(people: House) -> None:
    stories.granted(people)

    assert titles_of(people.deputy) == ["有一件呈批等您签批"]
    assert titles_of(people.secretary) == ["有一件呈批等您签批"]
    assert titles_of(people.officer) == ["您呈批的一件事项已同意"]
    assert "评价" not in said()


@pytest.mark.parametrize(("story", "words"), [(stories.refused, "未获同意"), (stories.returned, "退回补充")])
def test_refusal_and_return_tell_who_asked(people: House, story, words: str) -> None:
    story(people)

    assert titles_of(people.officer) == [f"您呈批的一件事项{words}"]
    assert "理由不充分" not in said()


def test_request_does_not_call_its_own_asker_to_sign(people: House) -> None:
    user_with(Role.DEPUTY_LEADER)
    stories.asked(people, by=people.deputy)

    assert titles_of(people.deputy) == []


def test_matter_meeting_and_result_tell_those_concerned(people: House) -> None:
    item = stories.opened(people)
    planned = stories.called(people)
    meetings.notify(meeting=planned, by=people.clerk, at=AT)
    stories.decided(people, item, result=Result.DEFERRED, votes=recording.Votes())

    assert "有一项议题待列入会议议程" in titles_of(people.clerk)
    assert "请参加常委会会议，点开看时间和议程" in titles_of(people.deputy)
    assert titles_of(people.officer) == ["您提交的一项议题缓议，待下次会议"]
    assert "审定" not in said()


def test_remind_writes_to_the_late_signer_without_any_fact(people: House) -> None:
    stories.asked(people)
    early = telling.remind_of_late(at=AT)

    late = telling.remind_of_late(at=LATER)

    assert (early, late) == (0, 1)
    assert titles_of(people.deputy)[-1] == "有一件呈批已过签批期限"
    assert "评价" not in said()


def test_remind_stops_once_it_is_signed_or_withdrawn(people: House) -> None:
    stories.granted(people)
    stories.withdrawn(people)

    assert telling.remind_of_late(at=LATER) == 0
    assert not Deadline.objects.filter(met_at=None).exists()


def test_duty_of_a_signer_carries_its_limit_and_ends_with_the_signature(people: House) -> None:
    approval = stories.asked(people)
    [duty] = duties.duties_of(people.deputy, LATER.date())

    assert (duty.area, duty.url) == ("待签批", reverse("decisions:approval", args=[approval.pk]))
    assert duty.is_overdue
    assert duties.duties_of(people.secretary, AT.date()) == []


def test_duties_of_asker_and_clerk(people: House) -> None:
    stories.returned(people)
    stories.submitted(people)
    stories.opened(people, matter=stories.submitted(people, title="另一议题"))

    asker = [duty.area for duty in duties.duties_of(people.officer, AT.date())]
    clerk = [duty.area for duty in duties.duties_of(people.clerk, AT.date())]

    assert asker == ["退回的呈批"]
    assert clerk == ["待上会", "会议记录"]


def test_returned_duty_ends_when_it_is_asked_again(people: House) -> None:
    former = stories.returned(people)
    stories.approvals.ask_again(approval=former, title="再来", body="补了", by=people.officer, at=AT)

    assert duties.duties_of(people.officer, AT.date()) == []


def test_administrators_have_no_duties(people: House) -> None:
    stories.asked(people)

    assert duties.duties_of(user_with(Role.AUDIT_ADMIN), AT.date()) == []
