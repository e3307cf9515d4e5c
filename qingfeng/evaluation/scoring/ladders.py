"""Sum the deductions of the ladders, with the caps last."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import measuring, sums, terms
from qingfeng.evaluation.scoring.inputs import Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout, Rung
from qingfeng.evaluation.scoring.results import FactOutcomes


def rule_sum(given: Inputs, layout: Layout, rung: Rung, outcomes: FactOutcomes) -> Floats:
    """Return (N,) what one rule takes or gives, in points ≥ 0, held by the rule's own cap."""
    units = len(given.units.codes)
    if rung.rule.match is not None:
        rows = np.flatnonzero(outcomes.rule == rung.number)
        found = sums.by_place(outcomes.unit[rows], np.abs(outcomes.points[rows]), units)
    elif not layout.quarter.is_due(rung.period):
        return np.zeros(units)
    else:
        found = measuring.holds(given, layout, rung.rule.conditions).astype(np.float64)
        found = found * float(rung.rule.points)
        if rung.rule.count:
            found = found * measuring.counts(given, layout, rung.rule.count)
    return found if rung.rule.cap is None else np.minimum(found, float(rung.rule.cap))


def net(given: Inputs, layout: Layout, channel: int, outcomes: FactOutcomes) -> Floats:
    """Return (N,) deductions less awards of a channel's ladders.

    Each ladder's cap holds its deductions, last of all.
    """
    found = np.zeros(len(given.units.codes))
    rungs = [rung for rung in layout.rungs if rung.channel == channel]
    for code in dict.fromkeys(rung.term.code for rung in rungs):
        mine = [rung for rung in rungs if rung.term.code == code]
        lost, given_back = np.zeros(len(found)), np.zeros(len(found))
        for rung in mine:
            amount = rule_sum(given, layout, rung, outcomes)
            if rung.rule.effect == terms.Effect.DEDUCT:
                lost = lost + amount
            else:
                given_back = given_back + amount
        cap = mine[0].term.cap
        found += (lost if cap is None else np.minimum(lost, float(cap))) - given_back
    return found
