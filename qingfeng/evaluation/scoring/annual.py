"""Roll a year's announced quarters up into one mean a unit, its grade, and its rank in the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
QUARTERS = (1, 2, 3, 4)


def mean(scores: Mapping[int, Decimal], weights: Mapping[int, int]) -> Decimal | None:
    """Return the weighted mean of the quarters that there are, in points, half up to two decimals at the end.

    ``scores`` are points by quarter; a quarter without a score is left out with its weight, never counted as
    zero. None where no quarter with a weight has a score (domain.md §1.6: mean of the announced quarters).
    """
    counted = [(scores[quarter], weights.get(quarter, 0)) for quarter in scores]
    total = sum(weight for _, weight in counted)
    if total <= 0:
        return None
    exact = sum((score * weight for score, weight in counted), Decimal(0))
    # A quotient of two decimals is settled far beyond any half of a cent before it is rounded.
    return (exact / total).quantize(CENT, ROUND_HALF_UP)


def grade(score: Decimal | None, lines: Sequence[tuple[str, Decimal]]) -> str:
    """Return the code of the first line (code, least points; best first) that the score reaches; else ""."""
    if score is None:
        return ""
    return next((code for code, least in lines if score >= least), "")


def ranks(rows: Sequence[tuple[int, str, Decimal | None]]) -> dict[int, tuple[int, int]]:
    """Return rank and number ranked by key, of rows (key, class, mean); equal means share the better rank."""
    by_class: dict[str, list[Decimal]] = {}
    for _, name, score in rows:
        if score is not None:
            by_class.setdefault(name, []).append(score)
    return {
        key: (1 + sum(other > score for other in by_class[name]), len(by_class[name]))
        for key, name, score in rows
        if score is not None
    }
