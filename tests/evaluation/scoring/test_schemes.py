"""The shipped schemes, and how a scheme is read, written and checked."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from qingfeng.evaluation.scoring import plain, scheme_checks, scheme_json, settings, shipped, terms
from qingfeng.evaluation.scoring import scheme as schemes
from tests.evaluation.scoring import rounds

ARTICLE = {
    "坚定理想信念",
    "严格遵守党的政治纪律和政治规矩",
    "加强政治文化建设",
    "严肃党内政治生活",
    "落实中央八项规定及其实施细则精神",
    "反对形式主义、官僚主义",
}


def default_indicators() -> list[schemes.Indicator]:
    return [indicator for _, indicator in shipped.default_scheme().indicators()]


def test_load_default_scheme_holds_the_table():
    with (shipped.FOLDER / "indicators_5x36.csv").open(encoding="utf-8-sig") as lines:
        table = {row["二级编码"]: row for row in csv.DictReader(lines)}

    found = default_indicators()

    assert [i.code for i in found] == list(table)
    assert len(found) == 36
    assert [(i.name, i.weight) for i in found] == [(r["二级指标"], D(r["权重"])) for r in table.values()]
    assert [d.weight for d in shipped.default_scheme().dimensions] == [30, 20, 14, 20, 16]
    assert {i.name for i in found if i.mark == schemes.SourceMark.ARTICLE} == ARTICLE


def test_load_default_scheme_turns_the_methods_into_channels():
    kinds = {"部门评审": "review", "民主测评": "ballot", "数据": "data"}

    for indicator in default_indicators():
        method = indicator.method_text.split("（")[0]
        wanted = {kind for word, kind in kinds.items() if word in method}
        assert {str(channel.kind) for channel in indicator.channels} == wanted, indicator.code
        for channel in indicator.channels:
            share = f"{channel.kind.label[:2]}"
            if channel.share is not None:
                assert any(f"{channel.share}%" in part for part in method.split("+") if share in part)


def test_load_default_scheme_turns_every_number_of_the_rules_into_points():
    """Every deduction printed in a rule text stands in a rule, an item or an adjustment of its indicator."""
    for indicator in default_indicators():
        points = set(_points(indicator))
        for text in indicator.rule_text.replace("~-", "|").replace("~", "|").split("-")[1:]:
            digits = text.split("|")[0]
            number = "".join(c for c in digits[:4] if c.isdigit() or c == ".").strip(".")
            if number:
                assert D(number) in points, (indicator.code, number, points)


def _points(indicator: schemes.Indicator) -> list[D]:
    found: list[D] = []
    for channel in indicator.channels:
        if isinstance(channel, schemes.ReviewChannel):
            found += [p for item in channel.items for p in (item.points, item.points_high) if p is not None]
        for term in getattr(channel, "terms", ()):
            found.append(term.points)
            found += [
                p for r in getattr(term, "rules", ()) for p in (r.points, r.points_high) if p is not None
            ]
    return found


def test_load_default_scheme_marks_what_is_to_be_confirmed_and_leaves_out_source_numbers():
    bases = [basis for indicator in default_indicators() for basis in indicator.basis]

    assert {basis.mark.label for basis in bases} >= {"待核实", "已核"}
    assert all(mark not in basis.text for basis in bases for mark in ("[", "practice", "seed"))
    assert all(not rule.enabled and rule.basis for rule in shipped.default_scheme().settings.downgrades)


def test_load_example_scheme_gives_the_three_sources_their_shares():
    scheme = shipped.example_scheme()

    for dimension, indicator in scheme.indicators():
        shares = schemes.shares_of(scheme, dimension, indicator)
        assert [(c.source, share) for c, share in zip(indicator.channels, shares, strict=True)] == [
            ("ballot", D(45)), ("data", D(45)), ("performance", D(10)),
        ]  # fmt: skip
    assert [a.kind for a in scheme.adjustments] == [settings.AdjustmentKind.DEDUCTION]


@pytest.mark.parametrize("load", [shipped.default_scheme, shipped.example_scheme])
def test_read_json_gives_back_what_was_written(load):
    text = scheme_json.to_json(load())

    assert scheme_json.from_json(text) == load()
    assert scheme_json.to_json(scheme_json.from_json(text)) == text
    assert scheme_json.digest(load()) == scheme_json.digest(scheme_json.from_json(text))


def test_read_json_takes_numbers_and_defaults():
    values = json.loads(scheme_json.to_json(shipped.default_scheme()))
    values["settings"] = {"bonus_cap": 2.5}

    found = scheme_json.from_plain(values)

    assert found.settings == settings.Settings(bonus_cap=D("2.5"))


def test_read_json_lists_every_fault_of_shape():
    values: dict[str, Any] = json.loads(scheme_json.to_json(shipped.example_scheme()))
    first = values["dimensions"][0]["indicators"][0]
    first["weight"] = "很多"
    first["period"] = "month"
    first["channels"][0]["kind"] = "magic"
    del first["name"]
    values["surprise"] = 1

    with pytest.raises(plain.SchemeFaultsError) as refused:
        scheme_json.from_plain(values)

    place = "dimensions[0].indicators[0]"
    assert {fault.path for fault in refused.value.faults} == {
        f"{place}.weight", f"{place}.period", f"{place}.channels[0].kind", f"{place}.name", "surprise",
    }  # fmt: skip
    assert all(fault.sentence.endswith("。") for fault in refused.value.faults)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"code": 1}'])
def test_read_json_of_no_scheme_is_refused(text):
    with pytest.raises(plain.SchemeFaultsError):
        scheme_json.from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "1e-30"])
def test_read_json_refuses_numbers_out_of_all_bounds(number):
    values = json.loads(scheme_json.to_json(shipped.example_scheme()))
    values["dimensions"][0]["weight"] = number

    with pytest.raises(plain.SchemeFaultsError):
        scheme_json.from_plain(values)


def valid() -> schemes.Scheme:
    return rounds.scheme((rounds.indicator("A1", 100, rounds.review("A1.r", "aa")),))


def with_indicator(**more: Any) -> schemes.Scheme:
    given = valid()
    indicator = replace(given.dimensions[0].indicators[0], **more)
    return replace(given, dimensions=(replace(given.dimensions[0], indicators=(indicator,)),))


LADDER = rounds.ladder(100, rounds.rule("r", 1, "light"))
RANGE = terms.Rule("r", "r", D(1), points_high=D(2), count="n")
OTHER = terms.LinearTerm("o", "o", D(5), "n", D(0), D(1))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (with_indicator(weight=D(99)), "指标权重之和为 99"),
        (with_indicator(channels=()), "至少要有一个计分渠道"),
        (with_indicator(channels=(rounds.review("r"),)), "至少要有一个评分部门"),
        (
            with_indicator(channels=(rounds.review("r", "aa", substitute=""),)),
            "没有指定本单位回避时的代评部门",
        ),
        (with_indicator(channels=(rounds.review("r", "aa", substitute="aa"),)), "代评部门不能是评分部门自己"),
        (with_indicator(channels=(rounds.review("r", "aa", "aa"),)), "评分部门“aa”重复"),
        (with_indicator(channels=(rounds.review("r", "aa", base=D(90)),)), "起评分与得分项之和为 90"),
        (with_indicator(channels=(rounds.ballot("b", ("nobody", 1)),)), "测评群体“nobody”未在方案中定义"),
        (with_indicator(channels=(rounds.data("d", rounds.ladder(90, LADDER.rules[0])),)), "满分之和为 90"),
        (with_indicator(channels=(rounds.data("d", rounds.ladder(100)),)), "至少要有一条扣分规则"),
        (with_indicator(channels=(rounds.data("d", rounds.ladder(100, RANGE)),)), "只有按事实计的规则"),
        (with_indicator(channels=(rounds.data("d", LADDER, share=D(90)),)), "渠道占比之和为 90%"),
        (
            with_indicator(channels=(rounds.data("d", LADDER, share=D(50)), rounds.review("r", "aa"))),
            "要么全部填写，要么全部不填",
        ),
        (
            with_indicator(
                channels=(
                    rounds.data("d", terms.LinearTerm("t", "t", D(100), "n", D(0), D(1), otherwise=OTHER)),
                )
            ),
            "替代计分项的满分应与本项相同",
        ),
        (replace(valid(), sources=(schemes.SourceShare("review", D(90)),)), "来源权重之和为 90%"),
        (replace(valid(), sources=(schemes.SourceShare("data", D(100)),)), "没有渠道属于来源“data”"),
        (rounds.with_settings(valid(), quotas=(settings.Quota("poor", D(30)),)), "不是可以限额的等次"),
        (rounds.with_settings(valid(), minimum_ballots=0), "有效票数下限"),
        (rounds.with_settings(valid(), bonus_cap=D(-1)), "加分上限不能小于 0"),
        (rounds.with_settings(valid(), missing_share=D(101)), "比例应在 0 至 100 之间"),
        (replace(valid(), code="带 空格"), "方案编码只能用"),
        (
            replace(
                valid(),
                adjustments=(settings.Adjustment("X", "扣", settings.AdjustmentKind.BONUS, D(5), D(1)),),
            ),
            "分值范围应从小到大",
        ),
    ],
)
def test_check_names_the_fault(broken, words):
    faults = scheme_checks.faults(broken)

    assert any(words in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_check_finds_nothing_wrong_with_a_valid_scheme():
    assert scheme_checks.faults(valid()) == []
