"""The frozen inputs of a round, read once in a process and kept while they are asked for."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from qingfeng.evaluation.models.results import Snapshot
from qingfeng.evaluation.scoring import engine, explaining, freezing, packing
from qingfeng.evaluation.scoring.inputs import Floats, Inputs
from qingfeng.evaluation.scoring.results import Results

KEPT = 6
_kept: OrderedDict[str, Inputs] = OrderedDict()
"""By digest: what is frozen never changes, so nothing here can be stale."""
_readers: dict[str, explaining.Reader] = {}
_results: dict[str, Results] = {}


def inputs_of(snapshot: Snapshot) -> Inputs:
    """Return a snapshot's inputs. Raises ValueError where the stored bytes are not what their digest says."""
    found = _kept.get(snapshot.digest)
    if found is None:
        found = freezing.from_bytes(bytes(snapshot.content))
        if freezing.digest(found) != snapshot.digest:
            raise ValueError(f"snapshot {snapshot.pk} does not match its digest")
    keep(snapshot.digest, found)
    return found


def keep(digest: str, inputs: Inputs) -> None:
    """Keep inputs under the digest that was reckoned from them."""
    _kept[digest] = inputs
    _kept.move_to_end(digest)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


def inputs_by_id(snapshot_id: int, digest: str) -> Inputs:
    """Return a snapshot's inputs, without reading its bytes where they are kept already."""
    found = _kept.get(digest)
    if found is None:
        return inputs_of(Snapshot.objects.get(pk=snapshot_id))
    _kept.move_to_end(digest)
    return found


def results_of(digest: str, inputs: Inputs) -> Results:
    """Return what the core computes from frozen inputs: the same whenever it is asked."""
    found = _results.get(digest)
    if found is None:
        for old in [key for key in _results if key not in _kept]:
            del _results[old]
        found = _results[digest] = engine.compute(inputs)
    return found


def reader(snapshot_id: int, digest: str) -> explaining.Reader:
    """Return the explainer of a snapshot, kept as long as its inputs are."""
    inputs = inputs_by_id(snapshot_id, digest)
    kept = _readers.get(digest)
    if kept is None or kept.given is not inputs:
        for old in [key for key in _readers if key not in _kept]:
            del _readers[old]
        kept = _readers[digest] = explaining.Reader(inputs)
    return kept


def indicator_percents(packed: bytes) -> list[float | None]:
    """Return a unit's indicators in percent of full marks, None where not applicable."""
    found = packing.unpack(packed)
    return _percents(found.indicator_points, found.indicator_weight)


def dimension_percents(packed: bytes, names: Sequence[str]) -> dict[str, float | None]:
    """Return a unit's dimensions in percent of full marks, by the names of its own scheme."""
    found = packing.unpack(packed)
    return dict(zip(names, _percents(found.dimension_points, found.dimension_weight), strict=True))


def _percents(points: Floats, weights: Floats) -> list[float | None]:
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.round(points / weights * 100, 2).tolist()
    return [None if math.isnan(value) else value for value in values]
