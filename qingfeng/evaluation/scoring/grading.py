"""Round, grade and rank."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from qingfeng.evaluation.scoring import facts
from qingfeng.evaluation.scoring import settings as scheme_settings
from qingfeng.evaluation.scoring.inputs import Bools, Bytes, Floats, Inputs, Ints
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import FactOutcomes, GradeReason

Cents = NDArray[np.int64]
Grades = NDArray[np.int8]
NOISE = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Grading:
    """Hold grades (N,) as positions in the scheme's grades, -1 none, and where they came from."""

    grade: Grades
    score_grade: Grades
    reason: Bytes
    downgrade: Grades


def to_cents(values: Floats) -> Cents:
    """Return points × 100, half up, -1 for NaN.

    The eighth decimal is settled first, so that binary noise does not move a half: 89.995 gives 9000
    however it was summed.
    """
    known = ~np.isnan(values)
    clean = np.round(np.where(known, values, 0.0) * 100.0, 6)
    return np.where(known, np.floor(clean + 0.5), -1).astype(np.int64)


def rounded(value: Decimal) -> Decimal:
    """Return a number to two decimals, half up.

    With the same settling of the eighth decimal as ``to_cents``.
    """
    return value.quantize(NOISE, ROUND_HALF_EVEN).quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade(given: Inputs, layout: Layout, cents: Cents, outcomes: FactOutcomes) -> Grading:
    """Return grades from rounded scores, then held by downgrades that are switched on, then by quotas."""
    by_score = _by_lines(layout.scheme.settings, cents)
    final, reason = by_score.copy(), np.where(by_score < 0, GradeReason.NOT_SCORED, 0).astype(np.uint8)
    held = np.full(len(cents), -1, np.int8)
    codes = [line.code for line in layout.scheme.settings.grades]
    for number, rule in enumerate(layout.scheme.settings.downgrades):
        if not rule.enabled:
            continue
        hit = downgrade_counts(given, layout, rule, outcomes) >= rule.at_least
        lower = hit & (final >= 0) & (final < codes.index(rule.ceiling))
        final[lower], held[lower], reason[lower] = codes.index(rule.ceiling), number, GradeReason.DOWNGRADE
    for quota in layout.scheme.settings.quotas:
        _hold_quota(given, layout, quota, cents, (final, reason))
    return Grading(final, by_score, reason, held)


def downgrade_counts(
    given: Inputs, layout: Layout, rule: scheme_settings.Downgrade, outcomes: FactOutcomes
) -> Ints:
    """Return (N,) the number of facts of the quarter that a downgrade takes.

    Whether or not they deducted.
    """
    rows = np.flatnonzero(facts.matches(given, layout, rule.match) & outcomes.is_current)
    return np.bincount(outcomes.unit[rows], None, len(given.units.codes)).astype(np.int32)


def quota_places(percent: Decimal, units: int) -> int:
    """Return the places of a quota in a class, rounded down."""
    return int(percent * units / 100)


def _by_lines(chosen: scheme_settings.Settings, cents: Cents) -> Grades:
    """Return the first grade whose line the rounded score reaches."""
    found = np.full(len(cents), -1, np.int8)
    for number, line in reversed(list(enumerate(chosen.grades))):
        found[(cents >= int(line.at_least * 100)) & (cents >= 0)] = number
    return found


def _hold_quota(
    given: Inputs,
    layout: Layout,
    quota: scheme_settings.Quota,
    cents: Cents,
    grading: tuple[Grades, Bytes],
) -> None:
    """Keep the best of a class within the quota; those who tie across its line stay out.

    Small classes are exempt.
    """
    final, reason = grading
    codes = [line.code for line in layout.scheme.settings.grades]
    number = codes.index(quota.grade)
    for place, name in enumerate(given.units.groupings):
        if quota.classes and name not in quota.classes:
            continue
        mine = (given.units.grouping == place) & (cents >= 0)
        size = int(mine.sum())
        if size < layout.scheme.settings.quota_exempt_below:
            continue
        rows = np.flatnonzero(mine & (final == number))
        out, tied = _out_of(cents[rows], quota_places(quota.percent, size))
        final[rows[out]] = number + 1
        reason[rows[out]] = np.where(tied[out], GradeReason.QUOTA_TIE, GradeReason.QUOTA)


def _out_of(cents: Cents, places: int) -> tuple[Bools, Bools]:
    """Return which scores do not get one of ``places``, and which of those tie with the last place."""
    if len(cents) <= places:
        return np.zeros(len(cents), np.bool_), np.zeros(len(cents), np.bool_)
    ordered = np.sort(cents)[::-1]
    first_out = ordered[places]
    straddles = places > 0 and ordered[places - 1] == first_out
    return cents <= first_out, (cents == first_out) & straddles


def ranks(given: Inputs, cents: Cents) -> tuple[Ints, Ints]:
    """Return (N,) ranks in the class by rounded score (equal scores share the better).

    And the number ranked; 0 is none.
    """
    rank, ranked = np.zeros(len(cents), np.int32), np.zeros(len(cents), np.int32)
    for grouping in range(len(given.units.groupings)):
        rows = np.flatnonzero((given.units.grouping == grouping) & (cents >= 0))
        ordered = np.sort(cents[rows])
        rank[rows] = 1 + len(rows) - np.searchsorted(ordered, cents[rows], side="right")
        ranked[rows] = len(rows)
    return rank, ranked
