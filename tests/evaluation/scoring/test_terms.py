"""Every kind of term, worked by hand."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import terms
from qingfeng.evaluation.scoring.rows import ReportRow, Status
from tests.evaluation.scoring import rounds


def one(*parts: terms.Term, weight: int = 100):
    """A scheme of one indicator with one data channel."""
    return rounds.scheme((rounds.indicator("A1", weight, rounds.data("A1.d", *parts)),))


def measured(term: terms.Term, *rows) -> float:
    scored = rounds.score(one(term), values=list(rows))
    return scored.value("u1", "A1.d")


def test_score_ladder_without_facts_gives_full_marks():
    scored = rounds.score(one(rounds.ladder(100, rounds.rule("r", 10, "light"))))

    assert scored.total("u1") == "100.00"
    assert scored.explain("u1").dimensions[0].children[0].children[0].reason == "no_facts"


def test_score_ladder_multiplies_multipliers_and_quantity():
    factors = terms.Multipliers(leader=D(2), self_reported=D("0.5"), concealed=D(3))
    given = one(rounds.ladder(100, rounds.rule("r", 4, "light"), multipliers=factors))
    facts = [
        rounds.fact("f1", "light", is_leader=True, is_concealed=True, quantity=D(2)),  # 4 × 2 × 2 × 3 = 48
        rounds.fact("f2", "light", is_self_reported=True),  # 4 × 0.5 = 2
    ]

    assert rounds.score(given, facts=facts).total("u1") == "50.00"


def test_score_ladder_applies_the_cap_after_the_multipliers():
    factors = terms.Multipliers(leader=D(2))
    given = one(rounds.ladder(100, rounds.rule("r", 10, "light"), multipliers=factors, cap=D(15)))

    scored = rounds.score(given, facts=[rounds.fact("f1", "light", is_leader=True)])

    assert scored.total("u1") == "85.00"  # 10 × 2 = 20, held to 15; not min(10, 15) × 2


def test_score_ladder_holds_each_rule_by_its_own_cap_first():
    given = one(
        rounds.ladder(
            100, rounds.rule("r1", 10, "light", cap=D(15)), rounds.rule("r2", 10, "heavy"), cap=D(30)
        )
    )
    facts = [rounds.fact(f"l{n}", "light") for n in range(3)] + [rounds.fact("h1", "heavy")]

    assert rounds.score(given, facts=facts).total("u1") == "75.00"  # min(30, 15) + 10


def test_score_ladder_takes_the_chosen_points_of_a_range():
    given = one(rounds.ladder(100, rounds.rule("r", 5, "range", points_high=D(10))))

    scored = rounds.score(given, facts=[rounds.fact("f1", "range", points=D("7.5"), reason="情节较重")])

    assert scored.total("u1") == "92.50"


def test_score_ladder_takes_the_first_rule_whose_level_matches():
    province = terms.Rule("p", "省级", D(15), match=terms.Match(("style",), levels=("province",)))
    given = one(rounds.ladder(100, province, rounds.rule("r", 10, "style")))
    facts = [rounds.fact("f1", "style", level="province"), rounds.fact("f2", "style", level="city")]

    assert rounds.score(given, facts=facts).total("u1") == "75.00"


def test_score_ladder_never_falls_below_zero():
    given = one(rounds.ladder(100, rounds.rule("r", 70, "light")))

    scored = rounds.score(given, facts=[rounds.fact("f1", "light"), rounds.fact("f2", "light")])

    assert scored.total("u1") == "0.00"


def test_score_award_makes_good_but_never_exceeds_full_marks():
    award = terms.Rule("a", "加", D(5), effect=terms.Effect.AWARD, match=terms.Match(("style",)), cap=D(8))
    given = one(rounds.ladder(100, rounds.rule("r", 20, "light"), award))
    awards = [rounds.fact(f"s{n}", "style") for n in range(3)]

    assert rounds.score(given, facts=[*awards, rounds.fact("f1", "light")]).total("u1") == "88.00"
    assert rounds.score(given, facts=awards).total("u1") == "100.00"


@pytest.mark.parametrize(
    ("measure", "conditions", "expected"),
    [
        ("n", (), "97.00"),  # 3 × 1
        ("", (terms.Condition("m", terms.Op.GT, D(20)),), "99.00"),  # 21 > 20: once
        ("", (terms.Condition("m", terms.Op.GT, D(21)),), "100.00"),
        ("n", (terms.Condition("missing", terms.Op.GE, D(0)),), "100.00"),  # no value: does not hold
    ],
)
def test_score_count_and_condition_rules(measure, conditions, expected):
    rule = terms.Rule("r", "按数计", D(1), count=measure, conditions=conditions)
    given = rounds.scheme(
        (rounds.indicator("A1", 100, rounds.data("A1.d", rounds.ladder(100, rule))),),
        measures=tuple(schemes.Measure(c, c) for c in ("n", "m", "missing")),
    )
    values = [rounds.value("u1", "n", 3), rounds.value("u1", "m", 21)]

    assert rounds.score(given, values=values).total("u1") == expected


def test_score_two_conditions_must_both_hold():
    conditions = (terms.Condition("n", terms.Op.EQ, D(0)), terms.Condition("m", terms.Op.GT, D(0)))
    given = one(rounds.ladder(100, terms.Rule("r", "零运用且有案件", D(50), conditions=conditions)))

    with_case = rounds.score(given, values=[rounds.value("u1", "n", 0), rounds.value("u1", "m", 2)])
    without = rounds.score(given, values=[rounds.value("u1", "n", 0), rounds.value("u1", "m", 0)])

    assert (with_case.total("u1"), without.total("u1")) == ("50.00", "100.00")


@pytest.mark.parametrize(
    ("done", "due", "expected"),
    [("3", "4", 0.75), ("0", "4", 0.0), ("5", "4", 1.0), ("0", "0", 1.0), ("-1", "4", 0.0)],
)
def test_score_ratio_is_held_between_zero_and_one(done, due, expected):
    term = terms.RatioTerm("t", "完成率", D(100), "done", "due")

    assert measured(term, rounds.value("u1", "done", done), rounds.value("u1", "due", due)) == expected


def test_score_percentage_without_denominator():
    assert measured(terms.RatioTerm("t", "率", D(100), "rate"), rounds.value("u1", "rate", "87.5")) == 0.875


@pytest.mark.parametrize(
    ("zero_at", "full_at", "given", "expected"),
    [
        ("60", "100", "80", 0.5),
        ("60", "100", "50", 0.0),
        ("60", "100", "110", 1.0),
        ("10", "0", "2.5", 0.75),  # fewer is better
        ("10", "0", "12", 0.0),
    ],
)
def test_score_linear_in_either_direction(zero_at, full_at, given, expected):
    term = terms.LinearTerm("t", "线性", D(100), "n", D(zero_at), D(full_at))

    assert measured(term, rounds.value("u1", "n", given)) == expected


def test_score_linear_without_value_takes_its_substitute():
    other = terms.LinearTerm("t2", "替代", D(100), "m", D(0), D(4))
    term = terms.LinearTerm("t", "线性", D(100), "n", D(0), D(100), otherwise=other)

    assert measured(term, rounds.value("u1", "m", 1)) == 0.25
    assert measured(term, rounds.value("u1", "m", 1), rounds.value("u1", "n", 90)) == 0.9


def test_score_term_without_value_leaves_its_points_to_the_others():
    given = one(
        terms.RatioTerm("t1", "率", D(40), "rate"),
        terms.LinearTerm("t2", "线性", D(60), "n", D(0), D(10)),
        rounds.ladder(0, rounds.rule("r", 10, "light")),
    )

    scored = rounds.score(given, values=[rounds.value("u1", "n", 8)], facts=[rounds.fact("f", "light")])

    assert scored.total("u1") == "70.00"  # 48 of 60, less 10 of 100


def test_score_channel_without_any_value_is_not_applicable():
    given = one(terms.RatioTerm("t1", "率", D(100), "rate"), rounds.ladder(0, rounds.rule("r", 10, "light")))

    scored = rounds.score(given, facts=[rounds.fact("f", "light")])

    assert scored.explain("u1").total is None


def test_score_terms_where_the_source_reports_none_are_full():
    given = one(terms.RatioTerm("t1", "率", D(100), "rate"))

    scored = rounds.score(given, reports=[ReportRow("A1.d", Status.NONE)])

    assert scored.total("u1") == "100.00"


def test_score_rank_and_minmax_within_the_class():
    given = rounds.scheme(
        (
            rounds.indicator("A1", 50, rounds.data("A1.d", terms.RankTerm("t", "排名", D(50), "n"))),
            rounds.indicator(
                "A2", 50, rounds.data("A2.d", terms.MinMaxTerm("t", "极差", D(50), "n", high_is_best=False))
            ),
        )
    )
    all_units = rounds.units("u1", "u2", "u3", "u4", "u5") + rounds.units("v1", grouping="党群")
    numbers = {"u1": 10, "u2": 8, "u3": 8, "u4": 0, "u5": 4, "v1": -3}

    scored = rounds.score(
        given, units=all_units, values=[rounds.value(u, "n", x) for u, x in numbers.items()]
    )

    ranks = [scored.value(u, "A1.d") for u in numbers]
    spans = [scored.value(u, "A2.d") for u in numbers]
    assert ranks == [
        1.0,
        0.75,
        0.75,
        0.0,
        0.25,
        1.0,
    ]  # (5 − rank) / 4 with rank 1, 2, 2, 5, 4; alone in its class
    assert spans == pytest.approx([0.0, 0.2, 0.2, 1.0, 0.6, 1.0])
