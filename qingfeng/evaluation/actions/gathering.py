"""Gather a round's stored rows into the scoring core's columns, in a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import FloatField
from django.db.models.functions import Cast

from qingfeng.accounts.models import User
from qingfeng.core.errors import Refused
from qingfeng.evaluation.actions import columnar, gathering_ballots, gathering_facts
from qingfeng.evaluation.enums import ProposalState, SheetState, TaskState
from qingfeng.evaluation.models.data import Adjustment, DataValue
from qingfeng.evaluation.models.reviews import ReviewScore
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.submissions import EvidenceItem
from qingfeng.evaluation.queries import rounds, supplied
from qingfeng.evaluation.scoring import columns, fact_building, inputs, review_building
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.rows import Status
from qingfeng.organizations.enums import UnitClass

REPORTED = {TaskState.DELIVERED: Status.DELIVERED, TaskState.NONE: Status.NONE}


@dataclass
class Gathering:
    """What the parts share: the round, its scheme numbered, and where each unit stands."""

    round: Round
    scheme: core.Scheme
    context: columns.Context
    units: inputs.Units
    place: dict[int, int]
    """round unit id → row"""
    unit_place: dict[int, int]
    """unit id → row, merged units at their successor's"""
    faults: list[columns.InputFault] = field(default_factory=list)


def gather(round: Round) -> inputs.Inputs:
    """Return all that the round's result depends on. Raises `Refused` with what does not fit the scheme."""
    with columnar.without_collector():
        return _gather(round)


def _gather(round: Round) -> inputs.Inputs:
    found = _start(round)
    context, index = found.context, found.context.index
    status = np.zeros((len(found.units.codes), len(index.channels)), np.int8)
    reviews, findings = _reviews(found, status)
    tallies = _tallies(found, status)
    values = _values(found)
    _data_status(found, status)
    facts = fact_building.build(context, gathering_facts.rows(round, found.unit_place, found.units.codes))
    adjustments = _adjustments(found)
    if context.faults:
        raise Refused(*dict.fromkeys(_sentence(fault) for fault in context.faults))
    texts, final = context.pool.finish()
    review_columns, finding_columns = review_building.finish(reviews, findings, final)
    return inputs.Inputs(
        scheme=found.scheme,
        quarter=rounds.quarter_of(round),
        units=found.units,
        reviews=review_columns,
        findings=finding_columns,
        tallies=tallies,
        values=values,
        facts=fact_building.finish(facts, final),
        status=status,
        missing=_missing(found),
        adjustments=_sorted_adjustments(adjustments, final),
        department_unit=_department_units(found),
        texts=texts,
    )


def _sentence(fault: columns.InputFault) -> str:
    return f"“{fault.value}”：{fault.expected}" if fault.value else fault.expected


def _start(round: Round) -> Gathering:
    scheme = rounds.scheme_of(round)
    rows = sorted(
        rounds.taking_part(round).values_list("pk", "code", "short_name", "unit_class", "unit_id"),
        key=lambda row: row[1],
    )
    labels = [str(UnitClass(row[3]).label) for row in rows]
    groupings = tuple(sorted(set(labels)))
    numbers = {label: number for number, label in enumerate(groupings)}
    units = inputs.Units(
        codes=tuple(row[1] for row in rows),
        names=tuple(row[2] for row in rows),
        groupings=groupings,
        grouping=np.array([numbers[label] for label in labels], np.int16),
    )
    known = {code: place for place, code in enumerate(units.codes)}
    context = columns.Context(scheme, inputs.Index(scheme), known, columns.Pool(), [])
    place = {row[0]: number for number, row in enumerate(rows)}
    unit_place = {row[4]: number for number, row in enumerate(rows)}
    merged = round.units.filter(merged_into__isnull=False).values_list("unit_id", "merged_into_id")
    unit_place |= {unit_id: place[target] for unit_id, target in merged if target in place}
    return Gathering(round, scheme, context, units, place, unit_place)


def _reviews(found: Gathering, status: Any) -> tuple[inputs.Reviews, inputs.Findings]:
    """Read the scores of handed-in sheets; a channel with at least one such sheet counts as delivered."""
    index, pool = found.context.index, found.context.pool
    sheets = found.round.sheets.filter(state=SheetState.SUBMITTED)
    listed = list(sheets.values_list("pk", "channel", "department__code"))
    channel_of = {pk: index.channels[channel] for pk, channel, _ in listed}
    department_of = {pk: index.departments[code] for pk, _, code in listed}
    status[:, sorted(set(channel_of.values()))] = Status.DELIVERED
    names = ("round_unit_id", "sheet_id", "thousandths", "reviewed_by_id", "reason", "pk")
    stored = ReviewScore.objects.filter(sheet__in=list(channel_of), round_unit__left_at__isnull=True)
    unit_ids, sheet_ids, points, reviewers, reasons, ids = columnar.read(stored.values_list(*names), 6)
    people = list(User.objects.filter(pk__in=set(reviewers)).values_list("pk", "name"))
    texts = pool.ids([name for _, name in people], len(people)).tolist()
    reviewer_of = {pk: text for (pk, _), text in zip(people, texts, strict=True)}
    score: inputs.Floats = np.array(points, np.float64)  # None becomes NaN: findings decide
    reviews = inputs.Reviews(
        unit=columnar.Ids(found.place).places_of(unit_ids),
        channel=columnar.Ids(channel_of).places_of(sheet_ids).astype(np.int16),
        department=columnar.Ids(department_of).places_of(sheet_ids).astype(np.int16),
        reviewer=columnar.Ids(reviewer_of).places_of(reviewers),
        score=score / 1000.0,
        reason=pool.ids(reasons, len(ids)),
        ref=np.fromiter(ids, np.int64, len(ids)),
    )
    return reviews, _findings(found, reviews)


