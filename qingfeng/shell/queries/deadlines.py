"""Limits as the overview shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Model, QuerySet, Value, When

from qingfeng.accounts.models import User
from qingfeng.core import working_days
from qingfeng.evaluation.models.rounds import Round
from qingfeng.organizations.models import Unit
from qingfeng.shell import rules
from qingfeng.shell.queries.audit_words import kind_words, kinds
from qingfeng.workflow import deadlines
from qingfeng.workflow.deadlines import Status
from qingfeng.workflow.enums import LimitUnit
from qingfeng.workflow.models import Deadline

NAMED: dict[str, type[Model]] = {Unit.kind: Unit, Round.kind: Round}
"""Kinds whose name anybody may read."""


@dataclass(frozen=True)
class Row:
    """A limit with how it stands today."""

    deadline: Deadline
    status: Status
    subject: str
    length: str


def visible_to(user: User) -> QuerySet[Deadline]:
    """Return every limit to leaders and the offices that keep time, and none to anybody else.

    `urgency` sorts what runs by its last day, then what is suspended, then what is met.
    """
    if not rules.read_deadlines.allows(user):
        return Deadline.objects.none()
    done = Case(
        When(met_at__isnull=False, then=Value(2)), When(due_date=None, then=Value(1)), default=Value(0)
    )
    return Deadline.objects.annotate(urgency=done)


def of_state(rows: QuerySet[Deadline], state: str, today: dt.date) -> QuerySet[Deadline]:
    conditions: dict[str, dict[str, Any]] = {
        "late": {"met_at": None, "due_date__lt": today},
        "running": {"met_at": None, "due_date__gte": today},
        "suspended": {"met_at": None, "due_date": None},
        "met": {"met_at__isnull": False},
    }
    return rows.filter(**conditions[state])


def sentence(user: User, today: dt.date) -> str:
    """Say how many limits run, and how many are late."""
    rows = visible_to(user)
    late, running = of_state(rows, "late", today).count(), of_state(rows, "running", today).count()
    if not late:
        return f"{running} 项期限在办，没有逾期的" if running else "现在没有在办的期限"
    return f"{late} 项期限已经逾期" + (f"，另有 {running} 项在办" if running else "")


def kind_choices(rows: QuerySet[Deadline]) -> list[tuple[str, str]]:
    found = rows.order_by().values_list("subject_kind", flat=True).distinct()
    return sorted((kind, kind_words(kind)) for kind in found if kind in kinds())


def rows(found: Iterable[Deadline], today: dt.date) -> list[Row]:
    """Return limits with their status today and the names of what they run on, in one query a kind."""
    given = list(found)
    own, names = working_days.overrides(), subject_names(given)
    return [
        Row(each, deadlines.status(each, today, own), names[each.pk], length_words(each)) for each in given
    ]


def subject_names(found: Iterable[Deadline]) -> dict[int, str]:
    """Return deadline id → the name of its subject; a kind that has no public name shows kind and number."""
    given = list(found)
    known: dict[tuple[str, int], str] = {}
    for kind, model in NAMED.items():
        ids = {each.subject_id for each in given if each.subject_kind == kind}
        if ids:
            known |= {(kind, pk): str(row) for pk, row in model._default_manager.in_bulk(ids).items()}
    return {each.pk: known.get((each.subject_kind, each.subject_id)) or subject_words(each) for each in given}


def subject_words(deadline: Deadline) -> str:
    return f"{kind_words(deadline.subject_kind)} {deadline.subject_id}"


def length_words(deadline: Deadline) -> str:
    if deadline.unit == LimitUnit.DATE:
        return f"到 {deadline.fixed_date:%Y-%m-%d}"
    return f"{deadline.amount} {deadline.get_unit_display()}"
