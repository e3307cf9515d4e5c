"""Sum numbers by the place they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qingfeng.evaluation.scoring.inputs import Floats


def by_place(places: NDArray[Any], weights: NDArray[Any], size: int) -> Floats:
    """Return (size,) the sum of the weights at each place (0-based)."""
    found: NDArray[Any] = np.bincount(places, weights, size)
    return found.astype(np.float64, copy=False)
