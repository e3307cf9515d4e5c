"""Weigh things by pairwise judgement: Saaty's analytic hierarchy process (层次分析法).

A judgement is a whole number on Saaty's scale (Saaty 1980, "The Analytic Hierarchy Process", ch. 3): 1 says
equal, 2 to 9 that the first is so many times as important as the second, −2 to −9 that the second is so many
times as important as the first. Plain data in, plain data out; the words are in ``ahp_words``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.scoring.inputs import Floats

Pair = tuple[str, str]
MOST = 15
"""The largest matrix: Saaty's table of random indices ends there."""
SCALE: tuple[int, ...] = (*range(-9, -1), *range(1, 10))
"""Every judgement there is, from the second being 9 times as important to the first being so."""
RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59
)  # fmt: skip
"""Mean consistency index of random reciprocal matrices of order 1 to 15: Saaty 1980, p. 21, as printed
(500 matrices for orders up to 11, 100 above: hence the dip at 12)."""
LIMIT = 0.10
"""The consistency ratio above which judgements are not used: Saaty 1980, p. 21 ("10 percent or less")."""
_STEPS = 10_000
_CLOSE = 1e-14


@dataclass(frozen=True, slots=True)
class Deviation:
    """One pair whose judgement does not fit the rest.

    ``first`` and ``second`` are places in the matrix; ``given`` is a_ij, ``implied`` is w_i / w_j, ``size``
    is how many times they differ (≥ 1), ``suggested`` the judgement nearest to ``implied``.
    """

    first: int
    second: int
    given: float
    implied: float
    suggested: int

    @property
    def size(self) -> float:
        ratio = self.given / self.implied
        return max(ratio, 1 / ratio)

    @property
    def is_too_high(self) -> bool:
        """Say whether the judgement makes the first more important than the others' judgements do."""
        return self.given > self.implied


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a matrix of order n says: weights (n,), sum 1; λmax; CI = (λmax − n)/(n − 1); RI; CR = CI / RI."""

    weights: tuple[float, ...]
    lambda_max: float
    index: float
    random_index: float
    ratio: float
    deviations: tuple[Deviation, ...]

    def is_consistent(self, limit: float = LIMIT) -> bool:
        """Say whether the judgements may be used; those of one or two things always may."""
        return self.ratio <= limit


def pairs_of(items: Sequence[str]) -> list[Pair]:
    """Return the n(n−1)/2 pairs that are to be judged, in the order of the items."""
    return list(itertools.combinations(items, 2))


def missing(items: Sequence[str], judgements: Mapping[Pair, int]) -> list[Pair]:
    """Return the pairs that nobody has judged."""
    return [pair for pair in pairs_of(items) if pair not in judgements]


def ratio_of(judgement: int) -> float:
    """Return a_ij of a judgement. Raises ValueError for a number that is not on the scale."""
    if judgement not in SCALE:
        raise ValueError(f"{judgement} is not on Saaty's scale")
    return float(judgement) if judgement > 0 else 1.0 / -judgement


def judgement_of(ratio: float) -> int:
    """Return the judgement nearest to a ratio, on the logarithmic scale on which judgements are made."""
    return min(SCALE, key=lambda one: (abs(math.log(ratio_of(one) / ratio)), abs(one)))


def matrix(items: Sequence[str], judgements: Mapping[Pair, int]) -> Floats:
    """Return the reciprocal matrix (n, n) of one person's judgements.

    Raises ValueError where a pair is missing, a number is not on the scale, or there are more than 15 items.
    """
    if not 1 <= len(items) <= MOST:
        raise ValueError(f"{len(items)} items: there must be 1 to {MOST}")
    place = {item: number for number, item in enumerate(items)}
    if lacking := missing(items, judgements):
        raise ValueError(f"{len(lacking)} pairs are not judged")
    found: Floats = np.ones((len(items), len(items)))
    for first, second in pairs_of(items):
        value = ratio_of(judgements[first, second])
        found[place[first], place[second]], found[place[second], place[first]] = value, 1.0 / value
    return found


def combined(matrices: Sequence[Floats]) -> Floats:
    """Return the element-wise geometric mean: the one mean that stays reciprocal (Aczél and Saaty 1983)."""
    logs = np.mean([np.log(one) for one in matrices], axis=0)
    found: Floats = np.exp((logs - logs.T) / 2)
    return found


def weigh(given: Floats) -> Weighing:
    """Return the principal eigenvector of a positive reciprocal matrix (n, n), and how consistent it is."""
    size = len(given)
    weights = _principal(given)
    lambda_max = float(np.mean(given @ weights / weights))
    index = max((lambda_max - size) / (size - 1), 0.0) if size > 2 else 0.0
    random_index = RANDOM_INDEX[size - 1]
    ratio = index / random_index if random_index else 0.0
    return Weighing(
        tuple(float(one) for one in weights),
        lambda_max,
        index,
        random_index,
        ratio,
        _deviations(given, weights),
    )


def _principal(given: Floats) -> Floats:
    """Return Perron's vector by power iteration, started from the geometric means of the rows.

    A positive matrix always has one, and the iteration always reaches it.
    """
    found: Floats = np.exp(np.log(given).mean(axis=1))
    found /= found.sum()
    for _ in range(_STEPS):
        following = given @ found
        following /= following.sum()
        if np.abs(following - found).max() < _CLOSE:
            return following
        found = following
    return found


def _deviations(given: Floats, weights: Floats) -> tuple[Deviation, ...]:
    """Return every pair that does not fit, the one that fits worst first."""
    found = []
    for first, second in itertools.combinations(range(len(weights)), 2):
        implied = float(weights[first] / weights[second])
        one = Deviation(first, second, float(given[first, second]), implied, judgement_of(implied))
        if one.size > 1 + 1e-9:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (-round(one.size, 9), one.first, one.second)))
