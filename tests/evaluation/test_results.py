"""From stored rows to stored results: what is frozen, what is computed, who sees it when."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import gathering, results, reviews, submissions
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.reviews import ReviewScore
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import comparisons, frozen, portraits
from qingfeng.evaluation.queries import results as queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.scoring import building, explanation, freezing, recomputing, rows
from qingfeng.evaluation.scoring.packing import unpack
from tests import stories as people
from tests.evaluation import stories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def by_unit(revision: Revision) -> dict[str, UnitResult]:
    return {row.round_unit.code: row for row in comparisons.rows_of(revision)}


def explained(result: UnitResult) -> explanation.Explanation:
    """Return the explanation as results.json would carry it: written out and read back."""
    return explanation.from_plain(portraits.explanation_of(result).to_plain())


def floats(points: dict[str, Decimal | None]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in points.values()]


def test_compute_of_a_complete_round_lets_every_point_be_recomputed_from_its_explanation(place) -> None:
    round = stories.complete(place)
    stories.added(place, round, place.towns[1], fact_kind="heavy", is_leader=True)
    results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    revision = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    stored = by_unit(revision)
    again = {code: recomputing.recompute_from_explanation(explained(row)) for code, row in stored.items()}

    assert len(stored) == 4
    for code, row in stored.items():
        packed = unpack(bytes(row.packed))
        points = again[code]
        assert points.total == portraits.score_of(row)
        assert floats(points.indicators) == pytest.approx(packed.indicator_points, nan_ok=True)
        assert floats(points.dimensions) == pytest.approx(packed.dimension_points, nan_ok=True)
        assert floats(points.channels) == pytest.approx(packed.channel_value, nan_ok=True)


def test_gather_reads_the_same_columns_as_the_core_builds_from_rows(place) -> None:
    round = stories.complete(place)
    scores = ReviewScore.objects.select_related("sheet__department", "round_unit", "reviewed_by")
    quarter, scheme = round_queries.quarter_of(round), round_queries.scheme_of(round)
    units = list(round_queries.taking_part(round))

    found = gathering.gather(round)

    expected = building.build(
        scheme,
        quarter,
        building.Rows(
            units=[rows.UnitRow(u.code, u.short_name, u.get_unit_class_display()) for u in units],
            reviews=[
                rows.ReviewRow(
                    s.round_unit.code,
                    s.sheet.channel,
                    s.sheet.department.code,
                    s.reviewed_by.name,
                    D(s.thousandths or 0) / 1000,
                    s.reason,
                    ref=s.pk,
                )
                for s in scores
            ],
            tallies=[
                rows.TallyRow(u.code, "style", group, answer, count)
                for u in units
                for group in ("staff", "public")
                for answer, count in (("satisfied", 20), ("basic", 5), ("dissatisfied", 2), ("unknown", 3))
            ],
            values=[rows.ValueRow(u.code, "on_time", D("95.5")) for u in units],
            facts=[
                rows.FactRow(
                    str(stories.fact_of(round).pk),
                    "light",
                    "Z001",
                    dt.date(2025, 11, 3),
                    dt.date(2026, 2, 10),
                    title="公款吃喝受警告处分",
                )
            ],
            reports=[rows.ReportRow(c.code, rows.Status.DELIVERED) for _, _, c in scheme.channels()],
            department_units=[rows.DepartmentUnitRow("xuanchuan", "D01")],
        ),
    )
    assert freezing.digest(found) == freezing.digest(expected)


def test_freeze_with_missing_parts_names_them_and_needs_a_word(place) -> None:
    round = stories.in_review(place)

    with pytest.raises(Refused) as refusal:
        results.freeze(round=round, by=place.officer, at=stories.CUTOFF)

    round.refresh_from_db()
    assert round.state == "reviewing"
    assert "张评分表未提交" in str(refusal.value)
    assert "未报送数据" in str(refusal.value)
    assert "民主测评票数尚未导入" in str(refusal.value)


def test_compute_without_a_source_shares_its_weight_out_and_says_so(place) -> None:
    round = stories.in_review(place)
    for sheet in round.sheets.all():
        stories.submitted(place, sheet)
    results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
    revision = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    result = by_unit(revision)["Z001"]
    nodes = {node.code: node for node in portraits.explanation_of(result).indicators()}

    assert stories.task_of(round, "anguan").state == "missing"
    assert nodes["A2"].value is None
    assert nodes["A2"].reason == "not_applicable"
    assert nodes["A1"].effective_weight == pytest.approx(60)
    assert nodes["B1"].effective_weight == pytest.approx(40)
    assert "未报送" in nodes["A2"].children[0].sentence


def test_compute_where_a_unit_did_not_submit_scores_its_reviews_as_the_scheme_says(place) -> None:
    round = stories.opened(place)
    for unit in place.units[1:]:
        stories.signed(place, round, unit)
    round.refresh_from_db()
    stories.rounds.start_review(round=round, by=place.officer, at=stories.REVIEWING)
    stories.finish(place, round)
    results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
    revision = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    nodes = {n.code: n for n in portraits.explanation_of(by_unit(revision)["Z001"]).indicators()}

    review = next(child for child in nodes["A1"].children if child.code == "A1.review")
    assert review.value == 0
    assert review.reason == "missing_zero"
    assert "未按要求报送" in review.sentence


def test_compute_twice_for_one_snapshot_does_its_work_once(place) -> None:
    round = stories.computed(place)

    again = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    assert again == stories.revision_of(round)
    assert round.revisions.count() == 1
    assert UnitResult.objects.filter(revision=again).count() == 4


def test_compute_of_a_thawed_round_is_refused(place) -> None:
    round = stories.frozen(place)
    results.unfreeze(round=round, reason="财政数据有误", by=place.officer, at=stories.CUTOFF)

    with pytest.raises(WrongState):
        results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    assert round.revisions.count() == 0


def test_reopen_after_announcement_keeps_what_was_announced_until_the_next(place) -> None:
    round = stories.announced(place)
    liaison = place.liaisons[place.towns[0].pk]
    first = stories.revision_of(round)
    assert queries.shown_revision(liaison, round) == first
    results.reopen(round=round, reason="申诉成立", by=place.officer, at=stories.ANNOUNCING)
    sheet = stories.sheet_of(round, "A1.review", "zuzhi")
    reviews.return_sheet(sheet=sheet, reason="重新核对", by=place.officer, at=stories.ANNOUNCING)
    stories.scored(place, sheet, D(30))
    reviews.submit_sheet(sheet=sheet, by=place.scorers["zuzhi"], at=stories.ANNOUNCING)
    results.freeze(round=round, by=place.officer, at=stories.ANNOUNCING)

    second = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.ANNOUNCING)

    assert (second.number, second.reason) == (2, "申诉成立")
    assert queries.shown_revision(liaison, round) == first
    assert queries.shown_revision(place.officer, round) == second
    scores = [portraits.score_of(by_unit(revision)["Z001"]) for revision in (first, second)]
    assert D(0) < (scores[0] or 0) < (scores[1] or 0)


def test_approve_by_the_officer_is_refused(place) -> None:
    round = stories.settled(place)

    with pytest.raises(Denied, match="常委会"):
        results.approve(
            round=round,
            meeting="第7次会议",
            outside="系统停机",
            decided_on=dt.date(2026, 4, 17),
            by=place.officer,
            at=stories.MEETING,
        )


@pytest.mark.parametrize(
    ("meeting", "decided_on"),
    [("", dt.date(2026, 4, 17)), ("第7次会议", dt.date(2026, 4, 15)), ("第7次会议", dt.date(2026, 4, 18))],
)
def test_approve_with_a_bad_record_is_refused(place, meeting: str, decided_on: dt.date) -> None:
    round = stories.settled(place)

    with pytest.raises(Refused):
        results.approve(
            round=round,
            meeting=meeting,
            decided_on=decided_on,
            outside="系统停机",
            by=place.secretary,
            at=stories.MEETING,
        )

    round.refresh_from_db()
    assert round.state == "settled"


def test_visible_to_a_unit_begins_with_the_checking_and_is_its_own(place) -> None:
    round = stories.computed(place)
    liaison = place.liaisons[place.towns[0].pk]
    group = people.user_with(Role.STATIONED_GROUP, place.towns[0])
    before = queries.visible_to(liaison).count()
    stories.checked(place, round, sent=stories.CHECKING, closed=stories.SETTLING)
    trial = list(queries.visible_to(liaison))
    of_group = queries.visible_to(group).count()
    results.approve(
        round=round,
        meeting="第7次",
        decided_on=dt.date(2026, 4, 17),
        outside="系统停机",
        by=place.clerk,
        at=stories.MEETING,
    )
    results.announce(round=round, by=place.officer, at=stories.ANNOUNCING)

    after = list(queries.visible_to(liaison))

    assert before == of_group == 0
    assert [row.round_unit.unit for row in trial] == [place.towns[0]]
    assert [row.round_unit.unit for row in after] == [place.towns[0]]
    assert queries.visible_to(place.officer).count() == 4
    assert queries.visible_to(people.user_with(Role.CASE_OFFICE)).count() == 4


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_visible_to_the_three_administrators_is_nothing(place, role: str) -> None:
    round = stories.announced(place)
    admin = people.user_with(role)

    assert not queries.visible_to(admin).exists()
    assert not queries.revisions_visible_to(admin).exists()
    assert not round_queries.visible_to(admin).exists()
    assert round.state == "announced"


def test_late_submission_still_counts_until_the_freeze(place) -> None:
    round = stories.opened(place)
    for unit in place.units[1:]:
        stories.signed(place, round, unit)
    stories.rounds.start_review(round=round, by=place.officer, at=stories.REVIEWING)

    row = stories.handed_in(place, round, place.towns[0])
    submissions.sign(submission=row, by=place.heads[place.towns[0].pk], at=stories.REVIEWING)

    assert not gathering.gather(Round.objects.get(pk=round.pk)).missing.any()


def test_snapshot_with_changed_bytes_is_not_read(place) -> None:
    snapshot = stories.snapshot_of(stories.frozen(place))
    inputs = freezing.from_bytes(bytes(snapshot.content))
    values = inputs.values.copy()
    values[0, 0] = 1.0
    snapshot.content = freezing.to_bytes(dataclasses.replace(inputs, values=values))

    frozen.forget()

    with pytest.raises(ValueError, match="digest"):
        frozen.inputs_of(snapshot)

    assert not np.isnan(values).any()
