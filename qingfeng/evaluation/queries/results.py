from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from qingfeng.core.errors import WrongState
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.results import Approval, Revision, Snapshot, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import checking, scope
from qingfeng.organizations.enums import UnitClass


def visible_to(user: Any) -> QuerySet[UnitResult]:
    """Return the results the user may see: all; or announced ones, of every unit or of his own."""
    rows = UnitResult.objects.select_related("round_unit__unit", "revision__round", "revision__snapshot")
    rows = rows.defer("revision__snapshot__content")  # megabytes, and kept by `frozen` where needed
    if scope.sees_whole(user):
        return rows
    announced = Q(revision__announced_at__isnull=False)
    if not scope.sees_announced(user):
        announced &= Q(round_unit__unit_id__in=user.units_for(*scope.FOR_UNIT))
    own = Q(round_unit__unit_id__in=user.units_for(*scope.OF_UNIT), revision__in=out_for_checking())
    return rows.filter(announced | own)


def out_for_checking() -> QuerySet[Revision]:
    """Return the trial results that units check, or that wait for the committee: of each round the last."""
    newer = Revision.objects.filter(round_id=OuterRef("round_id"), number__gt=OuterRef("number"))
    rows = Revision.objects.filter(~Exists(newer), round__state__in=checking.OPEN_TO_UNITS)
    return rows.filter(announced_at__isnull=True)


def revisions_visible_to(user: Any) -> QuerySet[Revision]:
    """Return the revisions of which the user reads any result."""
    rows = Revision.objects.select_related("round", "snapshot", "computed_by").defer("snapshot__content")
    if scope.sees_whole(user):
        return rows
    found = Q()
    if user.units_for(*scope.OF_UNIT):
        found |= Q(pk__in=out_for_checking().values("pk"))
    if scope.sees_announced(user) or user.units_for(*scope.FOR_UNIT):
        found |= Q(announced_at__isnull=False)
    return rows.filter(found) if found else rows.none()


def snapshot(snapshot_id: int) -> Snapshot:
    return Snapshot.objects.select_related("round").defer("content").get(pk=snapshot_id)


def takes_parts_in(now: dt.datetime) -> bool:
    """Say whether a round runs that units, departments and suppliers bring parts to."""
    return Round.objects.filter(state__in=[RoundState.COLLECTING, RoundState.REVIEWING]).exists()


def latest_snapshot(round: Round) -> Snapshot | None:
    return round.snapshots.defer("content").order_by("-number").first()


def latest_revision(round: Round) -> Revision | None:
    rows = round.revisions.select_related("snapshot").defer("snapshot__content")
    return rows.order_by("-number").first()


def round_by_id(pk: int) -> Round:
    return Round.objects.get(pk=pk)


def latest_revision_of(round_id: int) -> Revision:
    rows = Revision.objects.filter(round_id=round_id).defer("snapshot__content")
    return rows.order_by("-number")[0]


def require_revision(round: Round) -> Revision:
    """Return the last revision. Raises `WrongState` where nothing was computed."""
    found = latest_revision(round)
    if found is None:
        raise WrongState("本轮尚未试算")
    return found


def shown_revision(user: Any, round: Round) -> Revision | None:
    """Return the revision a person reads: the last for those who see all, the last announced for others."""
    return revisions_visible_to(user).filter(round=round).order_by("-number").first()


def read_as_a_whole(user: Any, round: Round) -> Revision | None:
    """Return the revision whose lists a person reads: a trial result that is out for checking is none."""
    rows = revisions_visible_to(user).filter(round=round)
    if not scope.sees_whole(user):
        rows = rows.filter(announced_at__isnull=False)
    return rows.order_by("-number").first()


