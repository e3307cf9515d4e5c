"""Which indicators a round lost most points on, over all units or those of one class, from what is stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.queries import behind
from qingfeng.evaluation.scoring import packing
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.inputs import Floats


@dataclass(frozen=True)
class LosingIndicator:
    """One indicator over many units: mean percent, points lost on average, how many lost any."""

    dimension: core.Dimension
    indicator: core.Indicator
    units: int
    losing: int
    mean: float | None
    before: float | None
    lost: float

    @property
    def change(self) -> float | None:
        return None if self.mean is None or self.before is None else round(self.mean - self.before, 2)


def losing_indicators(
    revision: Revision, before: Revision | None, unit_class: str = ""
) -> list[LosingIndicator]:
    """Return every indicator of the scheme, the most points lost first."""
    points, weights = _columns(revision, unit_class)
    earlier = {} if before is None else _means(before, unit_class)
    scored = ~np.isnan(points)
    lost = np.where(scored, weights - points, 0.0)
    found = []
    for number, (dimension, indicator) in enumerate(behind.scheme_of(revision).indicators()):
        rows = scored[:, number]
        found.append(
            LosingIndicator(
                dimension,
                indicator,
                int(rows.sum()),
                int((lost[:, number] >= 0.005).sum()),
                _mean(points[rows, number], weights[rows, number]),
                earlier.get(indicator.code),
                round(float(lost[rows, number].mean()), 4) if rows.any() else 0.0,
            )
        )
    return sorted(found, key=lambda entry: -entry.lost)


def _columns(revision: Revision, unit_class: str) -> tuple[Floats, Floats]:
    """Return points and effective weights (units × indicators), NaN where not applicable."""
    rows = UnitResult.objects.filter(revision=revision)
    if unit_class:
        rows = rows.filter(round_unit__unit_class=unit_class)
    found = [packing.unpack(bytes(packed)) for packed in rows.values_list("packed", flat=True)]
    width = sum(1 for _ in behind.scheme_of(revision).indicators())
    if not found:
        return np.empty((0, width)), np.empty((0, width))
    return np.array([row.indicator_points for row in found]), np.array(
        [row.indicator_weight for row in found]
    )


def _means(revision: Revision, unit_class: str) -> dict[str, float | None]:
    points, weights = _columns(revision, unit_class)
    scored = ~np.isnan(points)
    return {
        indicator.code: _mean(points[scored[:, n], n], weights[scored[:, n], n])
        for n, (_, indicator) in enumerate(behind.scheme_of(revision).indicators())
    }


def _mean(points: Floats, weights: Floats) -> float | None:
    return round(float((points / weights).mean()) * 100, 2) if len(points) else None
