from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import results, rounds, schemes, submissions
from qingfeng.evaluation.models.submissions import Submission
from qingfeng.evaluation.queries import submissions as queries
from qingfeng.notifications.models import Message
from tests import stories as people
from tests.evaluation import stories
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 4, 6)


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=2)


def test_save_report_of_an_old_page_is_a_conflict(place) -> None:
    town = place.towns[0]
    row = stories.filled_in(place, stories.opened(place), town)

    with pytest.raises(Conflict):
        submissions.save_report(
            submission=row, self_report="旧页面", lock=0, by=place.liaisons[town.pk], at=stories.COLLECTING
        )

    assert Submission.objects.get(pk=row.pk).self_report == "本季度情况"


def test_save_report_of_another_unit_is_refused(place) -> None:
    row = stories.submission_of(stories.opened(place), place.towns[0])

    with pytest.raises(Denied, match="本单位"):
        submissions.save_report(
            submission=row,
            self_report="代填",
            lock=0,
            by=place.liaisons[place.towns[1].pk],
            at=stories.COLLECTING,
        )


def test_offer_evidence_for_an_indicator_that_asks_for_none_is_refused(place) -> None:
    town = place.towns[0]
    row = stories.submission_of(stories.opened(place), town)

    with pytest.raises(Refused, match="没有要求"):
        submissions.offer_evidence(
            submission=row, indicator="A2", text="案件", by=place.liaisons[town.pk], at=stories.COLLECTING
        )


def test_hand_in_with_gaps_names_them_and_needs_a_word(place) -> None:
    town = place.towns[0]
    row = stories.filled_in(place, stories.opened(place), town, gaps=1)
    by = place.liaisons[town.pk]

    with pytest.raises(Refused, match="严肃党内政治生活"):
        submissions.hand_in(submission=row, by=by, at=stories.COLLECTING)
    after = submissions.hand_in(submission=row, with_gaps=True, by=by, at=stories.COLLECTING)

    assert after.state == "submitted"
    assert after.handed_in_by == by


def test_hand_in_without_a_report_is_refused(place) -> None:
    town = place.towns[0]
    row = stories.submission_of(stories.opened(place), town)

    with pytest.raises(Refused, match="自评报告"):
        submissions.hand_in(submission=row, with_gaps=True, by=place.liaisons[town.pk], at=stories.COLLECTING)


def test_sign_by_the_liaison_is_refused(place) -> None:
    town = place.towns[0]
    row = stories.handed_in(place, stories.opened(place), town)

    with pytest.raises(Denied, match="负责人"):
        submissions.sign(submission=row, by=place.liaisons[town.pk], at=stories.SIGNING)


def test_sign_after_the_freeze_is_refused(place) -> None:
    town = place.towns[0]
    round = stories.opened(place)
    row = stories.handed_in(place, round, town)
    rounds.start_review(round=round, by=place.officer, at=stories.REVIEWING)
    results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)

    with pytest.raises(WrongState, match="数据冻结"):
        submissions.sign(
            submission=Submission.objects.get(pk=row.pk), by=place.heads[town.pk], at=stories.CUTOFF
        )


def test_send_back_lets_the_liaison_write_again(place) -> None:
    town = place.towns[0]
    row = stories.handed_in(place, stories.opened(place), town)

    after = submissions.send_back(
        submission=row, reason="数字不实", by=place.heads[town.pk], at=stories.SIGNING
    )

    assert (after.state, after.return_reason) == ("returned", "数字不实")
    saved = submissions.save_report(
        submission=after,
        self_report="改后",
        lock=after.lock,
        by=place.liaisons[town.pk],
        at=stories.SIGNING,
    )
    assert saved.self_report == "改后"


def test_return_submission_takes_the_signature_away_until_signed_again(place) -> None:
    town = place.towns[0]
    row = stories.signed(place, stories.opened(place), town)

    after = submissions.return_submission(
        submission=row, reason="缺附件", due_on=DUE, by=place.officer, at=stories.SIGNING
    )

    assert after.signed_at is None
    assert after.return_due_on == DUE
    assert Message.objects.filter(title__contains="被退回").count() == 2


def test_return_submission_with_a_date_in_the_past_is_refused(place) -> None:
    row = stories.signed(place, stories.opened(place), place.towns[0])

    with pytest.raises(Refused, match="补正期限"):
        submissions.return_submission(
            submission=row,
            reason="缺附件",
            due_on=dt.date(2026, 3, 1),
            by=place.officer,
            at=stories.SIGNING,
        )


