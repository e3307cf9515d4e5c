"""Reviews, ballots, gaps and the weights that move."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from qingfeng.evaluation.scoring import engine, settings, terms
from qingfeng.evaluation.scoring.periods import Period, Quarter
from qingfeng.evaluation.scoring.rows import (
    DepartmentUnitRow,
    FindingRow,
    MissingRow,
    ReportRow,
    ReviewRow,
    Status,
)
from qingfeng.evaluation.scoring.scheme import BallotAlert, ReviewChannel, Reviewer, SourceShare
from tests.evaluation.scoring import rounds


def two_departments():
    channel = ReviewChannel(
        "A1.r", (Reviewer("aa", D(3), "zz"), Reviewer("bb", D(1), "zz")), (terms.Item("i", "缺项", D(5)),)
    )
    return rounds.scheme((rounds.indicator("A1", 100, channel),))


def test_score_reviews_gives_the_weighted_mean_of_departments_means():
    reviews = [
        rounds.reviewed("u1", "A1.r", "aa", 80, "甲"),
        rounds.reviewed("u1", "A1.r", "aa", 90, "乙"),
        rounds.reviewed("u1", "A1.r", "bb", 60),
    ]

    scored = rounds.score(two_departments(), reviews=reviews)

    assert scored.total("u1") == "78.75"  # (85 × 3 + 60) / 4


def test_score_reviews_of_one_department_missing_takes_the_other():
    scored = rounds.score(two_departments(), reviews=[rounds.reviewed("u1", "A1.r", "bb", 60)])

    assert scored.total("u1") == "60.00"


def test_score_own_unit_takes_the_substitute():
    reviews = [rounds.reviewed("u1", "A1.r", "zz", 40), rounds.reviewed("u1", "A1.r", "bb", 80)]

    scored = rounds.score(
        two_departments(), reviews=reviews, department_units=[DepartmentUnitRow("aa", "u1")]
    )

    assert scored.total("u1") == "50.00"  # (40 × 3 + 80) / 4
    scorer = scored.explain("u1").dimensions[0].children[0].children[0].children[0]
    assert (scorer.reason, scorer.code) == ("substitute", "zz")


def test_score_never_counts_a_review_of_the_own_unit_even_if_it_got_in():
    reviews = [rounds.reviewed("u1", "A1.r", "aa", 100), rounds.reviewed("u1", "A1.r", "bb", 60)]
    scored = rounds.score(two_departments(), reviews=reviews)
    owners = scored.inputs.department_unit.copy()
    owners[scored.inputs.index.departments["aa"]] = 0

    results = engine.compute(replace(scored.inputs, department_unit=owners))

    assert results.cents.tolist() == [6000]


def test_score_findings_from_full_marks_and_shows_mean_and_spread():
    reviews = [
        ReviewRow("u1", "A1.r", "aa", "甲", None, findings=(FindingRow("i", D(2)),)),
        ReviewRow("u1", "A1.r", "aa", "乙", None),
    ]

    scored = rounds.score(two_departments(), reviews=reviews)

    assert scored.total("u1") == "95.00"  # 90 and 100
    [stat] = scored.results.scorers
    assert (stat.department, stat.count, stat.mean, stat.spread) == ("aa", 2, 95.0, 5.0)


def test_score_findings_with_parts_and_a_yearly_item_that_is_not_due():
    items = (
        terms.Item("cover", "覆盖率", D(2), effect=terms.Effect.AWARD, per=terms.Per.RATIO, is_part=True),
        terms.Item("gap", "缺失", D("0.05")),
        terms.Item("year", "更新", D(1), effect=terms.Effect.AWARD, is_part=True, period=Period.YEAR),
    )
    given = rounds.scheme(
        (
            rounds.indicator("D3", 3, rounds.review("D3.r", "aa", items=items)),
            rounds.indicator("D4", 97, rounds.ballot("D4.b", ("staff", 1))),
        )
    )
    found = (FindingRow("cover", D(90)), FindingRow("gap", D(3)), FindingRow("year", D(1)))
    reviews = [ReviewRow("u1", "D3.r", "aa", "甲", None, findings=found)]

    def result(number: int) -> float:
        return rounds.score(given, Quarter(2026, number), reviews=reviews).value("u1", "D3.r")

    assert result(4) == pytest.approx((0.9 * 2 + 1) / 3 - 0.15 / 3)
    assert result(3) == pytest.approx(0.9 - 0.15 / 3)  # the yearly point is not available: 1.8 of 2


def test_score_ballots_by_group_without_counting_the_undecided():
    given = rounds.scheme(
        (rounds.indicator("A1", 100, rounds.ballot("A1.b", ("staff", 30), ("public", 70))),)
    )
    tallies = rounds.votes("u1", "staff", good=6, fair=2, bad=2, unknown=50)
    tallies += rounds.votes("u1", "public", good=5)

    scored = rounds.score(given, tallies=tallies)

    assert scored.total("u1") == "94.00"  # 0.3 × (600 + 140 + 60) / 10 + 0.7 × 100


def test_score_ballots_below_the_minimum_hides_the_group_and_uses_the_other():
    given = rounds.scheme(
        (rounds.indicator("A1", 100, rounds.ballot("A1.b", ("staff", 30), ("public", 70))),)
    )
    tallies = rounds.votes("u1", "staff", good=4, unknown=9) + rounds.votes("u1", "public", fair=5)

    scored = rounds.score(given, tallies=tallies)

    assert scored.total("u1") == "70.00"
    group = scored.explain("u1").dimensions[0].children[0].children[0].children[0]
    assert group.reason == "too_few_ballots"
    assert "votes" not in group.data
    assert "4" not in group.sentence


def test_raise_alert_below_the_line_without_changing_the_score():
    alert = BallotAlert(("good", "fair"), D(70), "应进行提醒谈话")
    given = rounds.scheme((rounds.indicator("A1", 100, rounds.ballot("A1.b", ("staff", 1), alert=alert)),))

    low = rounds.score(given, tallies=rounds.votes("u1", "staff", good=69, bad=31, unknown=500))
    line = rounds.score(given, tallies=rounds.votes("u1", "staff", good=70, bad=30))

    assert low.explain("u1").alerts == ("应进行提醒谈话",)
    assert line.explain("u1").alerts == ()
    assert low.total("u1") == "78.30"


def three_levels():
    """Two dimensions; A1 has three channels (50, 30, 20 percent), A2 and B1 one each."""
    first = rounds.indicator(
        "A1",
        20,
        rounds.review("A1.r", "aa", share=D(50)),
        rounds.ballot("A1.b", ("staff", 1), share=D(30)),
        rounds.data("A1.d", rounds.ladder(20, rounds.rule("r", 10, "light")), share=D(20)),
    )
    second = rounds.indicator("A2", 30, rounds.review("A2.r", "aa"))
    return rounds.scheme((first, second), (rounds.indicator("B1", 50, rounds.review("B1.r", "aa")),))


REVIEWS = [
    rounds.reviewed("u1", "A1.r", "aa", 16),
    rounds.reviewed("u1", "A2.r", "aa", 27),
    rounds.reviewed("u1", "B1.r", "aa", 25),
]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), "66.40"),  # 20 × (0.5 × 0.8 + 0.3 × 0.4 + 0.2) + 30 × 0.9 + 50 × 0.5
        (("A1.b",), "69.14"),  # 20 × (0.5 × 0.8 + 0.2) / 0.7 + 27 + 25
        (("A1.r", "A1.b", "A1.d"), "70.00"),  # 50 × 0.9 + 50 × 0.5
        (("A1.r", "A1.b", "A1.d", "A2.r"), "50.00"),
        (("B1.r",), "82.80"),  # twice what A gives
    ],
)
def test_share_out_not_delivered_within_indicator_dimension_and_dimensions(missing, expected):
    given = three_levels()
    tallies = rounds.votes("u1", "staff", fair=2, bad=6)  # 320 / 8 = 40

    scored = rounds.score(given, reviews=REVIEWS, tallies=tallies, reports=rounds.delivered(given, *missing))

    assert scored.total("u1") == expected
    for channel in missing:
        node = next(c for i in scored.explain("u1").indicators() for c in i.children if c.code == channel)
        assert node.value is None
        assert "不适用，不作零分处理" in node.sentence


def test_share_out_when_nothing_applies_gives_no_score_and_no_grade():
    scored = rounds.score(three_levels(), reports=[])

    assert scored.results.cents[0] == -1
    assert scored.results.grade[0] == -1
    assert scored.explain("u1").total is None


@pytest.mark.parametrize(
    ("treatment", "expected", "reason"),
    [
        (settings.MissingSubmission.ZERO, "32.00", "missing_zero"),
        (settings.MissingSubmission.NOT_APPLICABLE, "80.00", "missing_not_applicable"),
        (settings.MissingSubmission.SHARE, "50.00", "missing_share"),
    ],
)
def test_treat_a_missing_submission_as_the_scheme_says(treatment, expected, reason):
    given = rounds.scheme(
        (
            rounds.indicator("A1", 60, rounds.review("A1.r", "aa")),
            rounds.indicator("A2", 40, rounds.review("A2.r", "aa")),
        )
    )
    given = rounds.with_settings(given, missing_submission=treatment, missing_share=D(30))
    reviews = [rounds.reviewed("u1", "A1.r", "aa", 60), rounds.reviewed("u1", "A2.r", "aa", 32)]

    scored = rounds.score(given, reviews=reviews, missing=[MissingRow("u1", "A1")])

    assert scored.total("u1") == expected
    node = scored.explain("u1").dimensions[0].children[0].children[0]
    assert node.reason == reason
    assert "未按要求报送" in node.sentence


@pytest.mark.parametrize(("number", "expected"), [(1, "90.00"), (2, "70.00"), (3, "90.00"), (4, "70.00")])
def test_judge_half_yearly_indicator_only_where_its_period_ends(number, expected):
    given = rounds.scheme(
        (
            rounds.indicator("A1", 50, rounds.review("A1.r", "aa"), period=Period.HALF),
            rounds.indicator("A2", 50, rounds.review("A2.r", "aa")),
        )
    )
    reviews = [rounds.reviewed("u1", "A1.r", "aa", 25), rounds.reviewed("u1", "A2.r", "aa", 45)]

    assert rounds.score(given, Quarter(2026, number), reviews=reviews).total("u1") == expected


@pytest.mark.parametrize(
    ("scheme_level", "dimension_level", "indicator_level", "expected"),
    [
        ((45, 55), (), (), "78.00"),  # 100 × 0.45 + 60 × 0.55
        ((45, 55), (20, 80), (), "68.00"),
        ((45, 55), (20, 80), (90, 10), "96.00"),
        ((), (), (), "80.00"),  # equal shares
    ],
)
def test_take_source_weights_from_the_nearest_level(scheme_level, dimension_level, indicator_level, expected):
    def shares(pair):
        return tuple(
            SourceShare(name, D(number)) for name, number in zip(("data", "review"), pair, strict=False)
        )

    channels = (
        rounds.data("A1.d", rounds.ladder(100, rounds.rule("r", 1, "light"))),
        rounds.review("A1.r", "aa"),
    )
    given = rounds.scheme((rounds.indicator("A1", 100, *channels, sources=shares(indicator_level)),))
    dimension = replace(given.dimensions[0], sources=shares(dimension_level))
    given = replace(given, dimensions=(dimension,), sources=shares(scheme_level))

    scored = rounds.score(given, reviews=[rounds.reviewed("u1", "A1.r", "aa", 60)])

    assert scored.total("u1") == expected


def test_report_of_one_unit_wins_over_the_report_of_all():
    given = rounds.scheme(
        (rounds.indicator("A1", 100, rounds.data("A1.d", rounds.ladder(100, rounds.rule("r", 1, "light")))),)
    )
    reports = [ReportRow("A1.d", Status.NOT_DELIVERED, "u2"), ReportRow("A1.d", Status.DELIVERED)]

    scored = rounds.score(given, units=rounds.units("u1", "u2"), reports=reports)

    assert scored.results.cents.tolist() == [10000, -1]
