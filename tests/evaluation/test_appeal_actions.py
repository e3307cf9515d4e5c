"""Appeals: written, signed, heard, decided by who may, corrected as data, computed anew."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.models import Job
from qingfeng.core.roles import Role
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import (
    appeal_rulings,
    appeals,
    checking,
    data,
    ledger,
    ledger_appeals,
    results,
    scheduling,
    tallies,
)
from qingfeng.evaluation.models.appeals import AppealCorrection
from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.reviews import ReviewChange
from qingfeng.evaluation.queries import appeal_parties, checking_obstacles, portraits, revisions
from qingfeng.evaluation.queries import appeals as queries
from qingfeng.evaluation.queries import checking as windows
from qingfeng.notifications.models import Message
from tests import stories as people
from tests.evaluation import appeal_stories as told
from tests.evaluation import stories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=3)


@pytest.fixture
def round(place: stories.City) -> Any:
    return stories.appealing(place)


def test_window_counts_working_days_and_moves_with_an_extension(place, round) -> None:
    before = windows.window_of(round)
    due = checking.extend_appeals(
        round=round, days=2, reason="系统停机一天", by=place.officer, at=told.FILING
    )

    assert before is not None
    assert (before.due.isoformat(), due.isoformat()) == ("2026-04-15", "2026-04-17")
    assert before.number == 1


def test_file_after_the_window_is_refused_with_its_last_day(place, round) -> None:
    appeal = told.drafted(place, round, place.towns[0])

    with pytest.raises(Refused, match="已于 2026-04-15 届满"):
        appeals.file(appeal=appeal, by=place.heads[place.towns[0].pk], at=told.LATE)

    with pytest.raises(Refused, match="已于 2026-04-15 届满"):
        told.drafted(place, round, place.towns[1], at=told.LATE)


def test_file_by_the_liaison_is_refused_and_by_the_head_gives_numbers(place, round) -> None:
    first, second = place.towns[:2]
    appeal = told.drafted(place, round, first)

    with pytest.raises(Denied, match="负责人签字"):
        appeals.file(appeal=appeal, by=place.liaisons[first.pk], at=told.FILING)
    appeals.file(appeal=appeal, by=place.heads[first.pk], at=told.FILING)
    other = told.filed(place, round, second)

    assert (appeal.number, other.number) == (1, 2)
    assert Message.objects.filter(recipient=place.officer, title__contains="提出申诉").count() == 2


def test_write_twice_about_one_point_is_refused(place, round) -> None:
    told.filed(place, round, place.towns[0])

    with pytest.raises(Refused, match="一分只能申诉一次"):
        told.drafted(place, round, place.towns[0])


def test_write_about_another_units_result_is_refused(place, round) -> None:
    result = told.result_of(place, round, place.towns[1])

    with pytest.raises(Denied):
        appeals.write(
            result=result,
            point=told.point_of(place, round, place.towns[1]),
            grounds="x",
            by=place.heads[place.towns[0].pk],
            at=told.FILING,
        )


def test_appeal_is_seen_by_its_unit_the_commission_and_the_asked_department_only(place, round) -> None:
    town, other = place.towns[:2]
    draft = told.drafted(place, round, town, "fact")
    appeal = told.filed(place, round, town)
    asked = place.scorers["xuanchuan"]
    before = queries.visible_to(asked).count()
    appeal_rulings.accept(appeal=appeal, by=place.officer, at=told.ACCEPTING)

    assert set(queries.visible_to(place.heads[town.pk])) == {draft, appeal}
    assert set(queries.visible_to(place.officer)) == {appeal}
    assert not queries.visible_to(place.heads[other.pk]).exists()
    assert not queries.visible_to(place.scorers["zuzhi"]).exists()
    assert not queries.visible_to(people.user_with(Role.CASE_OFFICE)).exists()
    assert (before, queries.visible_to(asked).count()) == (0, 1)


def test_decide_before_the_department_was_heard_is_refused_until_its_limit(place, round) -> None:
    appeal = told.accepted(place, round, place.towns[0])

    with pytest.raises(Refused, match="书面说明（期限 2026-04-15）"):
        appeal_rulings.decide(
            appeal=appeal, outcome="rejected", reasons="不足", by=place.officer, at=told.DECIDING
        )
    decided = appeal_rulings.decide(
        appeal=appeal, outcome="rejected", reasons="不足", by=place.officer, at=told.LATE
    )

    assert decided.state == "rejected"


def test_grant_without_correction_and_reject_with_one_are_refused(place, round) -> None:
    appeal = told.heard(place, round, place.towns[0])
    given = {"appeal": appeal, "reasons": told.REASONS, "by": place.officer, "at": told.DECIDING}

    with pytest.raises(Refused, match="须写明更正内容"):
        appeal_rulings.decide(outcome="granted", **given)
    with pytest.raises(Refused, match="没有作出更正"):
        appeal_rulings.decide(outcome="granted", correct=lambda case: None, **given)
    with pytest.raises(Refused, match="不作更正"):
        appeal_rulings.decide(outcome="rejected", correct=lambda case: None, **given)

    appeal.refresh_from_db()
    assert appeal.state == "reviewing"


def test_granted_review_is_corrected_with_history_and_computed_into_a_new_revision(place, round) -> None:
    town = place.towns[0]
    first = told.result_of(place, round, town)
    appeal = told.granted(place, round, town)

    job = Job.objects.get(slug="evaluation.recompute")
    revision = results.recompute(round=round, by=place.officer, at=told.DECIDING)
    again = results.recompute(round=round, by=place.officer, at=told.DECIDING)

    round.refresh_from_db()
    appeal.refresh_from_db()
    assert job.args == {"round_id": round.pk}
    assert revision is not None
    assert (revision.number, revision.reason, again) == (2, "申诉更正：第1号（第1镇）", None)
    assert round.state == "appealing"
    assert appeal.corrected_in == revision
    change = ReviewChange.objects.order_by("-pk")[0]
    assert (change.before, change.after, change.changed_by) == (29000, 30000, place.officer)
    assert change.score.reviewed_by == place.scorers["xuanchuan"]
    assert AppealCorrection.objects.get().summary == "部门评分由29分改为30分"
    second = told.result_of(place, round, town)
    assert second.revision == revision
    assert (portraits.score_of(second) or 0) > (portraits.score_of(first) or 0)


def test_granted_fact_is_withdrawn_by_an_entry_of_its_own(place, round) -> None:
    town = place.towns[0]
    appeal = told.heard(place, round, town, "fact")

    appeal_rulings.decide(
        appeal=appeal,
        outcome="granted",
        reasons=told.REASONS,
        correct=lambda case: ledger_appeals.withdraw_on_appeal(
            appeal=case, reason="处分决定已撤销", by=place.officer, at=told.DECIDING
        ),
        by=place.officer,
        at=told.DECIDING,
    )
    results.recompute(round=round, by=place.officer, at=told.DECIDING)

    entry = Fact.objects.order_by("-pk")[0]
    assert entry.is_withdrawal
    assert entry.corrects_id == appeal.subject_id
    assert entry.correction_reason == "第1号申诉更正：处分决定已撤销"
    nodes = portraits.explanation_of(told.result_of(place, round, town)).indicators()
    assert next(node for node in nodes if node.code == "A2").value == 1


def test_partly_granted_fact_is_entered_anew_with_other_circumstances(place, round) -> None:
    appeal = told.heard(place, round, place.towns[0], "fact")

    def correct(case: Any) -> Any:
        return ledger_appeals.correct_on_appeal(
            appeal=case,
            quantity=D(1),
            is_leader=False,
            is_self_reported=True,
            is_concealed=False,
            reason="单位主动报告",
            by=place.officer,
            at=told.DECIDING,
        )

    appeal_rulings.decide(
        appeal=appeal,
        outcome="partly",
        reasons=told.REASONS,
        correct=correct,
        by=place.officer,
        at=told.DECIDING,
    )

    entry = Fact.objects.order_by("-pk")[0]
    assert (entry.is_self_reported, entry.corrects_id) == (True, appeal.subject_id)
    assert Fact.objects.standing().count() == 1


def test_points_within_a_range_are_chosen_anew_on_appeal(place) -> None:
    round = stories.in_review(place)
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident", title="一般事件")
    supplier = place.suppliers["anguan"]
    ledger.choose_points(
        round=round, fact=fact, points=D(3), reason="影响大", by=supplier, at=stories.REVIEWING
    )
    stories.finish(place, round)
    results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    results.compute(snapshot=stories.snapshot_of(round), by=place.officer, at=stories.TRIAL)
    round.refresh_from_db()
    checking.open_appeals(round=round, by=place.officer, at=stories.CHECKING)
    appeal = told.heard(place, round, place.towns[0], f"fact:{fact.pk}")

    def correct(points: str) -> Any:
        return lambda case: ledger_appeals.choose_on_appeal(
            appeal=case, points=D(points), reason="影响有限", by=place.officer, at=told.DECIDING
        )

    given = {"appeal": appeal, "reasons": told.REASONS, "by": place.officer, "at": told.DECIDING}
    with pytest.raises(Refused, match="应在 1 至 3 分之间"):
        appeal_rulings.decide(outcome="partly", correct=correct("0.5"), **given)
    appeal_rulings.decide(outcome="partly", correct=correct("1.5"), **given)
    revision = results.recompute(round=round, by=place.officer, at=told.DECIDING)

    assert revision is not None
    assert AppealCorrection.objects.get().after == {"thousandths": 1500}
    change = next(c for c in revisions.of_revision(revision) if c.unit == "Z001")
    causes = [cause.sentence for entry in change.indicators for cause in entry.causes]
    assert causes[0] == "第1号申诉更正：选定分值改为每件扣1.5分"


def test_revision_names_the_appeal_where_it_corrected_and_where_others_moved(place) -> None:
    """Two towns level: one is corrected upwards, the other falls a place without a change of its own."""
    round = stories.appealing(place)
    told.granted(place, round, place.towns[1])
    revision = results.recompute(round=round, by=place.officer, at=told.DECIDING)
    assert revision is not None

    found = {change.unit: change for change in revisions.of_revision(revision)}

    own = [cause.sentence for entry in found["Z002"].indicators for cause in entry.causes]
    assert own[0] == "第1号申诉更正：部门评分由29分改为30分"
    assert any("29分" in sentence and "30分" in sentence for sentence in own[1:])
    assert found["Z003"].causes[0].sentence == "因其他单位第1号申诉更正而变化"
    assert (found["Z003"].rank_before, found["Z003"].rank_after) == (1, 2)


def test_granted_value_keeps_what_it_was_before(place, round) -> None:
    appeal = told.heard(place, round, place.towns[0], "value")

    appeal_rulings.decide(
        appeal=appeal,
        outcome="granted",
        reasons=told.REASONS,
        correct=lambda case: data.correct_on_appeal(
            appeal=case, values={"on_time": D("99")}, by=place.officer, at=told.DECIDING
        ),
        by=place.officer,
        at=told.DECIDING,
    )

    row = AppealCorrection.objects.get()
    assert (row.before, row.after) == ({"value": "95.5000"}, {"value": "99"})
    assert row.summary == "热线按期办结率由95.5改为99"


def test_tally_is_recounted_by_a_leader_where_the_office_imported_it(place, round) -> None:
    appeal = told.heard(place, round, place.towns[0], "tally")
    counts = {"satisfied": 21, "basic": 4, "dissatisfied": 2, "unknown": 3}

    def decide(by: Any) -> Any:
        return appeal_rulings.decide(
            appeal=appeal,
            outcome="granted",
            reasons=told.REASONS,
            correct=lambda case: tallies.recount_on_appeal(
                appeal=case, counts=counts, by=by, at=told.DECIDING
            ),
            by=by,
            at=told.DECIDING,
        )

    with pytest.raises(Denied, match="本人参与评定"):
        decide(place.officer)
    decide(place.deputy)

    assert AppealCorrection.objects.get().after == counts


def adjusted(place: stories.City) -> Any:
    round = stories.complete(place)
    row = stories.proposed(place, round, place.towns[0])
    tallies.approve_adjustment(adjustment=row, by=place.deputy, at=stories.REVIEWING)
    results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    results.compute(snapshot=stories.snapshot_of(round), by=place.officer, at=stories.TRIAL)
    round.refresh_from_db()
    return checking.open_appeals(round=round, by=place.officer, at=stories.CHECKING)


def test_adjustment_is_withdrawn_by_who_neither_proposed_nor_approved_it(place) -> None:
    round = adjusted(place)
    colleague = people.user_with(Role.CONDUCT_OFFICE, name="党风室另一人")
    appeal = told.heard(place, round, place.towns[0], "adjustment")

    def decide(by: Any) -> Any:
        return appeal_rulings.decide(
            appeal=appeal,
            outcome="granted",
            reasons=told.REASONS,
            correct=lambda case: tallies.withdraw_on_appeal(
                appeal=case, reason="依据不足", by=by, at=told.DECIDING
            ),
            by=by,
            at=told.DECIDING,
        )

    with pytest.raises(Denied, match="本人参与评定"):
        decide(place.officer)
    with pytest.raises(Denied, match="部门人员不得决定"):
        decide(colleague)
    with pytest.raises(Denied, match="本人参与评定"):
        decide(place.deputy)
    decide(place.secretary)

    assert AppealCorrection.objects.get().summary == "撤销专项扣分 2 分"


def test_withdraw_adjustment_past_an_appeal_is_refused(place) -> None:
    round = adjusted(place)
    row = place.towns[0].round_units.get(round=round).adjustments.get()

    assert rules.correct_adjustment.why_not(place.secretary, row) == "没有对这一事项的申诉在复核。"
    with pytest.raises(WrongState):
        tallies.withdraw_adjustment(adjustment=row, reason="x", by=place.deputy, at=told.DECIDING)


def test_scorers_colleague_in_the_conduct_office_is_refused_and_a_leader_decides(place) -> None:
    """An officer who is also of the scoring department's unit stands aside for the deputy leader."""
    round = stories.appealing(place)
    people.give(place.officer, Role.UNIT_LIAISON, place.bureaus["xuanchuan"])
    appeal = told.accepted(place, round, place.towns[0])

    role, free = appeal_parties.deciders(appeal)

    assert rules.decide_appeal.why_not(place.officer, appeal) == "评定这一分的部门人员不得决定这件申诉。"
    assert (role, free) == ("deputy_leader", [place.deputy])


