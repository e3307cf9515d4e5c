"""What a recomputation changed and why, worked out from the two frozen copies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import appeals, frozen
from qingfeng.evaluation.scoring import comparing
from qingfeng.evaluation.scoring.comparing import Cause, UnitChange

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


def of_appeals(after: Revision, found: tuple[UnitChange, ...]) -> tuple[UnitChange, ...]:
    """Name, before the inputs that changed, the appeals whose corrections a revision took in."""
    rows = list(appeals.corrected_by(after).prefetch_related("corrections"))
    if not rows:
        return found
    numbers = "、".join(f"第{row.number}号" for row in rows)
    return tuple(_named(change, rows, numbers) for change in found)


def _named(change: UnitChange, rows: list[Appeal], numbers: str) -> UnitChange:
    own = [row for row in rows if row.round_unit.code == change.unit]
    if not own:
        cause = Cause("appeal", "", f"因其他单位{numbers}申诉更正而变化")
        return replace(change, causes=(cause, *change.causes))
    indicators = tuple(
        replace(entry, causes=(*_causes([row for row in own if row.indicator == entry.code]), *entry.causes))
        for entry in change.indicators
    )
    outer = _causes([row for row in own if not row.indicator])
    return replace(change, indicators=indicators, causes=(*outer, *change.causes))


def _causes(rows: list[Appeal]) -> tuple[Cause, ...]:
    return tuple(
        Cause("appeal", row.channel, f"第{row.number}号申诉更正：{correction.summary}")
        for row in rows
        for correction in row.corrections.all()
    )


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
    return () if before is None else of_appeals(revision, changes(before, revision))
