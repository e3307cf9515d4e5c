"""One fact deducts once, in its quarter, for its unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from qingfeng.evaluation.scoring import settings, terms
from qingfeng.evaluation.scoring.periods import Period, Quarter
from tests.evaluation.scoring import rounds


def two_indicators(*, first_period: Period = Period.QUARTER):
    """Both take kind light; A2 comes first in the order of the one-fact rule."""
    return rounds.scheme(
        (
            rounds.indicator(
                "A1", 40, rounds.data("A1.d", rounds.ladder(40, rounds.rule("r", 8, "light"))), order=2
            ),
            rounds.indicator(
                "A2",
                60,
                rounds.data(
                    "A2.d", rounds.ladder(60, rounds.rule("r", 6, "light"), rounds.rule("h", 9, "heavy"))
                ),
                order=1,
                period=first_period,
            ),
        )
    )


def shown(scored, indicator: str) -> list[tuple[str, str]]:
    """(id, reason) of the facts shown under an indicator."""
    node = next(i for i in scored.explain("u1").indicators() if i.code == indicator)
    return [(fact.code, fact.reason) for fact in node.walk() if fact.kind == "fact"]


def test_deduct_once_at_the_first_in_order_and_show_elsewhere():
    scored = rounds.score(two_indicators(), facts=[rounds.fact("f1", "light")])

    assert scored.total("u1") == "94.00"
    assert shown(scored, "A2") == [("f1", "counted")]
    assert shown(scored, "A1") == [("f1", "counted_elsewhere")]
    fact = next(n for n in scored.explain("u1").dimensions[0].children[0].walk() if n.kind == "fact")
    assert "A2" in fact.sentence


def test_deduct_once_where_several_facts_belong_to_one_event():
    facts = [rounds.fact("f1", "light", event="e"), rounds.fact("f2", "heavy", event="e")]

    scored = rounds.score(two_indicators(), facts=facts)

    assert scored.total("u1") == "94.00"  # the first rule of the first indicator takes the event
    assert shown(scored, "A2") == [("f1", "counted"), ("f2", "same_event")]


def test_deduct_the_heaviest_fact_of_an_event_under_one_rule():
    facts = [rounds.fact("f1", "light", event="e"), rounds.fact("f2", "light", event="e", quantity=D(3))]

    scored = rounds.score(two_indicators(), facts=facts)

    assert scored.total("u1") == "82.00"  # 3 × 6
    assert shown(scored, "A2") == [("f1", "same_event"), ("f2", "counted")]


def test_deduct_from_each_unit_of_an_event():
    facts = [rounds.fact("f1", "light", event="e"), rounds.fact("f2", "light", "u2", event="e")]

    scored = rounds.score(two_indicators(), facts=facts, units=rounds.units("u1", "u2"))

    assert (scored.total("u1"), scored.total("u2")) == ("94.00", "94.00")


def test_pass_over_a_channel_that_does_not_apply():
    given = two_indicators()

    scored = rounds.score(given, facts=[rounds.fact("f1", "light")], reports=rounds.delivered(given, "A2.d"))

    assert scored.total("u1") == "80.00"  # 8 of 40, over 100
    assert shown(scored, "A1") == [("f1", "counted")]


def test_do_not_deduct_again_what_an_earlier_quarter_deducted():
    given = two_indicators(first_period=Period.YEAR)
    early: dict[str, Any] = {"act_date": date(2026, 1, 5), "effective_date": date(2026, 2, 5)}
    facts = [
        rounds.fact("f1", "heavy", counted_in="2026Q1 A1", **early),
        rounds.fact("f2", "heavy", **early),
    ]

    scored = rounds.score(given, facts=facts)

    assert scored.total("u1") == "91.00"  # only f2, in the year that ends with this quarter
    assert shown(scored, "A2") == [("f1", "counted_before"), ("f2", "counted")]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [(settings.FactQuarter.EFFECTIVE, ["100.00", "94.00"]), (settings.FactQuarter.ACT, ["94.00", "100.00"])],
)
def test_count_in_the_quarter_that_the_scheme_says(setting, expected):
    given = rounds.with_settings(two_indicators(), fact_quarter=setting)
    facts = [rounds.fact("f1", "light", act_date=date(2026, 9, 30), effective_date=date(2026, 10, 1))]

    totals = [rounds.score(given, Quarter(2026, n), facts=facts).total("u1") for n in (3, 4)]

    assert totals == expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [(settings.FactUnit.ACT, ["94.00", "100.00"]), (settings.FactUnit.DECISION, ["100.00", "94.00"])],
)
def test_count_for_the_unit_that_the_scheme_says(setting, expected):
    given = rounds.with_settings(two_indicators(), fact_unit=setting)

    scored = rounds.score(
        given,
        facts=[rounds.fact("f1", "light", "u1", unit_at_decision="u2")],
        units=rounds.units("u1", "u2"),
    )

    assert [scored.total("u1"), scored.total("u2")] == expected


def test_rest_a_yearly_rule_until_its_quarter():
    rules = rounds.ladder(100, rounds.rule("r", 10, "light", period=Period.YEAR))
    given = rounds.scheme((rounds.indicator("A1", 100, rounds.data("A1.d", rules)),))
    facts = [rounds.fact("f1", "light", act_date=date(2026, 2, 1), effective_date=date(2026, 2, 2))]

    totals = [rounds.score(given, Quarter(2026, n), facts=facts).total("u1") for n in (1, 2, 4)]

    assert totals == ["100.00", "100.00", "90.00"]


def test_match_categories_and_leaders():
    match = terms.Match(("light",), categories=("political",), leader=True)
    rule = terms.Rule("r", "r", D(10), match=match)
    given = rounds.scheme((rounds.indicator("A1", 100, rounds.data("A1.d", rounds.ladder(100, rule))),))
    facts = [
        rounds.fact("f1", "light", category="political", is_leader=True),
        rounds.fact("f2", "light", category="political"),
        rounds.fact("f3", "light", category="work", is_leader=True),
    ]

    assert rounds.score(given, facts=facts).total("u1") == "90.00"


def test_ignore_a_self_corrected_fact_by_a_multiplier_of_zero():
    rule = rounds.rule("r", 10, "light", multipliers=terms.Multipliers(self_reported=D(0)))
    given = rounds.scheme((rounds.indicator("A1", 100, rounds.data("A1.d", rounds.ladder(100, rule))),))

    scored = rounds.score(given, facts=[rounds.fact("f1", "light", is_self_reported=True)])

    assert scored.total("u1") == "100.00"