def test_return_evidence_by_a_department_that_does_not_score_it_is_refused(place) -> None:
    row = stories.signed(place, stories.opened(place), place.towns[0])
    item = row.evidence.get(indicator="B1")

    with pytest.raises(Denied, match="负责这项指标"):
        submissions.return_evidence(
            item=item, reason="看不清", due_on=DUE, by=place.scorers["xuanchuan"], at=stories.SIGNING
        )


def test_return_evidence_of_the_departments_own_unit_is_refused(place) -> None:
    row = stories.signed(place, stories.opened(place), place.bureaus["xuanchuan"])
    item = row.evidence.get(indicator="A1")

    with pytest.raises(Denied, match="本单位"):
        submissions.return_evidence(
            item=item, reason="看不清", due_on=DUE, by=place.scorers["xuanchuan"], at=stories.SIGNING
        )


def test_return_evidence_by_a_scorer_who_holds_a_post_in_the_unit_is_refused(place) -> None:
    town, scorer = place.towns[0], place.scorers["zuzhi"]
    scorer.person = PostFactory.create(unit=town).person
    scorer.save()
    item = stories.signed(place, stories.opened(place), town).evidence.get(indicator="A1")

    with pytest.raises(Denied, match="本单位"):
        submissions.return_evidence(item=item, reason="看不清", due_on=DUE, by=scorer, at=stories.SIGNING)


def test_offer_again_answers_a_return_without_a_new_signature(place) -> None:
    town = place.towns[0]
    row = stories.signed(place, stories.opened(place), town)
    item = row.evidence.get(indicator="A1")
    submissions.return_evidence(
        item=item, reason="看不清", due_on=DUE, by=place.scorers["zuzhi"], at=stories.SIGNING
    )

    after = submissions.offer_again(
        item=item, text="补充签到表", by=place.liaisons[town.pk], at=stories.REVIEWING
    )

    assert (after.state, after.text) == ("offered", "补充签到表")
    assert Submission.objects.get(pk=row.pk).state == "signed"
    told = Message.objects.get(title__contains="需要补正")
    assert told.recipient == place.liaisons[town.pk]
    assert "看不清" not in told.title + told.body


def test_carry_over_takes_last_quarters_evidence_where_none_is_written(place) -> None:
    town = place.towns[0]
    first = stories.announced(place)
    draft = schemes.create_draft_from(version=first.scheme_version, by=place.officer, at=stories.CUTOFF)
    version = schemes.publish(version=draft, by=place.officer, at=stories.CUTOFF)
    second = rounds.plan(
        year=2026, quarter=2, scheme_version=version, by=place.officer, at=stories.moment(6, 1)
    )
    rounds.open_round(round=second, by=place.officer, at=stories.moment(6, 20))
    row = stories.submission_of(second, town)
    by = place.liaisons[town.pk]
    submissions.offer_evidence(submission=row, indicator="A1", text="新材料", by=by, at=stories.moment(6, 21))

    count = submissions.carry_over(submission=row, by=by, at=stories.moment(6, 22))

    found = queries.evidence_by_indicator(row)
    assert count == 1
    assert (found["A1"].text, found["A1"].carried_over) == ("新材料", False)
    assert (found["B1"].text, found["B1"].carried_over) == ("开展学习四次", True)


def test_visible_to_a_department_is_signed_and_of_its_indicators(place) -> None:
    round = stories.opened(place)
    stories.signed(place, round, place.towns[0])
    stories.handed_in(place, round, place.towns[1])
    scorer = place.scorers["xuanchuan"]

    items = queries.evidence_visible_to(scorer)

    assert [row.round_unit.unit for row in queries.visible_to(scorer)] == [place.towns[0]]
    assert {(item.submission.round_unit.unit, item.indicator) for item in items} == {(place.towns[0], "A1")}


def test_visible_to_a_liaison_is_his_own_unit(place) -> None:
    stories.opened(place)

    rows = queries.visible_to(place.liaisons[place.towns[0].pk])

    assert [row.round_unit.unit for row in rows] == [place.towns[0]]
    assert queries.visible_to(people.user_with(Role.AUDIT_ADMIN)).count() == 0