def _findings(found: Gathering, reviews: inputs.Reviews) -> inputs.Findings:
    """Read the checklist findings of the reviews that have no score as a whole."""
    channels = [channel for _, _, channel in found.scheme.channels()]
    wanted = {int(reviews.ref[row]): int(row) for row in np.flatnonzero(np.isnan(reviews.score))}
    sheets = found.round.sheets.filter(state=SheetState.SUBMITTED)
    stored = ReviewScore.objects.filter(sheet__in=sheets, thousandths__isnull=True)
    lines: list[tuple[int, int, float, float, str]] = []
    for pk, findings in stored.values_list("pk", "findings"):
        if pk not in wanted:
            continue
        review = wanted[pk]
        items = {
            item.code: n for n, item in enumerate(getattr(channels[reviews.channel[review]], "items", ()))
        }
        for entry in findings:
            points = np.nan if entry["points"] is None else float(entry["points"])
            lines.append((review, items[entry["item"]], float(entry["quantity"]), points, entry["note"]))
    return inputs.Findings(
        review=np.array([line[0] for line in lines], np.int32),
        item=np.array([line[1] for line in lines], np.int16),
        quantity=np.array([line[2] for line in lines], np.float64),
        points=np.array([line[3] for line in lines], np.float64),
        note=found.context.pool.ids((line[4] for line in lines), len(lines)),
    )


def _tallies(found: Gathering, status: Any) -> inputs.Ints:
    """Read the ballot counts; a question that was asked anywhere counts as delivered for every unit.

    They come from the mixed rows of the round's urn, or from the tallies of paper ballots where it has none.
    """
    index = found.context.index
    tallies = gathering_ballots.tallies(found.round, index, found.place)
    asked_at_all = tallies.sum(axis=(0, 2, 3)) > 0
    for number, (_, _, channel) in enumerate(found.scheme.channels()):
        if isinstance(channel, core.BallotChannel) and asked_at_all[index.questions[channel.question]]:
            status[:, number] = Status.DELIVERED
    return tallies


def _values(found: Gathering) -> inputs.Floats:
    """Read the measures of the tasks that were reported as delivered."""
    measures = found.context.index.measures
    values = np.full((len(found.units.codes), len(measures)), np.nan)
    stored = DataValue.objects.filter(
        task__round=found.round, task__state=TaskState.DELIVERED, round_unit__left_at__isnull=True
    )
    number = Cast("value", FloatField())
    unit_ids, codes, numbers = columnar.read(stored.values_list("round_unit_id", "measure", number), 3)
    at = (columnar.Ids(found.place).places_of(unit_ids), columnar.places(measures, codes, len(codes)))
    values[at] = numbers
    return values


def _data_status(found: Gathering, status: Any) -> None:
    states = dict(found.round.data_tasks.values_list("department__code", "state"))
    channels = found.context.index.channels
    for _, channel in supplied.data_channels(found.scheme, rounds.quarter_of(found.round)):
        report = REPORTED.get(TaskState(states.get(channel.supplier, TaskState.MISSING)))
        status[:, channels[channel.code]] = Status.NOT_DELIVERED if report is None else report


def _missing(found: Gathering) -> inputs.Bools:
    """Mark what a unit itself did not hand in: indicators that ask for evidence, without a signed item."""
    index = found.context.index
    missing = np.zeros((len(found.units.codes), len(index.indicators)), np.bool_)
    wanted = [index.indicators[entry.code] for entry in rounds.evidence_indicators(found.round)]
    missing[:, wanted] = True
    items = EvidenceItem.objects.filter(
        submission__round_unit__round=found.round, submission__signed_at__isnull=False
    ).exclude(text="")
    items = items.filter(submission__round_unit__left_at__isnull=True)
    unit_ids, codes = columnar.read(items.values_list("submission__round_unit_id", "indicator"), 2)
    missing[
        columnar.Ids(found.place).places_of(unit_ids), columnar.places(index.indicators, codes, len(codes))
    ] = False
    return missing


def _adjustments(found: Gathering) -> inputs.Adjustments:
    pool, index = found.context.pool, found.context.index
    stored = Adjustment.objects.filter(round_unit__round=found.round, state=ProposalState.APPROVED)
    rows = [
        row
        for row in stored.values_list("round_unit_id", "code", "thousandths", "reason", "reference")
        if row[0] in found.place
    ]
    unit_ids, codes, points, reasons, references = zip(*rows, strict=True) if rows else ((),) * 5
    return inputs.Adjustments(
        unit=columnar.places(found.place, unit_ids, len(rows)),
        adjustment=columnar.places(index.adjustments, codes, len(rows)).astype(np.int16),
        points=np.array(points, np.float64) / 1000.0,
        reason=pool.ids(reasons, len(rows)),
        reference=pool.ids(references, len(rows)),
    )


def _sorted_adjustments(rows: inputs.Adjustments, final: inputs.Ints) -> inputs.Adjustments:
    reason, reference = final[rows.reason], final[rows.reference]
    order = np.lexsort((reference, reason, rows.points, rows.adjustment, rows.unit))
    return inputs.Adjustments(
        rows.unit[order], rows.adjustment[order], rows.points[order], reason[order], reference[order]
    )


def _department_units(found: Gathering) -> inputs.Ints:
    owners = np.full(len(found.scheme.departments), -1, np.int32)
    for code, unit_id in found.round.departments.values_list("code", "unit_id"):
        owners[found.context.index.departments[code]] = found.unit_place.get(unit_id, -1)
    return owners
