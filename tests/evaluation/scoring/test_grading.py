"""Rounding, grades, quotas, downgrades, adjustments and ranks."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.evaluation.scoring import grading, settings, terms
from qingfeng.evaluation.scoring.rows import AdjustmentRow
from tests.evaluation.scoring import rounds


def plain(**more):
    """One review that gives the total, with no adjustments but those asked for."""
    settings_given = more.pop("settings", {})
    found = rounds.scheme((rounds.indicator("A1", 100, rounds.review("A1.r", "aa")),), **more)
    return rounds.with_settings(found, **settings_given)


def graded(scheme, scores: dict[str, object], **rows):
    return rounds.score(
        scheme,
        units=rounds.units(*scores),
        reviews=[rounds.reviewed(u, "A1.r", "aa", points) for u, points in scores.items()],
        **rows,
    )


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("89.995", 9000),
        ("89.9949", 8999),
        ("89.99499999", 8999),
        ("0.005", 1),
        ("79.995", 8000),
        ("100", 10000),
    ],
)
def test_round_half_up(value, cents):
    assert grading.to_cents(np.array([float(value)]))[0] == cents
    assert grading.rounded(D(value)) == D(cents) / 100


@given(st.decimals(0, 106, places=5))
def test_round_equals_decimal_rounding(value):
    noisy = sum([float(value) / 7] * 7)

    assert (
        grading.to_cents(np.array([float(value), noisy])).tolist() == [int(grading.rounded(value) * 100)] * 2
    )


def test_grade_from_the_rounded_score():
    scored = graded(plain(), {"u1": "89.995", "u2": "89.994", "u3": "70", "u4": "69.99"})

    assert [scored.grade(u) for u in ("u1", "u2", "u3", "u4")] == ["excellent", "good", "fair", "poor"]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([99, 98, 97, 96, 95], "EGGGG"),  # 30 % of 5 is 1.5: one place
        ([99, 99, 97, 96, 95], "GGGGG"),  # a tie across the line: both stay out
        ([99, 98, 97], "EEE"),  # a class of three is exempt
        ([99, 98, 97, 60], "EGGP"),
        ([99, 98, 98, 98, 80, 80, 80], "EGGGGGG"),  # two places, but three tie for the second
        ([99, 80, 80, 80], "EGGG"),
        ([89, 88, 87, 86], "GGGG"),
    ],
)
def test_hold_the_quota_of_a_class(scores, expected):
    scheme = plain(settings={"quotas": (settings.Quota("excellent", D(30)),)})

    scored = graded(scheme, {f"u{n}": points for n, points in enumerate(scores)})

    assert "".join(scored.grade(f"u{n}")[0].upper() for n in range(len(scores))) == expected


def test_say_that_a_tie_stays_out():
    scheme = plain(settings={"quotas": (settings.Quota("excellent", D(30)),)})

    scored = graded(scheme, {"u1": 99, "u2": 99, "u3": 95, "u4": 80})

    assert scored.explain("u1").grade_reason == "quota_tie"
    assert "同分" in scored.explain("u1").grade_sentence
    assert scored.explain("u3").grade_reason == "quota"


@given(st.lists(st.integers(8800, 9300), min_size=1, max_size=12), st.integers(0, 100))
def test_never_exceed_the_quota_nor_split_a_tie(cents, percent):
    scheme = plain(settings={"quotas": (settings.Quota("excellent", D(percent)),)})

    scored = graded(scheme, {f"u{n:02d}": D(c) / 100 for n, c in enumerate(cents)})

    kept = [c for n, c in enumerate(cents) if scored.grade(f"u{n:02d}") == "excellent"]
    out = [c for n, c in enumerate(cents) if c >= 9000 and scored.grade(f"u{n:02d}") != "excellent"]
    if len(cents) < 4:
        assert not out
        return
    assert len(kept) <= percent * len(cents) // 100
    assert not kept or not out or min(kept) > max(out)
    if out:  # nobody is kept out who would have had a place of his own
        assert len(kept) + sum(1 for c in out if c == max(out)) > percent * len(cents) // 100


def downgrade(**more):
    match = terms.Match(("heavy",), leader=True)
    basis = (settings.Basis("测试依据"),)
    return settings.Downgrade("G", "主要负责人受重处分", "good", match, basis=basis, **more)


@pytest.mark.parametrize(("enabled", "expected"), [(False, "excellent"), (True, "good")])
def test_downgrade_only_where_switched_on(enabled, expected):
    scheme = plain(settings={"downgrades": (downgrade(enabled=enabled),)})

    scored = graded(scheme, {"u1": 95, "u2": 60}, facts=[rounds.fact("f", "heavy", is_leader=True)])

    assert scored.grade("u1") == expected
    assert scored.grade("u2") == "poor"
    if enabled:
        assert "主要负责人受重处分" in scored.explain("u1").grade_sentence


def test_free_a_quota_place_by_a_downgrade():
    chosen = {"downgrades": (downgrade(enabled=True),), "quotas": (settings.Quota("excellent", D(30)),)}

    scored = graded(
        plain(settings=chosen),
        {"u1": 99, "u2": 98, "u3": 80, "u4": 80},
        facts=[rounds.fact("f", "heavy", is_leader=True)],
    )

    assert (scored.grade("u1"), scored.grade("u2")) == ("good", "excellent")


def test_adjust_within_each_cap_and_the_whole_cap():
    deduct = settings.AdjustmentKind.DEDUCTION
    bonus = settings.AdjustmentKind.BONUS
    scheme = plain(
        adjustments=(
            settings.Adjustment("X", "扣分", deduct, D(1), D(5), D(8)),
            settings.Adjustment("J", "加分", bonus, D(1), D(3), D(4)),
            settings.Adjustment("K", "加分二", bonus, D(1), D(3)),
        ),
        settings={"bonus_cap": D(6)},
    )
    entries = [AdjustmentRow("u1", "X", D(5), "理由"), AdjustmentRow("u1", "X", D(5), "理由二")]
    entries += [AdjustmentRow("u2", "J", D(3), "理由"), AdjustmentRow("u2", "J", D(3), "二")]
    entries += [AdjustmentRow("u2", "K", D(3), "理由")]

    scored = graded(scheme, {"u1": 90, "u2": 99}, adjustments=entries)

    assert (scored.total("u1"), scored.total("u2")) == ("82.00", "105.00")  # −8; 4 + 3 held to 6


def test_rank_within_the_class_sharing_the_better_rank():
    scored = graded(plain(), {"u1": 90, "u2": 95, "u3": 90, "u4": 80})

    assert scored.results.rank.tolist() == [2, 1, 2, 4]
    assert scored.results.ranked.tolist() == [4] * 4
