"""Lay out a round when it opens: units, submissions, review sheets, data tasks."""

from __future__ import annotations

from django.db import transaction

from qingfeng.evaluation.models.data import DataTask
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.evaluation.models.submissions import Submission
from qingfeng.evaluation.queries import rounds as queries
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.organizations.models import Unit

BATCH = 500


@transaction.atomic
def lay_out(round: Round) -> None:
    """Create the rows that the people of the round fill in."""
    units = queries.candidates(queries.quarter_of(round))
    rows = RoundUnit.objects.bulk_create(
        (
            RoundUnit(
                round=round,
                unit=unit,
                code=unit.code,
                name=unit.name,
                short_name=unit.short_name,
                unit_class=unit.unit_class,
                position=position,
            )
            for position, unit in enumerate(units)
        ),
        batch_size=BATCH,
    )
    Submission.objects.bulk_create((Submission(round_unit=row) for row in rows), batch_size=BATCH)
    departments = {row.code: row for row in queries.departments(round)}
    ReviewSheet.objects.bulk_create(_sheets(round, departments, {unit.pk for unit in units}))
    suppliers = queries.suppliers(queries.scheme_of(round), queries.quarter_of(round))
    DataTask.objects.bulk_create(
        DataTask(round=round, department=row) for code, row in departments.items() if code in suppliers
    )


def _sheets(round: Round, departments: dict[str, RoundDepartment], unit_ids: set[int]) -> list[ReviewSheet]:
    """Return a sheet for each department of each due review channel, and for the substitutes needed."""
    made = []
    for _, indicator in queries.due_indicators(round):
        for channel in indicator.channels:
            if not isinstance(channel, core.ReviewChannel):
                continue
            own = {r.department for r in channel.reviewers}
            stand_ins = {
                r.substitute
                for r in channel.reviewers
                if departments[r.department].unit_id in unit_ids and r.substitute
            }
            for code in [*own, *(stand_ins - own)]:
                made.append(
                    ReviewSheet(
                        round=round,
                        indicator=indicator.code,
                        channel=channel.code,
                        department=departments[code],
                        is_substitute=code not in own,
                    )
                )
    order = {code: place for place, code in enumerate(departments)}
    return sorted(made, key=lambda sheet: order[sheet.department.code])


def successor_in(round: Round, unit: Unit) -> RoundUnit | None:
    """Return the round's unit that a merged unit went into, through any chain of mergers."""
    seen = {unit.pk}
    follower = unit.successor
    while follower is not None and follower.pk not in seen:
        row = RoundUnit.objects.filter(round=round, unit=follower, left_at__isnull=True).first()
        if row is not None:
            return row
        seen.add(follower.pk)
        follower = follower.successor
    return None
