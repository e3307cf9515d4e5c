"""Pack a unit's results into bytes, and read them back.

Layout, little-endian, without padding. Head: ``magic`` 4 bytes ``QFSC``, ``version`` u2, ``channels`` C u2,
``indicators`` I u2, ``dimensions`` D u2, ``unit`` u4 (row in the inputs), ``facts`` F u4. Body: the fields
of ``body_type`` in order. Then F entries of ``FACT``: the unit's facts of the quarter and those that
deducted. Words are composed on reading (``explaining``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qingfeng.evaluation.scoring.inputs import Bools, Bytes, Floats, Ints, Smalls
from qingfeng.evaluation.scoring.results import Results

MAGIC, VERSION = b"QFSC", 1
HEAD = np.dtype(
    [
        ("magic", "S4"),
        ("version", "<u2"),
        ("channels", "<u2"),
        ("indicators", "<u2"),
        ("dimensions", "<u2"),
        ("unit", "<u4"),
        ("facts", "<u4"),
    ]
)
FACT = np.dtype([("fact", "<u4"), ("channel", "<i2"), ("rule", "<i2"), ("points", "<f8"), ("current", "?")])
BLOCKS = {
    "channel_value": ("<f8", "channels"),
    "channel_reason": ("u1", "channels"),
    "alerts": ("?", "channels"),
    "indicator_weight": ("<f8", "indicators"),
    "indicator_points": ("<f8", "indicators"),
    "dimension_weight": ("<f8", "dimensions"),
    "dimension_points": ("<f8", "dimensions"),
}
NUMBERS = {
    "deduction": "<f8",
    "bonus": "<f8",
    "raw_total": "<f8",
    "cents": "<i8",
    "grade": "i1",
    "score_grade": "i1",
    "grade_reason": "u1",
    "downgrade": "i1",
    "rank": "<i4",
    "ranked": "<i4",
}


class PackError(ValueError):
    """Say that bytes are no packed result of this version."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Hold one unit's results; shapes (C,), (I,), (D,) and, for its facts, (F,) as in ``Results``."""

    unit: int
    channel_value: Floats
    channel_reason: Bytes
    alerts: Bools
    indicator_weight: Floats
    indicator_points: Floats
    dimension_weight: Floats
    dimension_points: Floats
    deduction: float
    bonus: float
    raw_total: float
    cents: int
    grade: int
    score_grade: int
    grade_reason: int
    downgrade: int
    rank: int
    ranked: int
    fact: Ints
    fact_channel: Smalls
    fact_rule: Smalls
    fact_points: Floats
    fact_current: Bools


def body_type(channels: int, indicators: int, dimensions: int) -> Any:
    """Return the dtype of the body for these numbers of columns."""
    sizes = {"channels": channels, "indicators": indicators, "dimensions": dimensions}
    fields: list[Any] = [(name, kind, (sizes[which],)) for name, (kind, which) in BLOCKS.items()]
    return np.dtype(fields + list(NUMBERS.items()))


def pack(results: Results) -> list[bytes]:
    """Return one bytes per unit, in the order of the inputs' units."""
    units, channels = results.channel_value.shape
    sizes = (channels, results.indicator_points.shape[1], results.dimension_points.shape[1])
    facts, starts = _fact_entries(results, units)
    heads = np.zeros(units, HEAD)
    heads["magic"], heads["version"] = MAGIC, VERSION
    heads["channels"], heads["indicators"], heads["dimensions"] = sizes
    heads["unit"], heads["facts"] = np.arange(units), np.diff(starts)
    bodies = np.zeros(units, body_type(*sizes))
    for name in [*BLOCKS, *NUMBERS]:
        bodies[name] = getattr(results, name)
    head, body, fact = heads.tobytes(), bodies.tobytes(), facts.tobytes()
    long, wide, size = HEAD.itemsize, bodies.dtype.itemsize, FACT.itemsize
    ends = starts.tolist()
    return [
        head[row * long : (row + 1) * long]
        + body[row * wide : (row + 1) * wide]
        + fact[ends[row] * size : ends[row + 1] * size]
        for row in range(units)
    ]


def unpack(packed: bytes) -> Packed:
    """Read one unit's results. Raises PackError where the bytes are cut, too long.

    Or of another kind or version.
    """
    if len(packed) < HEAD.itemsize or packed[:4] != MAGIC:
        raise PackError("no packed result")
    head = np.frombuffer(packed, HEAD, 1)[0]
    if head["version"] != VERSION:
        raise PackError(f"packed result of version {head['version']}, expected {VERSION}")
    kind = body_type(int(head["channels"]), int(head["indicators"]), int(head["dimensions"]))
    start = HEAD.itemsize + kind.itemsize
    if len(packed) != start + int(head["facts"]) * FACT.itemsize:
        raise PackError("packed result of a wrong length")
    body = np.frombuffer(packed, kind, 1, HEAD.itemsize)[0]
    facts = np.frombuffer(packed, FACT, int(head["facts"]), start)
    return Packed(
        unit=int(head["unit"]),
        fact=facts["fact"].astype(np.int32),
        fact_channel=facts["channel"].astype(np.int16),
        fact_rule=facts["rule"].astype(np.int16),
        fact_points=facts["points"].astype(np.float64),
        fact_current=facts["current"].astype(np.bool_),
        **{name: body[name].copy() for name in BLOCKS},
        **{name: body[name].item() for name in NUMBERS},
    )


def _fact_entries(results: Results, units: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the fact entries sorted by unit, and where each unit's begin (N + 1,)."""
    outcomes = results.facts
    rows = np.flatnonzero(outcomes.is_seen)
    rows = rows[np.argsort(outcomes.unit[rows], kind="stable")]
    found = np.zeros(len(rows), FACT)
    found["fact"], found["channel"], found["rule"] = rows, outcomes.channel[rows], outcomes.rule[rows]
    found["points"], found["current"] = outcomes.points[rows], outcomes.is_current[rows]
    return found, np.searchsorted(outcomes.unit[rows], np.arange(units + 1)).astype(np.int64)
