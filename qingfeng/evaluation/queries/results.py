from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from qingfeng.core.errors import WrongState
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.results import Approval, Revision, Snapshot, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import scope
from qingfeng.organizations.enums import UnitClass


def visible_to(user: Any) -> QuerySet[UnitResult]:
    """Return the results the user may see: all; or announced ones, of every unit or of his own."""
    rows = UnitResult.objects.select_related("round_unit__unit", "revision__round", "revision__snapshot")
    rows = rows.defer("revision__snapshot__content")  # megabytes, and kept by `frozen` where needed
    if scope.sees_whole(user):
        return rows
    announced = rows.filter(revision__announced_at__isnull=False)
    if scope.sees_announced(user):
        return announced
    return announced.filter(round_unit__unit_id__in=user.units_for(*scope.FOR_UNIT))


def revisions_visible_to(user: Any) -> QuerySet[Revision]:
    rows = Revision.objects.select_related("round", "snapshot", "computed_by").defer("snapshot__content")
    if scope.sees_whole(user):
        return rows
    if scope.sees_announced(user) or user.units_for(*scope.FOR_UNIT):
        return rows.announced()
    return rows.none()


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


def require_revision(round: Round) -> Revision:
    """Return the last revision. Raises `WrongState` where nothing was computed."""
    found = latest_revision(round)
    if found is None:
        raise WrongState("本轮尚未试算")
    return found


def shown_revision(user: Any, round: Round) -> Revision | None:
    """Return the revision a person reads: the last for those who see all, the last announced for others."""
    return revisions_visible_to(user).filter(round=round).order_by("-number").first()


def ordered(user: Any, revision: Revision) -> QuerySet[UnitResult]:
    """Return a revision's visible results with the place of their class, without what is heavy to read."""
    places = [When(round_unit__unit_class=code, then=n) for n, code in enumerate(UnitClass.values)]
    rows = visible_to(user).filter(revision=revision).annotate(class_order=Case(*places))
    return rows.defer("packed")


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
