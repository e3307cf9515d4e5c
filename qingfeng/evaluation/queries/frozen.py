"""The frozen inputs of a round, read once in a process and kept while they are asked for."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np

from qingfeng.evaluation.models.results import Snapshot
from qingfeng.evaluation.scoring import engine, explaining, freezing, packing
from qingfeng.evaluation.scoring.inputs import Floats, Inputs
from qingfeng.evaluation.scoring.results import Results

Thing = TypeVar("Thing")
KEPT = 6


class _Shelf(Generic[Thing]):
    """The last few things by digest, for several threads. What is frozen never changes: nothing is stale."""

    def __init__(self) -> None:
        self.things: OrderedDict[str, Thing] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, digest: str) -> Thing | None:
        with self.lock:
            found = self.things.get(digest)
            if found is not None:
                self.things.move_to_end(digest)
            return found

    def put(self, digest: str, thing: Thing) -> Thing:
        with self.lock:
            self.things[digest] = thing
            self.things.move_to_end(digest)
            while len(self.things) > KEPT:
                self.things.popitem(last=False)
        return thing


_inputs: _Shelf[Inputs] = _Shelf()
_results: _Shelf[Results] = _Shelf()
_readers: _Shelf[explaining.Reader] = _Shelf()


def forget() -> None:
    """Forget what is kept, for tests that count reads."""
    for shelf in (_inputs, _results, _readers):
        shelf.things.clear()


def inputs_of(snapshot: Snapshot) -> Inputs:
    """Return a snapshot's inputs. Raises ValueError where the stored bytes are not what their digest says."""
    found = _inputs.get(snapshot.digest)
    if found is not None:
        return found
    found = freezing.from_bytes(bytes(snapshot.content))
    if freezing.digest(found) != snapshot.digest:
        raise ValueError(f"snapshot {snapshot.pk} does not match its digest")
    return keep(snapshot.digest, found)


def keep(digest: str, inputs: Inputs) -> Inputs:
    """Keep inputs under the digest that was reckoned from them."""
    return _inputs.put(digest, inputs)


def inputs_by_id(snapshot_id: int, digest: str) -> Inputs:
    """Return a snapshot's inputs, without reading its bytes where they are kept already."""
    found = _inputs.get(digest)
    return inputs_of(Snapshot.objects.get(pk=snapshot_id)) if found is None else found


def results_of(digest: str, inputs: Inputs) -> Results:
    """Return what the core computes from frozen inputs: the same whenever it is asked."""
    found = _results.get(digest)
    return _results.put(digest, engine.compute(inputs)) if found is None else found


def reader(snapshot_id: int, digest: str) -> explaining.Reader:
    """Return the explainer of a snapshot."""
    found = _readers.get(digest)
    if found is None:
        found = _readers.put(digest, explaining.Reader(inputs_by_id(snapshot_id, digest)))
    return found


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
