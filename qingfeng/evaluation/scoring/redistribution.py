"""Share the weight of what does not apply among what does.

Within the indicator, the dimension, then all dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.scoring.inputs import Floats, Ints
from qingfeng.evaluation.scoring.layout import Layout


@dataclass(frozen=True, slots=True)
class Points:
    """Hold effective weights and points: (N, I) of indicators, (N, D) of dimensions, (N,) their total.

    NaN is no score.
    """

    indicator_weight: Floats
    indicator_points: Floats
    dimension_weight: Floats
    dimension_points: Floats
    total: Floats


def share_out(layout: Layout, values: Floats) -> Points:
    """Return points from (N, C) channel values, with NaN for not applicable.

    Weights of what applies keep their proportion to each other and sum to 100 (proposal; the issue's order
    of sharing).
    """
    scored = ~np.isnan(values)
    shares = np.where(scored, layout.share, 0.0)
    weight_in = _sum(shares, layout.channel_indicator, len(layout.indicator_weight))
    value_in = _sum(shares * np.where(scored, values, 0.0), layout.channel_indicator, weight_in.shape[1])
    is_scored = weight_in > 0
    value = np.divide(value_in, weight_in, out=np.full(weight_in.shape, np.nan), where=is_scored)
    base = np.where(is_scored, layout.indicator_weight, 0.0)
    within = _sum(base, layout.indicator_dimension, len(layout.dimension_weight))
    open_weight = np.where(within > 0, layout.dimension_weight, 0.0)
    total_open = open_weight.sum(axis=1, keepdims=True)
    dimension_weight = np.divide(
        open_weight * layout.dimension_weight.sum(),
        total_open,
        out=np.zeros(open_weight.shape),
        where=total_open > 0,
    )
    factor = np.divide(dimension_weight, within, out=np.zeros(within.shape), where=within > 0)
    weight = base * factor[:, layout.indicator_dimension]
    points = weight * value
    sums = _sum(np.where(is_scored, points, 0.0), layout.indicator_dimension, within.shape[1])
    dimension_points = np.where(within > 0, sums, np.nan)
    total = np.where(total_open[:, 0] > 0, sums.sum(axis=1), np.nan)
    return Points(weight, points, dimension_weight, dimension_points, total)


def _sum(block: Floats, owner: Ints, size: int) -> Floats:
    """Sum the columns of a block by their owner; owners stand in order and each has a column."""
    starts = np.searchsorted(owner, np.arange(size))
    found: Floats = np.add.reduceat(block, starts, axis=1)
    return found
