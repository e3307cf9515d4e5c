"""What a recomputation changed and why, worked out from the two frozen copies."""

from __future__ import annotations

from collections.abc import Collection

from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import comparing
from qingfeng.evaluation.scoring.comparing import UnitChange

KEPT = 8
_changes: dict[tuple[str, str], tuple[UnitChange, ...]] = {}
"""By the digests of both frozen copies: what is frozen never changes."""


def of_number(round: Round, number: int) -> Revision | None:
    """Return one computation of a round, with all that its page shows of it."""
    rows = round.revisions.select_related("snapshot", "computed_by", "approval", "round__scheme_version")
    return rows.defer("snapshot__content").filter(number=number).first()


def previous(revision: Revision) -> Revision | None:
    """Return the revision of the same round that this one replaced."""
    rows = Revision.objects.filter(round_id=revision.round_id, number__lt=revision.number)
    return rows.select_related("snapshot").defer("snapshot__content").order_by("-number").first()


def changes(before: Revision, after: Revision) -> tuple[UnitChange, ...]:
    """Return the units whose score, grade, rank or any point changed, each with the inputs that changed it.

    The two may be of one round, or of two quarters.
    """
    key = (before.snapshot.digest, after.snapshot.digest)
    found = _changes.get(key)
    if found is None:
        first = frozen.inputs_by_id(before.snapshot_id, key[0])
        second = frozen.inputs_by_id(after.snapshot_id, key[1])
        results = (frozen.results_of(key[0], first), frozen.results_of(key[1], second))
        found = comparing.compare(first, results[0], second, results[1])
        if len(_changes) >= KEPT:
            _changes.clear()
        _changes[key] = found
    return found


def changes_of_units(before: Revision, after: Revision, codes: Collection[str]) -> dict[str, UnitChange]:
    """Return what changed between two revisions for some units, by their codes."""
    sides = []
    for row in (before, after):
        inputs = frozen.inputs_by_id(row.snapshot_id, row.snapshot.digest)
        sides += [inputs, frozen.results_of(row.snapshot.digest, inputs)]
    return {change.unit: change for change in comparing.compare(*sides, units=codes)}  # type: ignore[arg-type,misc]


def of_revision(revision: Revision) -> tuple[UnitChange, ...]:
    """Return what a revision changed against the one it replaced; nothing for a round's first."""
    before = previous(revision)
    return () if before is None else changes(before, revision)
