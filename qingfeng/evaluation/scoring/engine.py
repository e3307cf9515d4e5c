"""Score a whole round at once."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import balloting, channel_values, grading, redistribution, reviewing
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import Results
from qingfeng.evaluation.scoring.settings import AdjustmentKind


def compute(given: Inputs) -> Results:
    """Return the results of a round: N units in one pass, no clock, no chance.

    Equal inputs give equal results.

    Total = Σ dimension points + bonuses − deductions, held to 0 .. 100 + bonus cap, rounded last (issue 2
    §3).
    """
    layout = Layout(given.scheme, given.quarter)
    fractions = reviewing.review_fractions(given, layout)
    values, reasons, outcomes = channel_values.values(given, layout, fractions)
    points = redistribution.share_out(layout, values)
    deduction = adjustment_sum(given, AdjustmentKind.DEDUCTION)
    bonus = adjustment_sum(given, AdjustmentKind.BONUS)
    ceiling = 100.0 + float(given.scheme.settings.bonus_cap)
    raw = np.clip(points.total + bonus - deduction, 0.0, ceiling)
    cents = grading.to_cents(raw)
    grades = grading.grade(given, layout, cents, outcomes)
    rank, ranked = grading.ranks(given, cents)
    return Results(
        channel_value=values,
        channel_reason=reasons,
        indicator_weight=points.indicator_weight,
        indicator_points=points.indicator_points,
        dimension_weight=points.dimension_weight,
        dimension_points=points.dimension_points,
        deduction=deduction,
        bonus=bonus,
        raw_total=raw,
        cents=cents,
        grade=grades.grade,
        score_grade=grades.score_grade,
        grade_reason=grades.reason,
        downgrade=grades.downgrade,
        rank=rank,
        ranked=ranked,
        alerts=_alerts(given, layout, values),
        facts=outcomes,
        scorers=reviewing.scorer_stats(given, layout, fractions),
    )


def adjustment_sum(given: Inputs, kind: AdjustmentKind) -> Floats:
    """Return (N,) the deductions or bonuses as they count.

    Each held by its own cap, then all by the scheme's.
    """
    units, entries = len(given.units.codes), given.adjustments
    found = np.zeros(units)
    for number, adjustment in enumerate(given.scheme.adjustments):
        if adjustment.kind != kind:
            continue
        rows = np.flatnonzero(entries.adjustment == number)
        sums = np.bincount(entries.unit[rows], entries.points[rows], units)
        found += sums if adjustment.cap is None else np.minimum(sums, float(adjustment.cap))
    chosen = given.scheme.settings
    cap = chosen.bonus_cap if kind == AdjustmentKind.BONUS else chosen.deduction_cap
    return found if cap is None else np.minimum(found, float(cap))


def _alerts(given: Inputs, layout: Layout, values: Floats) -> Bools:
    """Return (N, C) where a ballot that counts falls below its alert line."""
    found = np.zeros(values.shape, np.bool_)
    for number, channel in enumerate(layout.channels):
        if isinstance(channel, schemes.BallotChannel) and channel.alert is not None:
            found[:, number] = balloting.alerts(given, layout, channel) & ~np.isnan(values[:, number])
    return found
