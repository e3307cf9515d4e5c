"""What a recomputation changed, and which inputs changed it."""

from __future__ import annotations

from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import comparing, engine

KEPT = 8
_kept: dict[tuple[str, str], tuple[comparing.UnitChange, ...]] = {}
"""By the digests of both frozen copies: what is frozen never changes."""


def revision(round: Round, number: int) -> Revision | None:
    rows = round.revisions.select_related("snapshot", "computed_by", "approval", "round__scheme_version")
    return rows.filter(number=number).first()


def before(row: Revision) -> Revision | None:
    """Return the revision that this one replaced."""
    rows = Revision.objects.filter(round_id=row.round_id, number__lt=row.number).select_related("snapshot")
    return rows.order_by("-number").first()


def changed(first: Revision, second: Revision) -> tuple[comparing.UnitChange, ...]:
    """Return the units that differ between two computations, each with the inputs that changed it."""
    key = (first.snapshot.digest, second.snapshot.digest)
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        old, new = frozen.inputs_of(first.snapshot), frozen.inputs_of(second.snapshot)
        _kept[key] = comparing.compare(old, engine.compute(old), new, engine.compute(new))
    return _kept[key]
