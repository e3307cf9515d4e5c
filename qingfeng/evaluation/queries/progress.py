"""How far a round has come, by unit and by department, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone

from qingfeng.evaluation.enums import EvidenceState, SheetState, SubmissionState, TaskState
from qingfeng.evaluation.models.data import BallotTally, DataTask
from qingfeng.evaluation.models.reviews import ReviewScore, ReviewSheet
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import reviews, rounds


@dataclass(frozen=True)
class UnitProgress:
    """One unit's parts: what it handed in, and what others have said about it."""

    round_unit: RoundUnit
    submission: Submission
    evidence_wanted: int
    evidence_offered: int
    evidence_returned: int
    scores_wanted: int
    scores_given: int
    ballot_groups: int
    is_late: bool

    @property
    def is_signed(self) -> bool:
        return self.submission.state == SubmissionState.SIGNED


def progress_by_unit(round: Round, today: dt.date) -> list[UnitProgress]:
    """Return every unit's progress, in five queries."""
    wanted = len(rounds.evidence_indicators(round))
    evidence = _evidence(round)
    given = Counter(ReviewScore.objects.filter(sheet__round=round).values_list("round_unit_id", flat=True))
    expected = _expected_by_unit(round)
    groups = dict(
        BallotTally.objects.filter(round_unit__round=round)
        .values_list("round_unit_id")
        .annotate(groups=Count("pk"))
    )
    found = []
    for unit in rounds.taking_part(round).select_related("submission", "unit"):
        counts = evidence.get(unit.pk, Counter())
        submission = unit.submission
        found.append(
            UnitProgress(
                unit,
                submission,
                evidence_wanted=wanted,
                evidence_offered=sum(counts.values()),
                evidence_returned=counts[EvidenceState.RETURNED],
                scores_wanted=expected.get(unit.unit_id, 0),
                scores_given=given[unit.pk],
                ballot_groups=groups.get(unit.pk, 0),
                is_late=_is_late(submission, round.submit_by, today),
            )
        )
    return found


def _is_late(submission: Submission, due: dt.date, today: dt.date) -> bool:
    """Say whether a submission is not signed after its date, or was signed after it."""
    if submission.signed_at is None:
        return today > due
    return timezone.localdate(submission.signed_at) > due


def _evidence(round: Round) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = EvidenceItem.objects.filter(submission__round_unit__round=round).exclude(text="")
    for unit_id, state in rows.values_list("submission__round_unit_id", "state"):
        found[unit_id][state] += 1
    return found


def _expected_by_unit(round: Round) -> dict[int, int]:
    """Return, by unit id, on how many sheets the unit stands."""
    sheets = list(round.sheets.select_related("department"))
    owners = {sheet.department.code: sheet.department.unit_id for sheet in sheets}
    owners |= dict(round.departments.values_list("code", "unit_id"))
    stand_ins = _stand_ins(round, owners)
    found: dict[int, int] = {}
    regular = [sheet.department.unit_id for sheet in sheets if not sheet.is_substitute]
    own = Counter(regular)
    substituted = Counter(
        unit_id
        for sheet in sheets
        if sheet.is_substitute
        for unit_id in stand_ins.get((sheet.channel, sheet.department.code), set())
        if unit_id != sheet.department.unit_id
    )
    for unit_id in round.units.values_list("unit_id", flat=True):
        found[unit_id] = len(regular) - own[unit_id] + substituted[unit_id]
    return found


def _stand_ins(round: Round, owners: dict[str, int | None]) -> dict[tuple[str, str], set[int]]:
    """Return by (channel, substitute) the units the substitute scores."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _, _, channel in rounds.scheme_of(round).channels():
        for reviewer in getattr(channel, "reviewers", ()):
            unit_id = owners.get(reviewer.department)
            if reviewer.substitute and unit_id is not None:
                found[(channel.code, reviewer.substitute)].add(unit_id)
    return found


@dataclass
class DepartmentProgress:
    """One department's parts: its sheets, and its data."""

    department: RoundDepartment
    sheets: list[ReviewSheet] = field(default_factory=list)
    scored: int = 0
    wanted: int = 0
    task: DataTask | None = None
    is_late: bool = False

    @property
    def submitted(self) -> int:
        return sum(sheet.state == SheetState.SUBMITTED for sheet in self.sheets)

    @property
    def is_done(self) -> bool:
        has_reported = self.task is None or self.task.state in {TaskState.DELIVERED, TaskState.NONE}
        return self.submitted == len(self.sheets) and has_reported


def progress_by_department(round: Round, today: dt.date) -> list[DepartmentProgress]:
    """Return the progress of every department that has a part, in eight queries."""
    found = {row.pk: DepartmentProgress(row) for row in rounds.departments(round)}
    expected = reviews.expected_counts(round)
    counts = dict(
        ReviewScore.objects.filter(sheet__round=round, round_unit__left_at__isnull=True)
        .values_list("sheet_id")
        .annotate(scored=Count("pk"))
    )
    for sheet in round.sheets.select_related("department").order_by("pk"):
        entry = found[sheet.department_id]
        entry.sheets.append(sheet)
        entry.scored += counts.get(sheet.pk, 0)
        entry.wanted += expected.get(sheet.pk, 0)
        entry.is_late |= sheet.state != SheetState.SUBMITTED and today > round.review_by
    for task in round.data_tasks.select_related("department"):
        entry = found[task.department_id]
        entry.task = task
        waiting = task.state in {TaskState.AWAITING, TaskState.MISSING}
        entry.is_late |= waiting and today > round.cutoff_on
    return [entry for entry in found.values() if entry.sheets or entry.task]


@dataclass(frozen=True)
class LateParts:
    """What has not come: shown before the data are frozen, and never taken for zero."""

    submissions: list[RoundUnit]
    sheets: list[ReviewSheet]
    tasks: list[DataTask]
    has_tallies: bool

    @property
    def sentences(self) -> list[str]:
        """Say in words what is missing."""
        found = []
        if self.submissions:
            found.append(f"{len(self.submissions)} 个单位未审签报送：{_some(self.submissions)}")
        if self.sheets:
            names = dict.fromkeys(sheet.department.name for sheet in self.sheets)
            found.append(f"{len(self.sheets)} 张评分表未提交：{'、'.join(names)}")
        if self.tasks:
            found.append(f"{len(self.tasks)} 个部门未报送数据：{_some([t.department for t in self.tasks])}")
        if not self.has_tallies:
            found.append("民主测评票数尚未导入")
        return found


def _some(rows: list[Any]) -> str:
    return "、".join(str(row) for row in rows[:8]) + ("等" if len(rows) > 8 else "")


def submissions_of(round: Round, round_unit_ids: list[int]) -> list[Submission]:
    """Return the submissions of some units of a round, in the round's order."""
    rows = Submission.objects.filter(round_unit__round=round, round_unit__in=round_unit_ids)
    return list(rows.order_by("round_unit__position"))


def late_parts(round: Round) -> LateParts:
    """Return what is still missing of a round, in four queries."""
    unsigned = rounds.taking_part(round).filter(submission__signed_at__isnull=True)
    sheets = round.sheets.exclude(state=SheetState.SUBMITTED).select_related("department")
    tasks = round.data_tasks.filter(state=TaskState.AWAITING).select_related("department")
    asked = any(
        channel.kind == "ballot" for _, entry in rounds.due_indicators(round) for channel in entry.channels
    )
    has_tallies = not asked or BallotTally.objects.filter(round_unit__round=round).exists()
    return LateParts(list(unsigned), list(sheets.order_by("pk")), list(tasks.order_by("pk")), has_tallies)
