"""The result before the standing committee, and the bulletin before the leaders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import approvals, meetings, recording
from qingfeng.decisions.enums import Capacity
from qingfeng.decisions.models.committee import AgendaItem, Matter
from qingfeng.decisions.queries import agenda
from qingfeng.documents import rules as document_rules
from qingfeng.evaluation.actions import bulletins, committee, results
from qingfeng.evaluation.models.results import Approval
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import committee as queries
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, text_of

pytestmark = pytest.mark.django_db
AT = stories.MEETING


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=2)


def submitted(place: stories.City, round: Round) -> Matter:
    return committee.submit_result(round=round, by=place.officer, at=stories.SETTLING)


def decided(place: stories.City, matter: Matter, result: str, text: str) -> None:
    """Hold a meeting of three members that decides the matter."""
    people.user_with(Role.DEPUTY_LEADER, name="委员一")
    meeting = meetings.call(
        planned_for=AT, place="三楼会议室", chair=place.secretary, recorder=place.clerk, by=place.clerk, at=AT
    )
    item = meetings.put_on_agenda(meeting=meeting, matter=matter, by=place.clerk, at=AT)
    members = list(meeting.attendances.filter(capacity=Capacity.MEMBER))
    for row in members:
        meetings.mark_presence(attendance=row, presence="present", reason="", by=place.clerk, at=AT)
    meetings.open_meeting(meeting=meeting, by=place.clerk, at=AT)
    item = AgendaItem.objects.get(pk=item.pk)
    for_it = result.startswith("passed")
    count = 0 if result == "deferred" else len(members)
    votes = recording.Votes(in_favour=count if for_it else 0, against=0 if for_it else count)
    recording.decide(
        item=item,
        result=result,
        text=text,
        votes=votes,
        discussion="逐一发表意见。",
        seen=item.revision,
        by=place.clerk,
        at=AT,
    )


def test_submitted_result_is_approved_by_the_meeting_that_passes_it(place) -> None:
    round = stories.settled(place)
    matter = submitted(place, round)

    decided(place, matter, "passed", "同意评价结果。")

    round.refresh_from_db()
    approval = Approval.objects.get()
    assert round.state == "approved"
    assert (approval.matter, approval.decided_on) == (matter, dt.date(2026, 4, 17))
    assert approval.meeting == "2026 年第 1 次常委会会议"
    assert approval.note == "通过：同意评价结果。"
    assert approval.approved_at == AT


@pytest.mark.parametrize(("result", "words"), [("rejected", "不通过"), ("deferred", "缓议")])
def test_rejected_or_deferred_result_stays_with_the_reason_on_the_page(place, result, words) -> None:
    round = stories.settled(place)

    decided(place, submitted(place, round), result, "个别单位等次再核。")

    round.refresh_from_db()
    shown = text_of(browser(place.officer).get(reverse("evaluation:round", args=[round.pk])))
    assert round.state == "settled"
    assert not Approval.objects.exists()
    assert f"{words}：个别单位等次再核。" in shown


def test_passed_matter_of_a_result_that_was_taken_back_approves_nothing(place) -> None:
    round = stories.settled(place)
    matter = submitted(place, round)
    results.reopen(round=round, reason="发现错误", by=place.officer, at=stories.SETTLING)

    decided(place, matter, "passed", "同意。")

    round.refresh_from_db()
    assert round.state == "reviewing"
    assert not Approval.objects.exists()


def test_submit_before_the_checking_is_closed_or_twice_is_refused(place) -> None:
    round = stories.appealing(place)

    with pytest.raises(WrongState, match="核对申诉"):
        submitted(place, round)
    stories.checking.settle(round=round, by=place.officer, at=stories.SETTLING)
    submitted(place, round)
    with pytest.raises(Refused, match="已经提交"):
        submitted(place, round)
    with pytest.raises(Denied):
        committee.submit_result(round=round, by=place.clerk, at=AT)


def test_outside_meeting_needs_its_reason_and_no_open_matter(place) -> None:
    round = stories.settled(place)
    given: dict[str, Any] = {
        "round": round,
        "meeting": "第7次",
        "decided_on": dt.date(2026, 4, 17),
        "by": place.clerk,
        "at": AT,
    }

    with pytest.raises(Refused, match="为什么没有在平台上开会"):
        results.approve(outside=" ", **given)
    submitted(place, round)
    with pytest.raises(Refused, match="已经提请常委会"):
        results.approve(outside="系统停机", **given)

    round.refresh_from_db()
    assert round.state == "settled"


def test_submit_by_the_page_makes_the_matter_and_says_so(place) -> None:
    round = stories.settled(place)
    client = browser(place.officer)
    with time_machine.travel(stories.SETTLING, tick=False):
        client.post(reverse("evaluation:round_submit", args=[round.pk]))
        shown = text_of(client.get(reverse("evaluation:round", args=[round.pk])))

    matter = agenda.waiting(place.clerk).get()
    assert "2026年第一季度" in matter.title
    assert "已提请常委会审定，待上会" in shown
    assert "等会议议决" in shown


def test_bulletin_is_issued_only_after_the_leaders_signed(place) -> None:
    round = stories.announced(place)
    office = people.user_with(Role.OFFICE, name="办公室")
    document = bulletins.draft_bulletin(round=round, by=place.officer, at=stories.ANNOUNCING)
    before = document_rules.issue.why_not(office, document)
    with time_machine.travel(stories.ANNOUNCING, tick=False):
        browser(place.officer).post(reverse("evaluation:bulletin_approval", args=[round.pk]))
    pending = document_rules.issue.why_not(office, document)
    bulletin = reverse("evaluation:bulletin", args=[round.pk])
    shown = text_of(browser(place.officer).get(bulletin))
    approval = queries.approval_of(document)
    assert approval is not None

    for step, leader in zip(
        approval.steps.order_by("position"), (place.deputy, place.secretary), strict=True
    ):
        approvals.give_opinion(step=step, agree=True, text="同意。", by=leader, at=stories.ANNOUNCING)

    assert before == "通报要先经领导签批同意才能印发，请党风室在评价通报页呈批"
    assert pending == "通报要先经领导签批同意才能印发，呈批件待签批"
    assert "呈批件待签批" in shown
    assert document_rules.issue.why_not(office, document) == ""
    assert "领导已签批同意，可以印发" in text_of(browser(place.officer).get(bulletin))
