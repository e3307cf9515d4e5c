from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qingfeng.core.templatetags import words


@pytest.mark.parametrize(
    ("value", "shown"),
    [(82.355, "82.36"), (Decimal("82.345"), "82.35"), (None, "不适用"), (0, "0.00"), (-0.3, "−0.30")],
)
def test_score_rounds_half_up_and_names_nothing(value: object, shown: str) -> None:
    assert words.score(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1.84, "+1.84"), (-0.3, "−0.30"), (0, "持平"), (0.001, "持平"), (None, "—")]
)
def test_signed_shows_the_direction(value: object, shown: str) -> None:
    assert words.signed(value) == shown


def test_dash_keeps_a_zero() -> None:
    assert (words.dash(0), words.dash(""), words.dash(None)) == (0, "—", "—")


def test_percent_takes_a_share_of_one() -> None:
    assert (words.percent(0.714), words.percent("0.7149", 1), words.percent(None)) == ("71%", "71.5%", "—")


def test_moments_are_shown_in_local_time() -> None:
    late = dt.datetime(2026, 11, 22, 18, 5, tzinfo=dt.UTC)

    assert words.minute(late) == "2026-11-23 02:05"
    assert words.day(late) == "2026-11-23"
    assert words.spoken_day(dt.date(2026, 1, 9)) == "2026 年 1 月 9 日"
    assert words.day(None) == "—"
