"""What result pages read: a number of statements that does not grow, and the right figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingfeng.core.actors import SYSTEM
from qingfeng.evaluation.actions import results, reviews, rounds, schemes
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import comparisons, portraits, progress, revisions
from qingfeng.evaluation.queries import results as queries
from tests.evaluation import stories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def next_quarter(place: stories.City, first: Round) -> Round:
    """Announce one more round, in which the first town does better."""
    draft = schemes.create_draft_from(version=first.scheme_version, by=place.officer, at=stories.moment(5, 1))
    version = schemes.publish(version=draft, by=place.officer, at=stories.moment(5, 2))
    round = rounds.plan(
        year=2026, quarter=2, scheme_version=version, by=place.officer, at=stories.moment(6, 1)
    )
    rounds.open_round(round=round, by=place.officer, at=stories.moment(6, 20))
    for unit in place.units:
        stories.signed(place, round, unit)
    rounds.start_review(round=round, by=place.officer, at=stories.moment(7, 1))
    for sheet in round.sheets.all():
        stories.submitted(place, sheet)
    stories.hotline(place, round, "100")
    by = place.suppliers["anguan"]
    stories.data.report_none(task=stories.task_of(round, "anguan"), by=by, at=stories.moment(7, 2))
    stories.counted(place, round)
    results.freeze(round=round, by=place.officer, at=stories.moment(7, 8))
    results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.moment(7, 10))
    round.refresh_from_db()
    stories.checked(place, round, sent=stories.moment(7, 10), closed=stories.moment(7, 16))
    results.approve(
        round=round,
        outside="会议在平台启用前召开",
        meeting="2026年第11次常委会会议",
        decided_on=dt.date(2026, 7, 16),
        by=place.clerk,
        at=stories.moment(7, 17),
    )
    results.announce(round=round, by=place.officer, at=stories.moment(7, 17))
    return round


def result_of(round: Round, code: str) -> UnitResult:
    rows = UnitResult.objects.select_related("round_unit__unit", "revision__round", "revision__snapshot")
    return rows.get(revision=stories.revision_of(round), round_unit__code=code)


def test_portrait_compares_with_class_and_last_quarter(place) -> None:
    first = stories.announced(place)
    second = next_quarter(place, first)

    found = portraits.portrait(result_of(second, "Z001"), place.officer)

    assert [point.round for point in found.trend] == [first, second]
    assert found.score_change is not None
    assert found.score_change > 0
    assert [spoke.code for spoke in found.spokes] == ["A", "B"]
    spoke = found.spokes[1]
    assert spoke.percent is not None
    assert spoke.before_percent is not None
    assert spoke.percent > spoke.before_percent
    assert spoke.class_percent == pytest.approx(spoke.percent)
    assert [weak.node.code for weak in found.weakest] == ["A1", "B1"]
    assert found.grade_name in {"优秀", "较好"}


@pytest.mark.parametrize("towns", [1, 6])
def test_result_pages_take_a_constant_number_of_statements(towns: int) -> None:
    place = stories.city(towns)
    round = stories.announced(place)
    revision = stories.revision_of(round)
    result = result_of(round, "Z001")
    found = {}
    for name, read in {
        "portrait": lambda: portraits.portrait(result, place.officer),
        "heat map": lambda: comparisons.heat_map(revision, comparisons.rows_of(revision)).rows,
        "ranking": lambda: comparisons.ranking(revision, comparisons.rows_of(revision)),
        "scorers": lambda: comparisons.scorer_rows(revision),
        "units": lambda: progress.progress_by_unit(round, dt.date(2026, 4, 20)),
        "departments": lambda: progress.progress_by_department(round, dt.date(2026, 4, 20)),
        "late": lambda: progress.late_parts(round),
    }.items():
        with CaptureQueriesContext(connection) as seen:
            read()
        found[name] = len(seen)

    assert found == {
        "portrait": 1,
        "heat map": 2,
        "ranking": 2,
        "scorers": 0,
        "units": 7,
        "departments": 7,
        "late": 4,
    }


def test_heat_map_shows_percents_of_full_marks(place) -> None:
    round = stories.announced(place)
    revision = stories.revision_of(round)

    found = comparisons.heat_map(revision, comparisons.rows_of(revision, "town"))

    assert [entry.code for entry in found.indicators] == ["A1", "A2", "B1", "B2"]
    assert {row.result.round_unit.unit_class for row in found.rows} == {"town"}
    by_code = {row.result.round_unit.code: row.percents for row in found.rows}
    assert by_code["Z001"][1] == pytest.approx(96.67)
    assert by_code["Z002"][1] == 100
    assert by_code["Z002"][3] == 95.5


def test_ranking_puts_last_quarter_beside(place) -> None:
    first = stories.announced(place)
    second = next_quarter(place, first)
    revision = stories.revision_of(second)

    found = {
        row.result.round_unit.code: row
        for row in comparisons.ranking(revision, comparisons.rows_of(revision))
    }

    assert found["Z001"].before == result_of(first, "Z001")
    assert found["Z001"].rank_change == 2
    assert found["Z002"].rank_change == 0
    assert (found["Z001"].score_change or 0) > (found["Z002"].score_change or 0) > 0


def test_scorer_rows_show_mean_and_spread(place) -> None:
    found = comparisons.scorer_rows(stories.revision_of(stories.computed(place)))

    rows = {(row.indicator.code, row.department): (row.count, round(row.mean, 2)) for row in found}
    assert rows[("A1", "宣传部")] == (3, 96.67)
    assert rows[("A1", "党风室")] == (1, 96.67)


def test_revision_says_what_changed_and_why(place) -> None:
    round = stories.computed(place)
    results.reopen(round=round, reason="宣传部更正评分", by=place.officer, at=stories.MEETING)
    sheet = stories.sheet_of(round, "A1.review", "xuanchuan")
    reviews.return_sheet(sheet=sheet, reason="重新核对", by=place.officer, at=stories.MEETING)
    stories.scored(place, sheet, D(24))
    reviews.submit_sheet(sheet=sheet, by=place.scorers["xuanchuan"], at=stories.MEETING)
    results.freeze(round=round, by=place.officer, at=stories.MEETING)
    results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.MEETING)
    revision = stories.revision_of(round)

    found = {change.unit: change for change in revisions.of_revision(revision)}

    assert sorted(found) == ["Z001", "Z002", "Z003"]
    causes = [cause for entry in found["Z001"].indicators for cause in entry.causes]
    assert {cause.channel for cause in causes} == {"A1.review"}
    assert "宣传部" in causes[0].sentence
    assert revision.reason == "宣传部更正评分"
    assert revision.summary["changed_units"] == 3
    assert revisions.of_revision(queries.require_revision(round)) == tuple(found.values())
