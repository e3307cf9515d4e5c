"""Weights by pairwise judgement: eigenvector, consistency, the pairs that do not fit, whole steps."""

from __future__ import annotations

import itertools
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingfeng.evaluation.scoring import ahp, ahp_words, apportioning

TOURISM = {
    ("景色", "费用"): -2,
    ("景色", "居住"): 4,
    ("景色", "饮食"): 3,
    ("景色", "旅途"): 3,
    ("费用", "居住"): 7,
    ("费用", "饮食"): 5,
    ("费用", "旅途"): 5,
    ("居住", "饮食"): -2,
    ("居住", "旅途"): -3,
    ("饮食", "旅途"): 1,
}
"""The example of 姜启源《数学模型》: where to travel (weights as published recomputations print them)."""
PLACES = ("景色", "费用", "居住", "饮食", "旅途")


def random_matrix(size: int, draw: np.random.Generator) -> np.ndarray:
    names = [str(number) for number in range(size)]
    return ahp.matrix(names, {pair: int(draw.choice(ahp.SCALE)) for pair in ahp.pairs_of(names)})


@st.composite
def matrices(draw, least: int = 1, most: int = 9):
    names = [str(number) for number in range(draw(st.integers(least, most)))]
    judged = {pair: draw(st.sampled_from(ahp.SCALE)) for pair in ahp.pairs_of(names)}
    return ahp.matrix(names, judged)


def test_weigh_the_textbook_example_gives_its_printed_figures():
    found = ahp.weigh(ahp.matrix(PLACES, TOURISM))

    assert found.weights == pytest.approx([0.2636, 0.4758, 0.0538, 0.0981, 0.1087], abs=5e-5)
    assert round(found.lambda_max, 3) == 5.072
    assert round(found.index, 3) == 0.018
    assert round(found.ratio, 3) == 0.016
    assert found.is_consistent()


@given(matrices(least=2))
def test_weigh_any_matrix_gives_the_eigenvector_that_linear_algebra_gives(one):
    found = ahp.weigh(one)

    values, vectors = np.linalg.eig(one)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    assert found.weights == pytest.approx(vector / vector.sum(), abs=1e-8)
    assert found.lambda_max == pytest.approx(values[place].real, abs=1e-7)


@given(matrices())
def test_weigh_any_matrix_sums_to_one_and_is_never_better_than_consistent(one):
    found = ahp.weigh(one)

    assert sum(found.weights) == pytest.approx(1)
    assert min(found.weights) > 0
    assert found.lambda_max >= len(one) - 1e-9
    assert found.ratio >= 0


@given(matrices(most=2))
def test_weigh_one_or_two_things_is_always_consistent(one):
    assert ahp.weigh(one).ratio == 0


@given(matrices(least=2), st.randoms())
def test_weigh_things_in_another_order_gives_the_same_weights(one, chance):
    order = list(range(len(one)))
    chance.shuffle(order)

    found = ahp.weigh(one[np.ix_(order, order)]).weights

    assert found == pytest.approx([ahp.weigh(one).weights[place] for place in order], abs=1e-9)


@given(st.lists(st.floats(0.2, 5), min_size=2, max_size=9))
def test_weigh_a_perfectly_consistent_matrix_gives_its_weights_back(weights):
    one = np.array(weights)

    found = ahp.weigh(one[:, None] / one[None, :])

    assert found.weights == pytest.approx(one / one.sum(), abs=1e-9)
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert found.deviations == ()


@pytest.mark.parametrize("size", range(3, 16))
def test_random_index_of_the_table_is_the_mean_of_random_matrices(size):
    draw = np.random.default_rng(size)

    indices = [ahp.weigh(random_matrix(size, draw)).index for _ in range(150)]

    assert np.mean(indices) == pytest.approx(ahp.RANDOM_INDEX[size - 1], rel=0.15)


