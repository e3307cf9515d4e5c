"""From frozen inputs to stored results: one pass of the scoring core, packed numbers per unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db.models import Max

from qingfeng.core.actors import Actor
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.models.results import Revision, Snapshot, UnitResult
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import engine, packing
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.results import Results

BATCH = 500


def store(snapshot: Snapshot, before: Revision | None, *, by: Actor, at: dt.datetime) -> Revision:
    """Compute a snapshot and store revision and results; `before` is the revision it replaces."""
    inputs = frozen.inputs_of(snapshot)
    results = engine.compute(inputs)
    last = snapshot.round.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(
        round=snapshot.round,
        number=last + 1,
        snapshot=snapshot,
        reason=snapshot.reason,
        summary=summary(inputs, results, before),
        scorers=[asdict(entry) for entry in results.scorers],
        computed_at=at,
        computed_by_id=common.actor_id(by),
    )
    store_units(revision, inputs, results)
    return revision


def store_units(revision: Revision, inputs: Inputs, results: Results) -> None:
    """Store one row a unit."""
    ids = dict(revision.round.units.filter(left_at__isnull=True).values_list("code", "pk"))
    grades = [line.code for line in inputs.scheme.settings.grades]
    packed = packing.pack(results)
    cents, grade = results.cents.tolist(), results.grade.tolist()
    rank, ranked = results.rank.tolist(), results.ranked.tolist()
    UnitResult.objects.bulk_create(
        (
            UnitResult(
                revision=revision,
                round_unit_id=ids[code],
                hundredths=cents[row] if cents[row] >= 0 else None,
                grade=grades[grade[row]] if grade[row] >= 0 else "",
                rank=rank[row] or None,
                ranked=ranked[row],
                packed=packed[row],
            )
            for row, code in enumerate(inputs.units.codes)
        ),
        batch_size=BATCH,
    )


def summary(inputs: Inputs, results: Results, before: Revision | None) -> dict[str, Any]:
    """Return the figures shown beside a revision: how many units in each grade, and what changed."""
    names = [line.name for line in inputs.scheme.settings.grades]
    counts = {name: int((results.grade == number).sum()) for number, name in enumerate(names)}
    scored = results.cents[results.cents >= 0]
    mean = round(float(scored.mean()) / 100, 2) if len(scored) else None
    found = {"grades": counts, "mean": mean, "units": len(results.cents), "scored": len(scored)}
    return found if before is None else found | {"changed_from": before.number}