def test_leader_is_refused_while_an_officer_is_free(place, round) -> None:
    appeal = told.accepted(place, round, place.towns[0])

    assert rules.decide_appeal.why_not(place.deputy, appeal) == "这件申诉由党风室决定。"
    assert rules.decide_appeal.allows(place.officer, appeal)


def test_officer_of_the_appealing_unit_is_refused(place, round) -> None:
    people.give(place.officer, Role.UNIT_LIAISON, place.towns[0])
    appeal = told.accepted(place, round, place.towns[0])

    assert rules.decide_appeal.why_not(place.officer, appeal) == "不得决定本人所在单位的申诉。"


def test_settle_names_what_is_in_the_way_and_then_passes(place, round) -> None:
    appeal = told.filed(place, round, place.towns[0])
    today = stories.SETTLING.date()
    undecided = checking_obstacles.of(round, today)
    appeals.withdraw(appeal=appeal, by=place.heads[place.towns[0].pk], at=told.FILING)
    told.granted(place, round, place.towns[1])
    waiting = checking_obstacles.of(round, today)
    results.recompute(round=round, by=place.officer, at=told.DECIDING)

    with pytest.raises(Refused, match="还有 3 个单位没有核对：第1镇、第3镇、宣传部"):
        checking.settle(round=round, by=place.officer, at=told.DECIDING)
    checking.settle(round=round, by=place.officer, at=stories.SETTLING)

    assert undecided == ["还有 1 件申诉没有决定：第1号（第1镇）"]
    assert waiting == ["第2号申诉的更正还没有重算"]
    assert round.state == "settled"


