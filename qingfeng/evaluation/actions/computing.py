"""From frozen inputs to stored results: one pass of the scoring core, packed numbers per unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db.models import Max

from qingfeng.core.actors import Actor
from qingfeng.evaluation.actions import columnar, common
from qingfeng.evaluation.models.results import Revision, Snapshot, UnitResult
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import comparing, packing
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Inputs
from qingfeng.evaluation.scoring.results import Results


def store(snapshot: Snapshot, before: Revision | None, *, by: Actor, at: dt.datetime) -> Revision:
    """Compute a snapshot and store revision and results; `before` is the revision it replaces."""
    inputs = frozen.inputs_of(snapshot)
    results = frozen.results_of(snapshot.digest, inputs)
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
    names = ("revision", "round_unit", "hundredths", "grade", "rank", "ranked", "packed")
    rows = (
        (
            revision.pk,
            ids[code],
            cents[row] if cents[row] >= 0 else None,
            grades[grade[row]] if grade[row] >= 0 else "",
            rank[row] or None,
            ranked[row],
            packed[row],
        )
        for row, code in enumerate(inputs.units.codes)
    )
    columnar.write(UnitResult, names, rows)


def summary(inputs: Inputs, results: Results, before: Revision | None) -> dict[str, Any]:
    """Return what is shown beside a revision: grades, names, and the averages of each class."""
    scheme, cents = inputs.scheme, results.cents
    grades = scheme.settings.grades
    return {
        "grades": {line.code: int((results.grade == n).sum()) for n, line in enumerate(grades)},
        "grade_names": {line.code: line.name for line in grades},
        "dimensions": [dimension.name for dimension in scheme.dimensions],
        "units": len(cents),
        "scored": int((cents >= 0).sum()),
        "mean": _mean(cents[cents >= 0] / 100),
        "classes": {
            name: _class_means(inputs, results, inputs.units.grouping == number)
            for number, name in enumerate(inputs.units.groupings)
        },
    } | _changes(inputs, results, before)


def _changes(inputs: Inputs, results: Results, before: Revision | None) -> dict[str, Any]:
    """Return how many units a recomputation moved; which and why is worked out on reading."""
    if before is None:
        return {}
    old = frozen.inputs_by_id(before.snapshot_id, before.snapshot.digest)
    found = comparing.compare(old, frozen.results_of(before.snapshot.digest, old), inputs, results)
    return {
        "changed_from": before.number,
        "changed_units": len(found),
        "changed_grades": sum(change.grade_before != change.grade_after for change in found),
    }


def _class_means(inputs: Inputs, results: Results, members: Bools) -> dict[str, Any]:
    scheme, scored = inputs.scheme, members & (results.cents >= 0)
    codes = [indicator.code for _, indicator in scheme.indicators()]
    dimensions = [dimension.code for dimension in scheme.dimensions]
    return {
        "units": int(members.sum()),
        "total": _mean(results.cents[scored] / 100),
        "dimensions": _means(dimensions, results.dimension_points, results.dimension_weight, scored),
        "indicators": _means(codes, results.indicator_points, results.indicator_weight, scored),
    }


def _means(codes: list[str], points: Floats, weights: Floats, rows: Bools) -> dict[str, float | None]:
    """Return the average percent of full marks of each column over the rows where it applies."""
    with np.errstate(invalid="ignore", divide="ignore"):
        percents = points[rows] / weights[rows] * 100
    return {code: _mean(column[~np.isnan(column)]) for code, column in zip(codes, percents.T, strict=True)}


def _mean(values: Floats) -> float | None:
    return round(float(values.mean()), 2) if len(values) else None
