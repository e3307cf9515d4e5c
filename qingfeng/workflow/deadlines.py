"""The one engine of limits: set, meet, suspend, resume, extend, and how far each is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from qingfeng.audit import actions as audit
from qingfeng.core import preferences, references, working_days
from qingfeng.core.actors import SYSTEM, Actor
from qingfeng.core.duties import limit_words
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.workflow import counting
from qingfeng.workflow.enums import BasisMark, LimitUnit
from qingfeng.workflow.models import Deadline, Extension, Suspension

MOVES_ON = preferences.declare(
    "deadline_moves_on",
    "期限末日遇休息日顺延",
    True,
    group="期限",
    help="按日、按月计算的期限，最后一日是休息日的，顺延到下一个工作日；指定日期不顺延",
    basis="《民法典》第二百零三条第一款",
)


@dataclass(frozen=True)
class Status:
    """How a limit stands on a day: days left (None while suspended), its colour and its words."""

    days_left: int | None
    tone: str
    words: str
    is_working_days: bool
    is_met: bool
    is_suspended: bool

    @property
    def colour(self) -> str:
        return {"late": "red", "soon": "amber", "ok": "blue"}.get(self.tone, "grey")

    @property
    def is_overdue(self) -> bool:
        return not self.is_met and self.days_left is not None and self.days_left < 0


@transaction.atomic
def set_deadline(
    *,
    subject: Any,
    name: str,
    label: str,
    started: dt.date,
    unit: str,
    amount: int | None = None,
    date: dt.date | None = None,
    basis: str,
    mark: str = BasisMark.PROPOSED,
    by: Actor,
    at: dt.datetime,
) -> Deadline:
    """Let a limit run on a thing, or set the one of this name anew. Raises `Refused` where it was met."""
    where = references.reference_to(subject)
    key = {"subject_kind": where.kind, "subject_id": where.id, "name": name}
    known = Deadline.objects.select_for_update().filter(**key).first()
    if known is not None and known.met_at is not None:
        raise Refused(f"“{known.label}”已经办结，不能重新设定期限")
    if (unit == LimitUnit.DATE) != (date is not None) or (unit != LimitUnit.DATE) != bool(amount):
        raise Refused("期限须写明时长，或者指定日期，二者只取其一")
    made = known or Deadline(**key)
    made.label, made.started_date, made.unit, made.amount, made.fixed_date = (
        label,
        started,
        unit,
        amount,
        date,
    )
    made.basis, made.mark = basis, mark
    made.save()
    _settle(made)
    _note(made, "set", by, at)
    return made


@transaction.atomic
def meet(*, deadline: Deadline, by: Actor, at: dt.datetime) -> None:
    """Say that what the limit asks for is done; a second time changes nothing."""
    locked = _locked(deadline)
    if locked.met_at is None:
        locked.met_at = at
        locked.save(update_fields=["met_at"])
        _note(locked, "meet", by, at)
    deadline.refresh_from_db()


@transaction.atomic
def suspend(*, deadline: Deadline, from_date: dt.date, reason: str, by: Actor, at: dt.datetime) -> None:
    """Stop the limit from a day on. Raises `Refused` where it is met, suspended, or the day is too early."""
    locked = _running(deadline)
    before = locked.suspensions.order_by("-from_date").first()
    if before is not None and before.resumed_date is None:
        raise Refused(f"期限自 {before.from_date:%Y-%m-%d} 起已经中止")
    earliest = before.resumed_date if before is not None and before.resumed_date else locked.started_date
    if from_date < earliest:
        raise Refused(f"中止日不能早于 {earliest:%Y-%m-%d}")
    if not reason.strip():
        raise Refused("请写明中止的事由")
    Suspension.objects.create(deadline=locked, from_date=from_date, reason=reason, by_id=by.pk)
    _settle(locked)
    _note(locked, "suspend", by, at)
    deadline.refresh_from_db()


@transaction.atomic
def resume(*, deadline: Deadline, on_date: dt.date, by: Actor, at: dt.datetime) -> None:
    """Let the limit run again; the given day counts. Raises `Refused` where it is not suspended."""
    locked = _running(deadline)
    span = locked.suspensions.filter(resumed_date=None).first()
    if span is None:
        raise Refused("期限没有中止，不必恢复")
    if on_date < span.from_date:
        raise Refused(f"恢复日不能早于中止日 {span.from_date:%Y-%m-%d}")
    span.resumed_date = on_date
    span.save(update_fields=["resumed_date"])
    _settle(locked)
    _note(locked, "resume", by, at)
    deadline.refresh_from_db()


@transaction.atomic
def extend(
    *,
    deadline: Deadline,
    reason: str,
    approval: str,
    by: Actor,
    at: dt.datetime,
    amount: int | None = None,
    to_date: dt.date | None = None,
) -> None:
    """Give more time, in the limit's own unit, or to a later date. Raises `Refused` without an approval."""
    locked = _running(deadline)
    if not reason.strip() or not approval.strip():
        raise Refused("延长期限须写明事由和批准情况")
    if (locked.unit == LimitUnit.DATE) != (to_date is not None) or (locked.unit != LimitUnit.DATE) != bool(
        amount
    ):
        raise Refused("延长须写明时长；指定日期的期限须写明延长到哪一天")
    if to_date is not None and to_date <= (_limit(locked).fixed or to_date):
        raise Refused("延长后的日期须晚于现在的日期")
    Extension.objects.create(
        deadline=locked, amount=amount, to_date=to_date, reason=reason, approval=approval, by_id=by.pk, at=at
    )
    _settle(locked)
    _note(locked, "extend", by, at)
    deadline.refresh_from_db()


