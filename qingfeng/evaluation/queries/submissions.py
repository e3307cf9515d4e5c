from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import EvidenceState, RoundState
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import rounds, scope
from qingfeng.evaluation.scoring import scheme as core


def visible_to(user: Any) -> QuerySet[Submission]:
    """Return the submissions the user may see: all, his units', or those of rounds his department scores."""
    rows = Submission.objects.select_related("round_unit__round__scheme_version__scheme", "round_unit__unit")
    rows = rows.defer("round_unit__round__scheme_version__body")
    if scope.sees_whole(user):
        return rows
    condition = Q(round_unit__unit_id__in=scope.own_units(user))
    departments = user.units_for(Role.SCORING_DEPARTMENT)
    if departments:
        condition |= Q(round_unit__round__in=ReviewSheet.objects.filter(
            department__unit_id__in=departments).values("round"), signed_at__isnull=False)  # fmt: skip
    return rows.filter(condition)


def evidence_visible_to(user: Any) -> QuerySet[EvidenceItem]:
    """Return the items the user may see; a department sees those of the indicators it scores, once signed."""
    rows = EvidenceItem.objects.select_related("submission__round_unit__round", "changed_by", "returned_by")
    if scope.sees_whole(user):
        return rows
    condition = Q(submission__round_unit__unit_id__in=scope.own_units(user))
    sheets = ReviewSheet.objects.filter(department__unit_id__in=user.units_for(Role.SCORING_DEPARTMENT))
    for round_id, indicator in set(sheets.values_list("round_id", "indicator")):
        condition |= Q(
            submission__round_unit__round_id=round_id,
            submission__signed_at__isnull=False,
            indicator=indicator,
        )
    return rows.filter(condition)


def listed(user: Any, round: Round) -> QuerySet[Submission]:
    """Return a round's visible submissions with counts of their evidence by state."""
    counts = {
        f"{state}_count": Count("evidence", filter=Q(evidence__state=state)) for state in EvidenceState.values
    }
    return (
        visible_to(user).filter(round_unit__round=round).annotate(**counts).order_by("round_unit__position")
    )


def of_unit(user: Any) -> QuerySet[Submission]:
    """Return the submissions of the user's own units in running rounds."""
    rows = visible_to(user).filter(round_unit__unit_id__in=scope.own_units(user))
    return rows.exclude(round_unit__round__state=RoundState.PLANNED).order_by("-round_unit__round_id")


def evidence_by_indicator(submission: Submission) -> dict[str, EvidenceItem]:
    rows = submission.evidence.select_related("changed_by", "returned_by")
    return {item.indicator: item for item in rows}


def gaps(submission: Submission) -> list[core.Indicator]:
    """Return the indicators that ask for evidence and have none."""
    offered = set(submission.evidence.exclude(text="").values_list("indicator", flat=True))
    wanted = rounds.evidence_indicators(submission.round_unit.round)
    return [entry for entry in wanted if entry.code not in offered]


def earlier_texts(submission: Submission) -> dict[str, str]:
    """Return what the unit handed in the round before, by indicator: what it may say is unchanged."""
    earlier = previous(submission)
    if earlier is None:
        return {}
    return dict(earlier.evidence.exclude(text="").values_list("indicator", "text"))


def previous(submission: Submission) -> Submission | None:
    """Return the same unit's submission in the round before."""
    unit = submission.round_unit
    before = Q(round_unit__round__year__lt=unit.round.year) | Q(
        round_unit__round__year=unit.round.year, round_unit__round__quarter__lt=unit.round.quarter
    )
    rows = Submission.objects.filter(before, round_unit__unit_id=unit.unit_id)
    return rows.order_by("-round_unit__round__year", "-round_unit__round__quarter").first()
