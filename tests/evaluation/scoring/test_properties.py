"""What must hold for every round."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.evaluation.scoring import (
    building,
    engine,
    explaining,
    explanation,
    facts,
    freezing,
    packing,
    recomputing,
    shipped,
)
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.evaluation.scoring.rows import FactRow
from tests.evaluation.scoring import random_rounds, rounds

SEEDS = st.integers(0, 2**32)
CLOSE = 1e-9


def drawn(seed: int) -> rounds.Scored:
    return random_rounds.scored(random_rounds.small_scheme(Random(seed)), seed)


@given(SEEDS)
def test_keep_every_score_between_zero_and_its_weight(seed):
    found = drawn(seed)
    results, cap = found.results, float(found.inputs.scheme.settings.bonus_cap)

    values = results.channel_value[~np.isnan(results.channel_value)]
    assert ((values >= 0) & (values <= 1)).all()
    for points, weight in (
        (results.indicator_points, results.indicator_weight),
        (results.dimension_points, results.dimension_weight),
    ):
        known = ~np.isnan(points)
        assert (points[known] >= 0).all()
        assert (points[known] <= weight[known] + CLOSE).all()
        assert (weight[~known] == 0).all()
    totals = results.raw_total[~np.isnan(results.raw_total)]
    assert ((totals >= 0) & (totals <= 100 + cap)).all()


@given(SEEDS)
def test_conserve_weight_when_it_is_shared_out(seed):
    results = drawn(seed).results

    scored = ~np.isnan(results.raw_total)
    assert results.indicator_weight.sum(axis=1)[scored] == pytest.approx(100)
    assert results.dimension_weight.sum(axis=1)[scored] == pytest.approx(100)
    assert (results.indicator_weight.sum(axis=1)[~scored] == 0).all()


@given(SEEDS)
def test_recompute_every_point_from_the_explanation_alone(seed):
    check_recomputed(drawn(seed))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_recompute_a_whole_round_of_the_shipped_schemes(number):
    for scheme in (shipped.default_scheme(), shipped.example_scheme()):
        random = Random(number)
        found = building.build(
            scheme, Quarter(2026, number), random_rounds.random_rows(scheme, random, units=24)
        )
        check_recomputed(rounds.Scored(found, engine.compute(found)))


def check_recomputed(found: rounds.Scored) -> None:
    """Compare every stored point with the one recomputed from the explanation in results.json."""
    reader = explaining.Reader(found.inputs)
    index, results = found.inputs.index, found.results
    for row, packed in enumerate(packing.pack(results)):
        told = reader.explain(packed, found.inputs.units.codes[row])
        read = explanation.from_plain(json.loads(json.dumps(told.to_plain())))
        again = recomputing.recompute_from_explanation(read)
        for points, places, stored in (
            (again.channels, index.channels, results.channel_value[row]),
            (again.indicators, index.indicators, results.indicator_points[row]),
            (again.dimensions, index.dimensions, results.dimension_points[row]),
        ):
            numbers = [np.nan if (p := points[code]) is None else float(p) for code in places]
            assert np.allclose(numbers, stored, rtol=0, atol=CLOSE, equal_nan=True)
        assert float(again.bonus) == pytest.approx(results.bonus[row])
        assert float(again.deduction) == pytest.approx(results.deduction[row])
        assert (None if again.total is None else str(again.total)) == told.total
        for node in (n for d in read.dimensions for n in d.walk()):
            parts = [c.contribution or 0 for c in node.children]
            if node.kind in {"dimension", "indicator"} and node.contribution is not None:
                assert sum(parts) == pytest.approx(node.contribution)


@given(SEEDS)
def test_deduct_every_event_at_most_once_and_exactly_once_where_a_rule_takes_it(seed):
    found = drawn(seed)
    given_inputs, outcomes = found.inputs, found.results.facts
    layout = Layout(given_inputs.scheme, given_inputs.quarter)
    book = facts.ledger(given_inputs)
    applicable = found.results.channel_reason < 10
    takers: dict[tuple[int, int], set[int]] = {}
    for rung in layout.rungs:
        takes = facts.eligible(given_inputs, layout, book, rung) & (given_inputs.facts.counted_in == 0)
        for row in np.flatnonzero(takes & applicable[book.unit, rung.channel]):
            key = (int(given_inputs.facts.event[row]), int(book.unit[row]))
            takers.setdefault(key, set()).add(rung.order)

    counted: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(outcomes.channel >= 0):
        key = (int(given_inputs.facts.event[row]), int(book.unit[row]))
        counted.setdefault(key, []).append(layout.rungs[outcomes.rule[row]].order)

    assert {key: [min(orders)] for key, orders in takers.items()} == counted


@given(SEEDS)
def test_never_raise_a_score_by_another_deduction(seed):
    scheme = random_rounds.small_scheme(Random(seed))
    random = Random(seed)
    rows = random_rounds.random_rows(scheme, random, units=4)
    quarter = Quarter(2026, 4)
    before = engine.compute(building.build(scheme, quarter, rows))
    kind = random.choice(["light", "heavy", "range"])
    ranges = [r for _, _, c in scheme.channels() for r in random_rounds._ranges(c) if kind in r.match.kinds]
    extra = FactRow(
        "NEW",
        kind,
        "u00",
        date(2026, 11, 1),
        date(2026, 11, 2),
        unit_at_decision="u00",
        points=ranges[0].points if ranges else None,
        reason="理由",
        is_leader=True,
    )

    after = engine.compute(building.build(scheme, quarter, replace(rows, facts=[*rows.facts, extra])))

    assert after.cents[0] <= before.cents[0]
    assert (after.cents[1:] == before.cents[1:]).all()


@given(SEEDS)
def test_read_back_what_was_packed_and_frozen(seed):
    found = drawn(seed)
    results = found.results

    thawed = freezing.from_bytes(freezing.to_bytes(found.inputs))
    again = engine.compute(thawed)

    assert freezing.digest(thawed) == freezing.digest(found.inputs)
    assert packing.pack(again) == packing.pack(results)
    for row, packed in enumerate(packing.pack(results)):
        read = packing.unpack(packed)
        for name in (*packing.BLOCKS, *packing.NUMBERS):
            assert np.array_equal(getattr(read, name), getattr(results, name)[row], equal_nan=True), name
        assert (results.facts.unit[read.fact] == row).all()
        assert np.array_equal(read.fact_points, results.facts.points[read.fact])


@pytest.mark.parametrize("broken", [b"", b"QFSC", b"XXXX" + b"\0" * 60])
def test_refuse_bytes_that_are_no_packed_result(broken):
    with pytest.raises(packing.PackError):
        packing.unpack(broken)


def test_refuse_a_packed_result_that_is_cut_or_of_another_version():
    packed = packing.pack(drawn(1).results)[0]

    for broken in (packed[:-1], packed + b"\0", packed[:4] + b"\x09\0" + packed[6:]):
        with pytest.raises(packing.PackError):
            packing.unpack(broken)


@settings(max_examples=20)
@given(SEEDS)
def test_change_nothing_for_one_unit_by_the_rows_order(seed):
    scheme = random_rounds.small_scheme(Random(seed))
    rows = random_rounds.random_rows(scheme, Random(seed), units=5)
    shuffled: dict[str, Any] = {
        name: Random(seed + 1).sample(list(getattr(rows, name)), len(getattr(rows, name)))
        for name in ("units", "reviews", "tallies", "values", "facts", "missing", "adjustments")
    }

    first = building.build(scheme, Quarter(2026, 2), rows)
    second = building.build(scheme, Quarter(2026, 2), replace(rows, **shuffled))

    assert freezing.digest(first) == freezing.digest(second)


def test_sum_example_scheme_by_its_three_sources():
    scheme = shipped.example_scheme()
    values = [rounds.value("u1", m.code, 90 if m.code == "performance" else 80) for m in scheme.measures]
    tallies = [
        rounds.rows_tally("u1", q.code, g.code, "satisfied", 10)
        for q in scheme.questions
        for g in scheme.groups
    ]
    found = rounds.score(scheme, values=values, tallies=tallies)

    # data: four linear at (80 − 60) / 40 = 0.5; ladders, rank and min–max at 1
    expected = D(45) + D(45) * (D(4) * D("0.5") + 6) / 10 + D(10) * D("0.9")
    assert found.total("u1") == f"{expected:.2f}"
