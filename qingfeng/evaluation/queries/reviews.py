from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.reviews import ReviewChange, ReviewScore, ReviewSheet
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.evaluation.models.submissions import EvidenceItem
from qingfeng.evaluation.queries import rounds, scope
from qingfeng.evaluation.scoring import scheme as core

THOUSAND = Decimal(1000)


def visible_to(user: Any) -> QuerySet[ReviewSheet]:
    """Return the sheets the user may see: all, or those of the departments he scores for."""
    rows = ReviewSheet.objects.select_related(
        "round__scheme_version__scheme", "department__unit", "submitted_by"
    ).defer("round__scheme_version__body")
    if scope.sees_whole(user):
        return rows
    return rows.filter(department__unit_id__in=user.units_for(Role.SCORING_DEPARTMENT))


def listed(user: Any, round: Round) -> QuerySet[ReviewSheet]:
    """Return a round's visible sheets with the number of scored units, in the scheme's order."""
    rows = visible_to(user).filter(round=round)
    taking_part = Q(scores__round_unit__left_at__isnull=True)
    return rows.annotate(scored_count=Count("scores", filter=taking_part)).order_by("pk")


def departments_listed(user: Any, round: Round) -> QuerySet[RoundDepartment]:
    """Return the departments of the visible sheets, to filter by."""
    return (
        RoundDepartment.objects.filter(sheets__in=visible_to(user).filter(round=round))
        .distinct()
        .order_by("pk")
    )


def indicator_of(sheet: ReviewSheet) -> core.Indicator:
    found = {entry.code: entry for _, entry in rounds.scheme_of(sheet.round).indicators()}
    return found[sheet.indicator]


def channel_of(sheet: ReviewSheet) -> core.ReviewChannel:
    for channel in indicator_of(sheet).channels:
        if channel.code == sheet.channel and isinstance(channel, core.ReviewChannel):
            return channel
    raise LookupError(sheet.channel)


def units_of(sheet: ReviewSheet) -> QuerySet[RoundUnit]:
    """Return the units on a sheet: never the department's own; on a substitute's, those it stands in for."""
    rows = RoundUnit.objects.filter(round_id=sheet.round_id).taking_part()
    if sheet.is_substitute:
        rows = rows.filter(unit_id__in=_stood_in_for(sheet))
    own = sheet.department.unit_id
    return (rows if own is None else rows.exclude(unit_id=own)).order_by("position")


def _stood_in_for(sheet: ReviewSheet) -> list[int]:
    codes = [r.department for r in channel_of(sheet).reviewers if r.substitute == sheet.department.code]
    found = sheet.round.departments.filter(code__in=codes, unit__isnull=False)
    return [unit_id for unit_id in found.values_list("unit_id", flat=True) if unit_id is not None]


def expected_counts(round: Round) -> dict[int, int]:
    """Return how many units each sheet of a round has to score, in three queries."""
    unit_ids = set(rounds.taking_part(round).values_list("unit_id", flat=True))
    owners = dict(round.departments.values_list("code", "unit_id"))
    reviewers = {
        channel.code: channel.reviewers
        for _, _, channel in rounds.scheme_of(round).channels()
        if isinstance(channel, core.ReviewChannel)
    }
    found = {}
    rows = round.sheets.values_list("pk", "channel", "department__code", "is_substitute")
    for pk, channel, department, is_substitute in rows:
        wanted = unit_ids
        if is_substitute:
            wanted = {owners[r.department] for r in reviewers[channel] if r.substitute == department}
        found[pk] = len((wanted & unit_ids) - {owners[department]})
    return found


@dataclass(frozen=True)
class SheetRow:
    """One unit on a sheet, with its score if any and its evidence."""

    round_unit: RoundUnit
    score: ReviewScore | None
    evidence: EvidenceItem | None
    is_signed: bool

    @property
    def points(self) -> Decimal | None:
        if self.score is None or self.score.thousandths is None:
            return None
        return Decimal(self.score.thousandths) / THOUSAND


def rows_of(sheet: ReviewSheet) -> list[SheetRow]:
    """Return the sheet's units with score and evidence, in a constant number of queries."""
    units = list(units_of(sheet).select_related("submission", "unit"))
    scores = {row.round_unit_id: row for row in sheet.scores.select_related("reviewed_by")}
    evidence = {
        item.submission_id: item
        for item in EvidenceItem.objects.filter(
            submission__round_unit__round_id=sheet.round_id, indicator=sheet.indicator
        )
    }
    return [
        SheetRow(
            unit,
            scores.get(unit.pk),
            evidence.get(unit.submission.pk) if unit.submission.signed_at else None,
            is_signed=unit.submission.signed_at is not None,
        )
        for unit in units
    ]


def is_full(score: ReviewScore, indicator: core.Indicator, channel: core.ReviewChannel) -> bool:
    """Say whether a score is full marks, so that no reason is asked for."""
    if score.thousandths is not None:
        return Decimal(score.thousandths) == indicator.weight * THOUSAND
    base = indicator.weight if channel.base is None else channel.base
    return not score.findings and base >= indicator.weight


def has_reason(score: ReviewScore) -> bool:
    """Say whether the score is explained, as a whole or finding by finding."""
    if score.reason.strip():
        return True
    return bool(score.findings) and all(str(entry.get("note", "")).strip() for entry in score.findings)


@dataclass(frozen=True)
class Gaps:
    """What keeps a sheet from being handed in: units without a score, or below full marks with no reason."""

    unscored: list[str]
    bare: list[str]


def gaps_of(sheet: ReviewSheet) -> Gaps:
    indicator, channel = indicator_of(sheet), channel_of(sheet)
    scores = {row.round_unit_id: row for row in sheet.scores.all()}
    units = list(units_of(sheet))
    bare = [
        unit.short_name
        for unit in units
        if unit.pk in scores
        and not is_full(scores[unit.pk], indicator, channel)
        and not has_reason(scores[unit.pk])
    ]
    return Gaps([unit.short_name for unit in units if unit.pk not in scores], bare)


def own_unit(sheet: ReviewSheet) -> tuple[RoundUnit, str] | None:
    """Return the department's own unit, if it takes part, and the name of the department that stands in."""
    own = rounds.taking_part(sheet.round).filter(unit=sheet.department.unit).first()
    if own is None or sheet.is_substitute:
        return None
    reviewers = {reviewer.department: reviewer.substitute for reviewer in channel_of(sheet).reviewers}
    code = reviewers.get(sheet.department.code, "")
    names = {entry.code: entry.name for entry in rounds.scheme_of(sheet.round).departments}
    return own, names.get(code, "")


def changes_of(scores: Iterable[ReviewScore]) -> dict[int, list[ReviewChange]]:
    """Return the changes of each score, oldest first."""
    found: dict[int, list[ReviewChange]] = defaultdict(list)
    rows = ReviewChange.objects.filter(score__in=list(scores)).select_related("changed_by")
    for change in rows.order_by("pk"):
        found[change.score_id].append(change)
    return found


def open_sheets(user: Any) -> QuerySet[ReviewSheet]:
    """Return the sheets the user still has to hand in, of rounds that take scores."""
    departments = user.units_for(Role.SCORING_DEPARTMENT)
    rows = ReviewSheet.objects.filter(department__unit_id__in=departments).exclude(state="submitted")
    return rows.filter(round__state__in=[RoundState.COLLECTING, RoundState.REVIEWING])
