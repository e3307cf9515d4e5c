"""Appeals: who sees which, what is undecided, and who stands behind the point that is appealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet

from qingfeng.core import preferences
from qingfeng.core.roles import Role
from qingfeng.documents.models.files import FileVersion
from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.models.appeals import Appeal, AppealFile, Confirmation
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import schedule, scope
from qingfeng.evaluation.queries.evidence import OfferedFile

SLOT = "appeal"
UNSEEN = (AppealState.DRAFT, AppealState.EXPIRED)
"""What a unit has not filed: nobody else sees it."""
COMMENT_DAYS = preferences.declare(
    "evaluation_appeal_comment_days",
    "评分部门书面说明期限（工作日）",
    2,
    group=schedule.GROUP,
    help="受理申诉后，评分或报送部门几个工作日内交书面说明",
    basis=schedule.BASIS,
    minimum=1,
    maximum=15,
)
COMMENTERS = (Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER)


def visible_to(user: Any) -> QuerySet[Appeal]:
    """Return the appeals the user may see: his unit's; those he is to comment on; all filed ones."""
    rows = Appeal.objects.select_related(
        "round", "round_unit__unit", "written_by", "filed_by", "comment_unit", "commented_by", "decided_by",
        "corrected_in", "result",
    ).defer("result__packed")  # fmt: skip
    own = Q(round_unit__unit_id__in=user.units_for(*scope.OF_UNIT))
    if scope.sees_whole(user):
        return rows.filter(own | ~Q(state__in=UNSEEN) & ~Q(number=None))
    asked = Q(comment_unit_id__in=user.units_for(*COMMENTERS), accepted_at__isnull=False)
    return rows.filter(own | asked)


def by_id(pk: int) -> Appeal:
    rows = Appeal.objects.select_related("round", "round_unit", "comment_unit", "decided_by")
    return rows.get(pk=pk)


def listed(user: Any) -> QuerySet[Appeal]:
    return visible_to(user).order_by("-round__year", "-round__quarter", "-number")


def of_result(user: Any, result: UnitResult) -> list[Appeal]:
    """Return the visible appeals of a unit in the round of a result, the last first."""
    rows = visible_to(user).filter(round_unit=result.round_unit)
    return list(rows.exclude(state__in=[AppealState.WITHDRAWN, AppealState.EXPIRED]).order_by("-pk"))


def undecided(round: Round) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(round=round).undecided().select_related("round_unit")
    return rows.order_by("number")


def to_recompute(round: Round) -> QuerySet[Appeal]:
    """Return the granted appeals whose correction no computation has taken in yet."""
    rows = Appeal.objects.filter(round=round, corrected_in=None).granted().select_related("round_unit")
    return rows.order_by("number")


def corrected_by(revision: Revision) -> QuerySet[Appeal]:
    """Return the appeals whose correction a revision took in."""
    rows = Appeal.objects.filter(corrected_in=revision).select_related("round_unit", "round")
    return rows.order_by("number")


def about_adjustment(adjustment: Adjustment) -> Appeal | None:
    """Return the appeal under review against an adjustment."""
    rows = Appeal.objects.filter(subject_kind=AppealSubject.ADJUSTMENT, subject_id=adjustment.pk)
    return rows.filter(state=AppealState.REVIEWING).select_related("round_unit").first()


def next_number(round: Round) -> int:
    return (Appeal.objects.filter(round=round).aggregate(last=Max("number"))["last"] or 0) + 1


def counts(round: Round) -> dict[str, int]:
    """Return how many appeals of the round are in each state, drafts left out."""
    found: dict[str, int] = {}
    for state in Appeal.objects.filter(round=round).exclude(number=None).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def unchecked(round: Round, window: int) -> list[RoundUnit]:
    """Return the units that neither said that the result stands nor filed an appeal in this window."""
    confirmed = Confirmation.objects.filter(round_unit__round=round, window=window)
    filed = Appeal.objects.filter(round=round, window=window, number__isnull=False)
    filed = filed.exclude(state=AppealState.WITHDRAWN)
    rows = RoundUnit.objects.filter(round=round).taking_part()
    rows = rows.exclude(pk__in=confirmed.values("round_unit")).exclude(pk__in=filed.values("round_unit"))
    return list(rows.order_by("position"))


def confirmation_of(round_unit: RoundUnit, window: int) -> Confirmation | None:
    rows = Confirmation.objects.filter(round_unit=round_unit, window=window)
    return rows.select_related("confirmed_by").first()


def files_of(appeal: Appeal) -> list[OfferedFile]:
    """Return the standing files of an appeal, in the order in which they came."""
    rows = list(appeal.files.standing().order_by("pk").values_list("pk", "attachment_id"))
    versions = FileVersion.objects.filter(attachment__in=[line for _, line in rows])
    latest = {row.attachment_id: row for row in versions.select_related("stored").order_by("number")}
    return [OfferedFile(pk, appeal.pk, latest[line]) for pk, line in rows if line in latest]


def may_open(user: Any, version: FileVersion) -> bool:
    """Say whether a person may open a file: who sees the appeal that it was given with."""
    links = AppealFile.objects.filter(attachment=version.attachment_id)
    return visible_to(user).filter(files__in=links).exists()


def of_indicators(appeals: Iterable[Appeal]) -> dict[str, list[Appeal]]:
    """Return appeals by the key of their point."""
    found: dict[str, list[Appeal]] = {}
    for row in appeals:
        found.setdefault(row.point, []).append(row)
    return found


def awaiting_comment(user: Any, today: dt.date) -> QuerySet[Appeal]:
    rows = visible_to(user).filter(state=AppealState.REVIEWING, commented_at=None)
    return rows.filter(comment_unit_id__in=user.units_for(*COMMENTERS)).order_by("comment_due_on")