def ordered(user: Any, revision: Revision, before: Revision | None = None) -> QuerySet[UnitResult]:
    """Return a revision's visible results with the place of their class, and the change of score and grade.

    `before` is the revision that they are compared with; without one nothing has changed.
    """
    places = [When(round_unit__unit_class=code, then=n) for n, code in enumerate(UnitClass.values)]
    same = UnitResult.objects.filter(revision=before, round_unit__unit_id=OuterRef("round_unit__unit_id"))
    rows = (
        visible_to(user)
        .filter(revision=revision)
        .annotate(
            class_order=Case(*places),
            change=F("hundredths") - Subquery(same.values("hundredths")[:1]),
            grade_before=Subquery(same.values("grade")[:1]),
        )
    )
    return rows.defer("packed")


def in_class_order(user: Any, revision: Revision) -> list[UnitResult]:
    """Return a revision's visible results by class and rank."""
    return list(ordered(user, revision).order_by(F("class_order"), F("rank")))


def risen(rows: QuerySet[Any], way: str) -> QuerySet[Any]:
    """Filter what `ordered` gave by the way of the change: up, down, or another grade."""
    if way == "grade":
        return rows.exclude(grade=F("grade_before")).filter(grade_before__isnull=False)
    return rows.filter(change__gt=0) if way == "up" else rows.filter(change__lt=0)


def codes_of_class(revision: Revision, unit_class: str) -> set[str]:
    rows = UnitResult.objects.filter(revision=revision, round_unit__unit_class=unit_class)
    return set(rows.values_list("round_unit__code", flat=True))


def counts_of_changes(user: Any, revision: Revision, before: Revision) -> tuple[int, int, int]:
    """Return how many units rose, fell, and have another grade than before, in one query."""
    rows = ordered(user, revision, before)
    other = Q(grade_before__isnull=False) & ~Q(grade=F("grade_before"))
    found = rows.aggregate(
        up=Count("pk", filter=Q(change__gt=0)),
        down=Count("pk", filter=Q(change__lt=0)),
        other=Count("pk", filter=other),
    )
    return found["up"], found["down"], found["other"]


def of_unit(revision: Revision, unit_pk: int) -> UnitResult | None:
    rows = UnitResult.objects.filter(revision=revision, round_unit__unit_id=unit_pk)
    return rows.select_related("round_unit", "revision__round").defer("packed").first()


def newest_of_unit(user: Any, round: Round, unit_pk: int) -> UnitResult | None:
    """Return a unit's result in the last revision of the round in which the user reads it."""
    rows = visible_to(user).filter(revision__round=round, round_unit__unit_id=unit_pk)
    return rows.order_by("-revision__number").first()


def with_numbers(pks: list[int]) -> list[UnitResult]:
    """Return results with their packed numbers, in the order of the ids."""
    rows = UnitResult.objects.filter(pk__in=pks).select_related("round_unit__unit", "revision__round")
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for pk in pks]


def newest_revision(user: Any, round_pk: int | None = None) -> Revision | None:
    """Return the revision a person reads of a round, or of the newest that has one for him."""
    rows = revisions_visible_to(user)
    if round_pk is not None:
        rows = rows.filter(round_id=round_pk)
    return rows.order_by("-round__year", "-round__quarter", "-number").first()


def rounds_read(user: Any) -> QuerySet[Round]:
    """Return the rounds of which the user reads a revision, newest first."""
    shown = revisions_visible_to(user).values("round_id")
    return Round.objects.filter(pk__in=shown).order_by("-year", "-quarter")


def own_unit(user: Any, revision: Revision) -> int | None:
    """Return the one unit whose results are all that the user may read; None where he reads several."""
    if scope.sees_others(user):
        return None
    found = visible_to(user).filter(revision=revision).values_list("round_unit__unit_id", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def approval_of(revision: Revision) -> Approval | None:
    return Approval.objects.filter(revision=revision).select_related("approved_by").first()


def earlier_revision(revision: Revision) -> Revision | None:
    """Return the last announced revision of the round before, for comparison with last quarter."""
    round = revision.round
    before = Q(round__year__lt=round.year) | Q(round__year=round.year, round__quarter__lt=round.quarter)
    rows = Revision.objects.announced().filter(before).select_related("round", "snapshot")
    return rows.defer("snapshot__content").order_by("-round__year", "-round__quarter", "-number").first()
