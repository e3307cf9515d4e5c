"""What a recomputation changed and why, worked out from the two frozen copies."""

from __future__ import annotations

from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import comparing
from qingfeng.evaluation.scoring.comparing import UnitChange

KEPT = 8
_changes: dict[tuple[str, str], tuple[UnitChange, ...]] = {}


def previous(revision: Revision) -> Revision | None:
    """Return the revision of the same round that this one replaced."""
    rows = Revision.objects.filter(round_id=revision.round_id, number__lt=revision.number)
    return rows.select_related("snapshot").defer("snapshot__content").order_by("-number").first()


def changes(before: Revision, after: Revision) -> tuple[UnitChange, ...]:
    """Return the units whose score, grade, rank or any point changed, each with the inputs that changed it.

    The two may be of one round, or of two quarters.
    """
    key = (before.snapshot.digest, after.snapshot.digest)
    if key not in _changes:
        if len(_changes) >= KEPT:
            _changes.clear()
        first = frozen.inputs_by_id(before.snapshot_id, key[0])
        second = frozen.inputs_by_id(after.snapshot_id, key[1])
        results = (frozen.results_of(key[0], first), frozen.results_of(key[1], second))
        _changes[key] = comparing.compare(first, results[0], second, results[1])
    return _changes[key]


def of_revision(revision: Revision) -> tuple[UnitChange, ...]:
    """Return what a revision changed against the one it replaced; nothing for a round's first."""
    before = previous(revision)
    return () if before is None else changes(before, revision)
