"""What the officer's page of a round shows, in a number of queries that does not grow with its units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from qingfeng.core import references
from qingfeng.core.models import Job
from qingfeng.evaluation.enums import JobSlug, Milestone, ProposalState, RoundState, SubmissionState
from qingfeng.evaluation.models.data import Adjustment, BallotTally
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round, RoundUnit, ScheduleChange
from qingfeng.evaluation.models.submissions import Submission
from qingfeng.evaluation.queries import progress, rounds
from qingfeng.organizations.models import Unit
from qingfeng.workflow.models import StateChange

COUNTED = (RoundState.COLLECTING, RoundState.REVIEWING)


def history(subject: Any) -> list[StateChange]:
    """Return every step of a thing through its machine, newest first."""
    reference = references.reference_to(subject)
    rows = StateChange.objects.filter(subject_kind=reference.kind, subject_id=reference.id)
    return list(rows.select_related("by", "acted_for").order_by("-pk"))


def computation(round: Round) -> Job | None:
    """Return the round's trial computation that was asked for last."""
    rows = Job.objects.select_related("progress").filter(slug=JobSlug.COMPUTE, args__round_id=round.pk)
    return rows.order_by("-pk").first()


def revisions(round: Round) -> list[Revision]:
    """Return the round's computations, newest first, with who asked and what the committee decided."""
    rows = round.revisions.select_related("computed_by", "announced_by", "approval")
    return list(rows.order_by("-number"))


def schedule_changes(round: Round) -> list[ScheduleChange]:
    return list(round.schedule_changes.select_related("changed_by").order_by("-pk"))


def unbound(round: Round) -> list[str]:
    """Name the departments that no unit acts as yet."""
    return list(round.departments.filter(unit__isnull=True).order_by("pk").values_list("name", flat=True))


@dataclass(frozen=True)
class Counts:
    """How far the round's parts have come, as figures."""

    submissions: dict[str, int]
    late_units: list[str]
    departments: list[progress.DepartmentProgress]
    late: progress.LateParts
    tallied: int
    asks_ballots: bool
    proposed: int

    @property
    def units(self) -> int:
        return sum(self.submissions.values())

    @property
    def signed(self) -> int:
        return self.submissions.get(SubmissionState.SIGNED, 0)

    @property
    def unfinished(self) -> list[progress.DepartmentProgress]:
        return [entry for entry in self.departments if not entry.is_done]


def counts(round: Round, today: dt.date) -> Counts:
    """Count the parts of a round that is open."""
    states = Submission.objects.filter(round_unit__round=round, round_unit__left_at__isnull=True)
    late = progress.late_parts(round)
    tallied = BallotTally.objects.filter(round_unit__round=round, round_unit__left_at__isnull=True)
    proposed = Adjustment.objects.filter(round_unit__round=round, state=ProposalState.PROPOSED)
    return Counts(
        submissions=dict(Counter(states.values_list("state", flat=True))),
        late_units=[unit.short_name for unit in late.submissions] if today > round.submit_by else [],
        departments=progress.progress_by_department(round, today),
        late=late,
        tallied=tallied.values("round_unit").distinct().count(),
        asks_ballots=any(
            channel.kind == "ballot"
            for _, entry in rounds.due_indicators(round)
            for channel in entry.channels
        ),
        proposed=proposed.count(),
    )


def round_unit(round: Round, pk: int) -> RoundUnit | None:
    rows = RoundUnit.objects.filter(round=round, pk=pk).select_related(
        "round__scheme_version", "unit__successor"
    )
    return rows.first()


def unit_names(on: dt.date) -> list[str]:
    """Return the short names of the units active on a day, to choose from."""
    rows = Unit.objects.active_on(on).order_by("sort_order", "code")
    return list(rows.values_list("short_name", flat=True))


def units_called(names: set[str], on: dt.date) -> dict[str, Unit]:
    """Return the active units by the short names; a name that two units share is left out."""
    rows = list(Unit.objects.active_on(on).filter(short_name__in=names))
    shared = {name for name, number in Counter(row.short_name for row in rows).items() if number > 1}
    return {row.short_name: row for row in rows if row.short_name not in shared}


def planned_dates(round: Round) -> list[tuple[str, str, dt.date]]:
    """Return the round's milestones: name, label, date."""
    return [(name, label, round.date_of(name)) for name, label in Milestone.choices]