def test_settle_early_once_every_unit_has_confirmed(place, round) -> None:
    for unit in place.units:
        row = round.units.get(unit=unit)
        appeals.confirm(round_unit=row, by=place.heads[unit.pk], at=told.FILING)

    checking.settle(round=round, by=place.officer, at=told.DECIDING)

    assert round.state == "settled"


def test_confirm_by_the_liaison_or_with_an_open_appeal_is_refused(place, round) -> None:
    town = place.towns[0]
    row = round.units.get(unit=town)
    told.filed(place, round, town)

    with pytest.raises(Denied):
        appeals.confirm(round_unit=row, by=place.liaisons[town.pk], at=told.FILING)
    with pytest.raises(Refused, match="还有申诉没有决定"):
        appeals.confirm(round_unit=row, by=place.heads[town.pk], at=told.FILING)


def test_schedule_settles_after_the_window_and_expires_drafts(place, round) -> None:
    draft = told.drafted(place, round, place.towns[0])
    early = scheduling.keep(at=told.DECIDING)

    late = scheduling.keep(at=stories.SETTLING)

    draft.refresh_from_db()
    assert early == []
    assert late == ["2026年第一季度评价核对申诉已结束，等常委会审定"]
    assert draft.state == "expired"


def test_schedule_says_why_it_does_not_settle(place, round) -> None:
    told.filed(place, round, place.towns[0])

    said = scheduling.keep(at=stories.SETTLING)

    assert said == ["2026年第一季度评价核对申诉期满，还不能结束：还有 1 件申诉没有决定：第1号（第1镇）"]


def test_reopened_round_is_checked_in_a_window_of_its_own(place, round) -> None:
    results.reopen(round=round, reason="更正", by=place.officer, at=told.DECIDING)
    results.freeze(round=round, by=place.officer, at=told.DECIDING)
    results.compute(snapshot=stories.snapshot_of(round), by=place.officer, at=told.DECIDING)
    round.refresh_from_db()

    checking.open_appeals(round=round, by=place.officer, at=stories.SETTLING)

    window = windows.window_of(round)
    assert window is not None
    assert (window.number, window.due.isoformat()) == (2, "2026-04-21")
