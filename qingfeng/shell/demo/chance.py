"""Chance for the stage: the same city every time, and units that differ in a way that lasts."""

from __future__ import annotations

import hashlib
import random


def dice(*parts: object) -> random.Random:
    """Return a random source that depends on what it is for, and on nothing else."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return random.Random(digest)  # noqa: S311 -- scenes of a stage, not secrets


def quality(unit: str, quarter: str) -> float:
    """Return how well a unit does in a quarter, 0 to 1: mostly its own, a little the quarter's."""
    lasting = dice("quality", unit).betavariate(1.8, 1.5)
    passing = dice("quality", unit, quarter).uniform(-0.1, 0.12)
    return min(1.0, max(0.02, lasting + passing))
