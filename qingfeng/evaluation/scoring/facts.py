"""Apply the one-fact rule: the first matching rule in the scheme's order deducts.

All others only show the fact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.scoring import inputs, measuring, settings, terms
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Inputs, Ints
from qingfeng.evaluation.scoring.layout import Layout, Rung
from qingfeng.evaluation.scoring.periods import Period
from qingfeng.evaluation.scoring.results import FactOutcomes


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hold what the scheme's settings make of the facts: bearing unit and day that counts (F,)."""

    unit: Ints
    day: Ints


def ledger(given: Inputs) -> Ledger:
    """Return each fact's bearing unit and its day that counts, as the scheme's settings say."""
    chosen, facts = given.scheme.settings, given.facts
    unit = facts.unit_at_act
    if chosen.fact_unit == settings.FactUnit.DECISION:
        unit = facts.unit_at_decision
    day = facts.act_day if chosen.fact_quarter == settings.FactQuarter.ACT else facts.effective_day
    return Ledger(unit, day)


def matches(given: Inputs, layout: Layout, match: terms.Match) -> Bools:
    """Return (F,) which facts a match takes, whatever their unit and day."""
    facts, index = given.facts, layout.index
    found: Bools = np.isin(facts.kind, [index.kinds[code] for code in match.kinds])
    if match.categories:
        found &= np.isin(facts.category, [index.categories[code] for code in match.categories])
    if match.levels:
        found &= np.isin(facts.level, [index.levels[code] for code in match.levels])
    if match.leader:
        found &= (facts.flags & inputs.LEADER) > 0
    if match.concealed:
        found &= (facts.flags & inputs.CONCEALED) > 0
    return found


def in_window(layout: Layout, day: Ints, period: Period) -> Bools:
    """Return (F,) which days fall into the period that ends with the quarter."""
    first, last = layout.quarter.window(period)
    found: Bools = (day >= first.toordinal()) & (day <= last.toordinal())
    return found


def eligible(given: Inputs, layout: Layout, book: Ledger, rung: Rung) -> Bools:
    """Return (F,) which facts a rule would take, were they not counted elsewhere."""
    if rung.rule.match is None or not layout.quarter.is_due(rung.period):
        return np.zeros(len(book.unit), np.bool_)
    found = matches(given, layout, rung.rule.match) & (book.unit >= 0)
    found &= in_window(layout, book.day, rung.period)
    if rung.rule.conditions:
        found &= measuring.holds(given, layout, rung.rule.conditions)[book.unit]
    return found


def eligible_rows(given: Inputs, layout: Layout, rung: Rung, rows: Ints) -> Bools:
    """Return which of some facts a rule would take, in the order of ``rows``."""
    names = inputs.Facts.__dataclass_fields__
    some = inputs.Facts(**{name: getattr(given.facts, name)[rows] for name in names})
    columns = {name: getattr(given, name) for name in inputs.Inputs.__dataclass_fields__}
    part = inputs.Inputs(**columns | {"facts": some})
    return eligible(part, layout, ledger(part), rung)


def points(given: Inputs, rung: Rung, rows: Ints) -> Floats:
    """Return the points of facts under a rule.

    Quantity × points × every multiplier that applies (before any cap).

    Where the rule has a range and nothing was chosen, the lower end counts.
    """
    facts, factors = given.facts, rung.multipliers
    found = np.full(len(rows), float(rung.rule.points))
    if rung.rule.points_high is not None:
        chosen = facts.points[rows]
        found = np.where(np.isnan(chosen), found, chosen)
    found = found * facts.quantity[rows]
    for bit, factor in (
        (inputs.LEADER, factors.leader),
        (inputs.SELF_REPORTED, factors.self_reported),
        (inputs.CONCEALED, factors.concealed),
    ):
        found = np.where((facts.flags[rows] & bit) > 0, found * float(factor), found)
    return found


def assign(given: Inputs, layout: Layout, applicable: Bools) -> FactOutcomes:
    """Let every event of a unit deduct once: under the first rule, in the scheme's order, that takes it.

    ``applicable`` (N, C) says where a channel counts; a fact passes over channels that do not. Within one
    rule the fact with the most points stands for its event. Facts that already deducted in an earlier
    quarter do not deduct again.
    """
    facts, book = given.facts, ledger(given)
    count = len(facts.id)
    channel, rung_of = np.full(count, -1, np.int16), np.full(count, -1, np.int16)
    found = np.zeros(count)
    keys = facts.event.astype(np.int64) * (len(given.units.codes) + 1) + book.unit
    _, event = np.unique(keys, return_inverse=True)
    open_event = np.ones(count, np.bool_)  # by event number
    fresh = facts.counted_in == 0
    for rung in sorted(layout.rungs, key=lambda rung: (rung.order, rung.number)):
        if not count or rung.rule.match is None:
            continue
        mask = eligible(given, layout, book, rung) & fresh & open_event[event]
        rows = np.flatnonzero(mask & applicable[book.unit, rung.channel])
        if not len(rows):
            continue
        weights = points(given, rung, rows.astype(np.int32))
        order = np.lexsort((rows, -weights))
        _, first = np.unique(event[rows[order]], return_index=True)
        taken = order[first]
        rows, weights = rows[taken], weights[taken]
        channel[rows], rung_of[rows] = rung.channel, rung.number
        found[rows] = weights if rung.rule.effect == terms.Effect.DEDUCT else -weights
        open_event[event[rows]] = False
    current = in_window(layout, book.day, Period.QUARTER) & (book.unit >= 0)
    seen = current | in_window(layout, book.day, Period.HALF) | in_window(layout, book.day, Period.YEAR)
    return FactOutcomes(book.unit, channel, rung_of, found, current, seen & (book.unit >= 0))