def status(deadline: Deadline, today: dt.date, own: counting.Own | None = None) -> Status:
    """Return how the limit stands on a day; give `own` (`working_days.overrides()`) when asking for many."""
    is_working = deadline.unit == LimitUnit.WORKING_DAYS
    is_met = deadline.met_at is not None
    if deadline.due_date is None and not is_met:
        return Status(None, "none", "期限已中止", is_working, False, True)
    own = (working_days.overrides() if is_working else {}) if own is None else own
    left = None
    if deadline.due_date is not None:
        left = counting.days_left(today, deadline.due_date, is_working=is_working, own=own)
    tone, words = limit_words(left, done=is_met, working=is_working)
    return Status(left, tone, words, is_working, is_met, False)


def of(where: Reference) -> QuerySet[Deadline]:
    """Return the limits that run or ran on a thing, the next first."""
    found = Deadline.objects.filter(subject_kind=where.kind, subject_id=where.id)
    return found.order_by(F("due_date").asc(nulls_last=True), "pk")


def running() -> QuerySet[Deadline]:
    """Return every limit that is not met, the next first, what is suspended last."""
    return Deadline.objects.filter(met_at=None).order_by(F("due_date").asc(nulls_last=True), "pk")


@transaction.atomic
def recompute(*, at: dt.datetime) -> int:
    """Work out every running limit anew, after the calendar or the setting changed; return how many moved."""
    own, moves_on = working_days.overrides(), bool(preferences.get(MOVES_ON.key))
    rows = (
        Deadline.objects.select_for_update().filter(met_at=None).prefetch_related("suspensions", "extensions")
    )
    moved = [row for row in rows if _place(row, own, moves_on)]
    for row in moved:
        row.save(update_fields=["due_date"])
        _note(row, "recompute", SYSTEM, at)
    return len(moved)


def _limit(deadline: Deadline, moves_on: bool = True) -> counting.Limit:
    extensions: Iterable[Extension] = deadline.extensions.all()
    dates = [row.to_date for row in extensions if row.to_date]
    spans = [counting.Span(row.from_date, row.resumed_date) for row in deadline.suspensions.all()]
    return counting.Limit(
        started=deadline.started_date,
        unit=deadline.unit,
        amount=(deadline.amount or 0) + sum(row.amount or 0 for row in extensions),
        fixed=max([*dates, deadline.fixed_date]) if deadline.fixed_date else None,
        spans=spans,
        moves_on=moves_on,
    )


def _place(deadline: Deadline, own: counting.Own, moves_on: bool) -> bool:
    before = deadline.due_date
    deadline.due_date = counting.due_date(_limit(deadline, moves_on), own)
    return deadline.due_date != before


def _settle(deadline: Deadline) -> None:
    if _place(deadline, working_days.overrides(), bool(preferences.get(MOVES_ON.key))):
        deadline.save(update_fields=["due_date"])


def _locked(deadline: Deadline) -> Deadline:
    return Deadline.objects.select_for_update().get(pk=deadline.pk)


def _running(deadline: Deadline) -> Deadline:
    locked = _locked(deadline)
    if locked.met_at is not None:
        raise Refused(f"“{locked.label}”已经办结，期限不再变动")
    return locked


def _note(deadline: Deadline, verb: str, by: Actor, at: dt.datetime) -> None:
    due = deadline.due_date.isoformat() if deadline.due_date else None
    audit.record(
        action=f"deadline.{verb}",
        by=by,
        at=at,
        subject=references.reference_to(deadline),
        detail={"of": [deadline.subject_kind, deadline.subject_id], "name": deadline.name, "due": due},
    )
