"""The frozen inputs of a round, read once in a process and kept while they are asked for."""

from __future__ import annotations

from collections import OrderedDict

from qingfeng.evaluation.models.results import Snapshot
from qingfeng.evaluation.scoring import freezing
from qingfeng.evaluation.scoring.inputs import Inputs

KEPT = 6
_kept: OrderedDict[str, Inputs] = OrderedDict()
"""By digest: what is frozen never changes, so nothing here can be stale."""


def inputs_of(snapshot: Snapshot) -> Inputs:
    """Return a snapshot's inputs. Raises ValueError where the stored bytes are not what their digest says."""
    found = _kept.get(snapshot.digest)
    if found is None:
        found = freezing.from_bytes(bytes(snapshot.content))
        if freezing.digest(found) != snapshot.digest:
            raise ValueError(f"snapshot {snapshot.pk} does not match its digest")
        _kept[snapshot.digest] = found
    _kept.move_to_end(snapshot.digest)
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return found


def inputs_by_id(snapshot_id: int, digest: str) -> Inputs:
    """Return a snapshot's inputs, without reading its bytes where they are kept already."""
    found = _kept.get(digest)
    if found is None:
        return inputs_of(Snapshot.objects.get(pk=snapshot_id))
    _kept.move_to_end(digest)
    return found
