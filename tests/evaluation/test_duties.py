from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from qingfeng.accounts.models import User
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs import running
from qingfeng.core.models import Job
from qingfeng.core.roles import Role
from qingfeng.evaluation import tasks
from qingfeng.evaluation.actions import appeal_rulings, appeals, results, submissions
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import RoundDepartment
from qingfeng.evaluation.queries import duties
from tests import stories as people
from tests.evaluation import appeal_stories as told
from tests.evaluation import stories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 2)


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=2)


def titles(user: User, today: dt.date = TODAY) -> list[tuple[str, int | None]]:
    return [(duty.title, duty.days_left) for duty in duties.duties_of(user, today)]


def test_duties_of_a_unit_follow_its_submission(place) -> None:
    town = place.towns[0]
    liaison, head = place.liaisons[town.pk], place.heads[town.pk]
    round = stories.opened(place)
    before = (titles(liaison), titles(head))
    row = stories.handed_in(place, round, town)
    handed = (titles(liaison), titles(head))
    row = submissions.sign(submission=row, by=head, at=stories.SIGNING)
    submissions.return_evidence(
        item=stories.evidence_of(row),
        reason="看不清",
        due_on=dt.date(2026, 4, 5),
        by=place.scorers["zuzhi"],
        at=stories.REVIEWING,
    )

    assert before == ([("填报2026年第一季度评价材料", -2)], [])
    assert handed == ([], [("审签2026年第一季度评价材料", -2)])
    assert titles(liaison) == [("补正“坚定理想信念”的材料", 3)]


def test_duties_of_departments_and_suppliers_are_their_open_parts(place) -> None:
    round = stories.in_review(place)
    zuzhi, anguan = place.scorers["zuzhi"], place.suppliers["anguan"]
    both = titles(zuzhi)
    stories.submitted(place, stories.sheet_of(round, "A1.review", "zuzhi"))
    stories.recorded(place, round, place.towns[0], fact_kind="incident")

    assert both == [("为“坚定理想信念”评分", 5), ("为“严肃党内政治生活”评分", 5)]
    assert titles(zuzhi) == [("为“严肃党内政治生活”评分", 5)]
    assert titles(anguan) == [("报送2026年第一季度评价数据", 6), ("为 1 件事实选定扣分分值", 6)]


def test_duties_of_officer_and_leaders_are_the_next_step(place) -> None:
    round = stories.in_review(place)
    stories.proposed(place, round, place.towns[0])
    early = titles(place.officer, dt.date(2026, 3, 1))
    officer, deputy = titles(place.officer), titles(place.deputy)
    stories.tallies.approve_adjustment(
        adjustment=round.units.get(unit=place.towns[0]).adjustments.get(),
        by=place.deputy,
        at=stories.REVIEWING,
    )
    stories.finish(place, round)
    results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)
    round.refresh_from_db()
    computed = titles(place.officer, dt.date(2026, 4, 12))
    stories.checked(place, round, sent=stories.CHECKING, closed=stories.SETTLING)

    assert early == []
    assert officer == [
        ("2026年第一季度评价：冻结数据", 6),
        ("4 张评分表没有提交", 5),
        ("2 个部门没有报送数据", 6),
    ]
    assert deputy == [("核准专项扣分 2 分", 6)]
    assert titles(place.clerk) == [("提请常委会审定2026年第一季度评价结果", 18)]
    assert computed == [("2026年第一季度评价：发各单位核对", 8)]
    assert titles(place.officer) == []


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.CASE_OFFICE])
def test_duties_of_those_who_take_no_part_are_none(place, role: str) -> None:
    stories.in_review(place)

    assert titles(people.user_with(role)) == []


def test_request_computation_is_done_by_a_job(place) -> None:
    round = stories.frozen(place)

    results.request_computation(round=round, by=place.officer, at=stories.TRIAL)
    job = Job.objects.get(slug="evaluation.compute")
    answer = tasks.compute(running.Run(job.pk, job.token, job.args, job.by_id))

    round.refresh_from_db()
    revision = Revision.objects.get()
    assert round.state == "computed"
    assert revision.computed_by == place.officer
    assert answer.data == {"revision_id": revision.pk}
    assert answer.sentence == "已算出 3 个单位的结果"


def test_schedule_and_reminder_jobs_say_what_they_did(place) -> None:
    stories.planned(place)
    run = running.Run(0, "", {}, None)

    with time_machine.travel(stories.OPENING, tick=False):
        opened = tasks.keep_schedule(run)
    with time_machine.travel(stories.moment(3, 31), tick=False):
        reminded = tasks.remind(run)

    assert opened == "2026年第一季度评价已开放填报"
    assert reminded == "已发出 3 条催办"


def test_points_about_the_reporting_department_itself_are_the_officers_duty(place) -> None:
    round = stories.in_review(place)
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident")
    RoundDepartment.objects.filter(data_task__facts=fact).update(unit=place.towns[0])
    supplier = people.user_with(Role.DATA_SUPPLIER, place.towns[0])

    words = "为 1 件事实选定扣分分值"

    assert words in dict(titles(place.officer))
    assert words not in dict(titles(supplier))


def test_duties_of_checking_go_from_the_head_to_who_may_decide(place) -> None:
    round = stories.appealing(place)
    town, other = place.towns
    head, scorer = place.heads[town.pk], place.scorers["xuanchuan"]
    day = told.FILING.date()
    words = "核对2026年第一季度评价试算结果"
    before = (titles(head, day), titles(place.heads[other.pk], day))
    draft = told.drafted(place, round, town)
    drafted = titles(head, day)
    appeals.file(appeal=draft, by=head, at=told.FILING)
    filed = (titles(head, day), titles(place.officer, day), titles(scorer, day))
    appeal_rulings.accept(appeal=draft, by=place.officer, at=told.ACCEPTING)
    accepted = (titles(place.officer, day), titles(scorer, day), titles(place.deputy, day))

    step = ("2026年第一季度评价：办理申诉、结束核对", 7)
    assert before == ([(words, 2)], [(words, 2)])
    assert drafted == [(words, 2), ("为一件申诉签字", 2)]
    assert filed == ([], [step, ("受理第 1 号申诉", 2)], [])
    assert accepted == ([step, ("复核决定第 1 号申诉", 2)], [("为第 1 号申诉作书面说明", 2)], [])
