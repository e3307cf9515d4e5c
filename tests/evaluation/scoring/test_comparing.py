"""What changed between two computations, and which input changed it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from qingfeng.evaluation.scoring import comparing, terms
from qingfeng.evaluation.scoring.rows import AdjustmentRow, DepartmentUnitRow, MissingRow, ReportRow, Status
from qingfeng.evaluation.scoring.settings import Adjustment, AdjustmentKind
from tests.evaluation.scoring import rounds


def scheme():
    reviewed = rounds.indicator("A1", 40, rounds.review("A1.r", "aa"))
    measured = rounds.indicator(
        "A2",
        40,
        rounds.data(
            "A2.d",
            terms.LinearTerm("t", "线性", D(40), "n", D(0), D(10)),
            rounds.ladder(0, rounds.rule("r", 4, "light")),
        ),
    )
    ranked = rounds.indicator("A3", 20, rounds.data("A3.d", terms.RankTerm("t", "排名", D(20), "m")))
    bonus = Adjustment("J", "加分", AdjustmentKind.BONUS, D(1), D(3))
    given = rounds.scheme((reviewed, measured, ranked), adjustments=(bonus,))
    return rounds.with_settings(given, bonus_cap=D(3))


BASE: dict[str, Any] = {
    "units": rounds.units("u1", "u2"),
    "reviews": [rounds.reviewed(u, "A1.r", "aa", 30) for u in ("u1", "u2")],
    "values": [rounds.value(u, m, 5) for u in ("u1", "u2") for m in ("n", "m")],
}


def changed(**more):
    before = rounds.score(scheme(), **BASE)
    after = rounds.score(more.pop("scheme", scheme()), **BASE | more)
    return comparing.compare(before.inputs, before.results, after.inputs, after.results)


def causes(change) -> dict[str, list[tuple[str, str]]]:
    return {i.code: [(c.kind, c.sentence) for c in i.causes] for i in change.indicators}


def test_compare_the_same_finds_nothing():
    assert changed() == ()


def test_compare_names_the_changed_review():
    reviews = [rounds.reviewed("u1", "A1.r", "aa", 36), BASE["reviews"][1]]

    [first, second] = changed(reviews=reviews)

    assert (first.unit, first.total_before, first.total_after) == ("u1", "70.00", "76.00")
    assert causes(first) == {"A1": [("review", "部门aa评审（甲）由30分变为36分")]}
    assert (second.rank_before, second.rank_after) == (1, 2)
    assert second.causes[0].kind == "others"


def test_compare_names_the_fact_the_value_and_the_class():
    values = [*BASE["values"][:3], rounds.value("u2", "m", 9)]

    [first] = changed(values=values, facts=[rounds.fact("f1", "light", title="某案")])

    assert causes(first)["A2"] == [("fact", "新增事实f1（某案）：扣4分")]
    assert causes(first)["A3"] == [("class_values", "同类其他单位的数据有变化")]


def test_compare_names_what_was_not_delivered_and_the_weights_that_moved():
    reports = [*rounds.delivered(scheme(), "A1.r"), ReportRow("A1.r", Status.NOT_DELIVERED)]

    [first, _] = changed(reports=reports)

    assert causes(first)["A1"] == [("report", "来源报送情况由“已报送”变为“未报送”")]
    assert causes(first)["A2"][0][0] == "weight"


def test_compare_names_missing_submission_adjustment_scheme_and_units():
    [first] = changed(missing=[MissingRow("u1", "A1")])[:1]
    assert causes(first)["A1"] == [("submission", "本单位标为未按要求报送")]

    [adjusted] = changed(adjustments=[AdjustmentRow("u1", "J", D(2), "理由")])[:1]
    assert [(c.kind, c.sentence) for c in adjusted.causes] == [("adjustment", "加分由0分变为2分")]

    old = scheme()
    a1, a2, a3 = old.dimensions[0].indicators
    linear, ladder = a2.channels[0].terms
    channel = replace(a2.channels[0], terms=(replace(linear, full_at=D(20)), ladder))
    other = replace(
        old, dimensions=(replace(old.dimensions[0], indicators=(a1, replace(a2, channels=(channel,)), a3)),)
    )
    assert causes(changed(scheme=other)[0])["A2"] == [("scheme", "方案中该渠道的设置有变化")]

    gone = changed(units=rounds.units("u1"), reviews=BASE["reviews"][:1], values=BASE["values"][:2])
    assert gone[-1].unit == "u2"
    assert gone[-1].causes[0].sentence == "这次没有这个单位"


def test_compare_follows_a_substitute():
    reviews = [rounds.reviewed("u1", "A1.r", "zz", 30), BASE["reviews"][1]]

    found = changed(reviews=reviews, department_units=[DepartmentUnitRow("aa", "u1")])

    assert found == ()  # another scorer, the same points