def test_weigh_one_judgement_turned_round_names_that_pair_first_with_its_direction():
    items = ("甲", "乙", "丙", "丁")
    sound = {
        ("甲", "乙"): 2,
        ("甲", "丙"): 4,
        ("甲", "丁"): 8,
        ("乙", "丙"): 2,
        ("乙", "丁"): 4,
        ("丙", "丁"): 2,
    }
    turned = sound | {("甲", "丁"): -8}

    found = ahp.weigh(ahp.matrix(items, turned))

    assert ahp.weigh(ahp.matrix(items, sound)).ratio == pytest.approx(0, abs=1e-9)
    assert not found.is_consistent()
    worst = found.deviations[0]
    assert (items[worst.first], items[worst.second]) == ("甲", "丁")
    assert not worst.is_too_high
    assert worst.suggested > -8
    mended = turned | {("甲", "丁"): worst.suggested}
    assert ahp.weigh(ahp.matrix(items, mended)).ratio < found.ratio


@given(st.lists(matrices(least=4, most=4), min_size=1, max_size=5))
def test_combine_some_experts_stays_reciprocal_and_no_less_consistent_than_the_worst(many):
    found = ahp.combined(many)

    assert found * found.T == pytest.approx(np.ones((4, 4)))
    ratios = [ahp.weigh(one).ratio for one in many]
    assert ahp.weigh(found).ratio <= max(ratios) + 1e-9


@given(matrices(least=3))
def test_combine_one_expert_with_himself_changes_nothing(one):
    assert ahp.combined([one, one, one]) == pytest.approx(one)


@given(matrices(least=3, most=6))
def test_combine_opposite_experts_makes_all_equal(one):
    assert ahp.weigh(ahp.combined([one, one.T])).weights == pytest.approx([1 / len(one)] * len(one))


def test_missing_pairs_are_named_and_refused():
    judged = dict(itertools.islice(TOURISM.items(), 8))

    assert ahp.missing(PLACES, judged) == [("居住", "旅途"), ("饮食", "旅途")]
    with pytest.raises(ValueError, match="2 pairs"):
        ahp.matrix(PLACES, judged)


@pytest.mark.parametrize("judgement", [0, -1, 10, -10])
def test_a_number_off_the_scale_is_refused(judgement):
    with pytest.raises(ValueError, match="scale"):
        ahp.ratio_of(judgement)


def test_more_things_than_the_table_reaches_are_refused():
    with pytest.raises(ValueError, match="16 items"):
        ahp.matrix([str(number) for number in range(16)], {})


@given(st.sampled_from(ahp.SCALE))
def test_a_judgement_survives_its_ratio_and_turns_round_with_its_words(judgement):
    assert ahp.judgement_of(ahp.ratio_of(judgement)) == judgement
    turned = judgement if judgement == 1 else -judgement
    assert (
        ahp_words.sentence(judgement, "甲", "乙") == ahp_words.sentence(turned, "乙", "甲") or judgement == 1
    )


def test_every_judgement_has_words_of_its_own():
    words = [label for _, label in ahp_words.CHOICES]

    assert len(set(words)) == 17
    assert words[0] == "前者极端重要 9"
    assert words[-1] == "后者极端重要 9"


@given(
    st.lists(st.decimals("0.001", "1000", places=3), min_size=1, max_size=15),
    st.integers(0, 10_000),
    st.integers(0, 3),
)
def test_apportion_any_shares_sums_exactly_and_stays_within_a_step(shares, units, places):
    step = D(1).scaleb(-places)
    total = units * step

    found = apportioning.apportioned(shares, total, places)

    assert sum(found) == total
    for part, share in zip(found, shares, strict=True):
        assert abs(part - total * share / sum(shares)) <= step
        assert part == part.quantize(step)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=10), st.integers(1, 200))
def test_apportion_a_larger_share_never_gets_less(shares, total):
    assume(len(set(shares)) > 1)

    found = apportioning.apportioned([D(one) for one in shares], D(total), 1)

    ordered = sorted(zip(shares, found, strict=True))
    for (less, low), (more, high) in itertools.pairwise(ordered):
        assert less == more or low <= high


def test_apportion_thirds_gives_the_last_step_to_the_first():
    assert apportioning.apportioned([1 / 3] * 3, D(100), 2) == (D("33.34"), D("33.33"), D("33.33"))


def test_apportion_a_total_between_two_steps_is_refused():
    with pytest.raises(ValueError, match="no multiple"):
        apportioning.apportioned([D(1), D(2)], D("0.05"), 1)


def test_places_of_some_numbers_are_those_of_the_finest():
    assert apportioning.places_of([D("3.00"), D("2.50"), D(100)]) == 1
