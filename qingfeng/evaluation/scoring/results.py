"""Hold what ``engine.compute`` returns: one row a unit, columns in the scheme's order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from qingfeng.evaluation.scoring.inputs import Bools, Bytes, Floats, Ints, Smalls


class Reason(IntEnum):
    """Say why a channel has its value; words are in ``scoring.words``.

    From NOT_DELIVERED on the channel is not applicable.
    """

    SCORED = 0
    NOTHING_REPORTED = 1  # the source reported none: full marks
    NO_FACTS = 2  # delivered, no deduction: full marks
    MISSING_ZERO = 3  # the unit did not submit: zero
    MISSING_SHARE = 4  # the unit did not submit: a fixed share
    NOT_DELIVERED = 10
    NOT_DUE = 11  # the indicator's period does not end in this quarter
    MISSING_NOT_APPLICABLE = 12
    NO_REVIEW = 13  # delivered, but no valid review of this unit
    TOO_FEW_BALLOTS = 14
    NO_VALUE = 15  # delivered, but no value of any scoring measure

    @property
    def is_scored(self) -> bool:
        """Say whether the channel counts."""
        return self < Reason.NOT_DELIVERED


class GradeReason(IntEnum):
    """Say what the final grade was taken from."""

    SCORE = 0
    DOWNGRADE = 1
    QUOTA = 2
    QUOTA_TIE = 3  # the score ties across the line of the quota
    NOT_SCORED = 4


@dataclass(frozen=True, slots=True)
class FactOutcomes:
    """Say for each of the F facts where it deducted: ``channel`` is -1 for nowhere.

    ``rule`` is its place among all the scheme's ladder rules (``Layout.rungs``), -1 for none. ``unit`` is
    the bearing unit (-1: of no unit of this round). ``points`` are on the channel's scale, after the
    multipliers and before any cap, negative for an award. ``is_current`` says that the fact falls in this
    quarter, ``is_seen`` in a period that ends with it.
    """

    unit: Ints
    channel: Smalls
    rule: Smalls
    points: Floats
    is_current: Bools
    is_seen: Bools


@dataclass(frozen=True, slots=True)
class ScorerStat:
    """Show how a department scored a channel.

    Number of reviews, mean and standard deviation, in percent of full marks.
    """

    channel: str
    department: str
    count: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Results:
    """Hold a round's results for N units, C channels, I indicators, D dimensions.

    ``channel_value`` (N, C) is 0..1, NaN where not applicable; ``channel_reason`` (N, C) holds Reason;
    ``indicator_weight`` and ``indicator_points`` (N, I), ``dimension_weight`` and ``dimension_points`` (N,
    D) are effective weights after redistribution and the unrounded points (NaN points where not
    applicable); ``deduction`` and ``bonus`` (N,) the adjustments as they count; ``raw_total`` (N,)
    unrounded; ``cents`` (N,) the rounded total × 100, -1 where the unit is not scored; ``grade`` and
    ``score_grade`` (N,) index the scheme's grades (-1 none), after and before downgrade and quota; ``rank``
    (N,) within the class of ``ranked`` (N,) scored units, 0 none; ``downgrade`` (N,) indexes the downgrade
    that held the grade, -1 none; ``alerts`` (N, C).
    """

    channel_value: Floats
    channel_reason: Bytes
    indicator_weight: Floats
    indicator_points: Floats
    dimension_weight: Floats
    dimension_points: Floats
    deduction: Floats
    bonus: Floats
    raw_total: Floats
    cents: NDArray[np.int64]
    grade: NDArray[np.int8]
    score_grade: NDArray[np.int8]
    grade_reason: Bytes
    downgrade: NDArray[np.int8]
    rank: Ints
    ranked: Ints
    alerts: Bools
    facts: FactOutcomes
    scorers: tuple[ScorerStat, ...]
