"""The mean of a year's quarters, its grade, and ranks inside a class."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.evaluation.scoring import annual

EQUAL = dict.fromkeys(annual.QUARTERS, 1)
LINES = (("excellent", D(90)), ("good", D(80)), ("fair", D(70)), ("poor", D(0)))
points = st.decimals("0", "110", places=2)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({1: D("80.00"), 2: D("80.01")}, "80.01"),
        ({1: D("89.99"), 2: D("90.00"), 3: D("90.00"), 4: D("89.99")}, "90.00"),
        ({1: D("89.99"), 2: D("89.99"), 3: D("90.00")}, "89.99"),
        ({3: D("71.20")}, "71.20"),
    ],
)
def test_mean_rounds_half_up_once_at_the_end(scores, expected):
    assert annual.mean(scores, EQUAL) == D(expected)


def test_mean_a_missing_quarter_is_left_out_and_is_no_zero():
    assert annual.mean({1: D(90), 4: D(80)}, EQUAL) == D(85)
    assert annual.mean({}, EQUAL) is None


def test_mean_weights_count_only_among_the_quarters_that_there_are():
    weights = {1: 10, 2: 20, 3: 30, 4: 40}

    assert annual.mean({1: D(60), 4: D(90)}, weights) == D(84)
    assert annual.mean({2: D(70)}, {2: 0}) is None


@given(
    st.dictionaries(st.sampled_from(annual.QUARTERS), points, min_size=1),
    st.dictionaries(st.sampled_from(annual.QUARTERS), st.integers(0, 100)),
)
def test_mean_is_the_exact_mean_within_half_a_cent(scores, weights):
    found = annual.mean(scores, weights)

    total = sum(weights.get(quarter, 0) for quarter in scores)
    if not total:
        assert found is None
        return
    assert found is not None
    exact = sum(Fraction(score) * weights.get(quarter, 0) for quarter, score in scores.items()) / total
    assert -Fraction(1, 200) < Fraction(found) - exact <= Fraction(1, 200)
    assert min(scores.values()) <= found + D("0.005")
    assert found - D("0.005") <= max(scores.values())


@given(points)
def test_mean_of_equal_quarters_is_that_score(score):
    assert annual.mean(dict.fromkeys(annual.QUARTERS, score), EQUAL) == score


@pytest.mark.parametrize(
    ("score", "code"),
    [("90", "excellent"), ("89.99", "good"), ("70.00", "fair"), ("69.99", "poor"), (None, "")],
)
def test_grade_follows_the_lines(score, code):
    assert annual.grade(None if score is None else D(score), LINES) == code


def test_ranks_are_inside_the_class_and_shared_by_equals():
    rows = [(1, "镇街", D(90)), (2, "镇街", D(90)), (3, "镇街", D(80)), (4, "党群", D(70)), (5, "镇街", None)]

    assert annual.ranks(rows) == {1: (1, 3), 2: (1, 3), 3: (3, 3), 4: (1, 1)}
