"""Limits as the overview shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from qingfeng.accounts.models import User
from qingfeng.core import working_days
from qingfeng.shell import rules
from qingfeng.shell.queries.audit_words import kind_words, kinds
from qingfeng.workflow import deadlines
from qingfeng.workflow.deadlines import Status
from qingfeng.workflow.enums import LimitUnit
from qingfeng.workflow.models import Deadline


@dataclass(frozen=True)
class Row:
    """A limit with how it stands today."""

    deadline: Deadline
    status: Status
    subject: str
    length: str


def visible_to(user: User) -> QuerySet[Deadline]:
    """Return every limit to leaders and the offices that keep time, and none to anybody else."""
    return Deadline.objects.all() if rules.read_deadlines.allows(user) else Deadline.objects.none()


def of_state(rows: QuerySet[Deadline], state: str, today: dt.date) -> QuerySet[Deadline]:
    conditions: dict[str, dict[str, Any]] = {
        "late": {"met_at": None, "due_date__lt": today},
        "running": {"met_at": None, "due_date__gte": today},
        "suspended": {"met_at": None, "due_date": None},
        "met": {"met_at__isnull": False},
    }
    return rows.filter(**conditions[state])


def sorted_by_urgency(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    return rows.order_by(F("due_date").asc(nulls_last=True), "pk")


def overdue(user: User, today: dt.date) -> int:
    return of_state(visible_to(user), "late", today).count()


def kind_choices(rows: QuerySet[Deadline]) -> list[tuple[str, str]]:
    found = rows.order_by().values_list("subject_kind", flat=True).distinct()
    return sorted((kind, kind_words(kind)) for kind in found if kind in kinds())


def rows(found: Iterable[Deadline], today: dt.date) -> list[Row]:
    own = working_days.overrides()
    return [
        Row(each, deadlines.status(each, today, own), subject_words(each), length_words(each))
        for each in found
    ]


def subject_words(deadline: Deadline) -> str:
    return f"{kind_words(deadline.subject_kind)} {deadline.subject_id}"


def length_words(deadline: Deadline) -> str:
    if deadline.unit == LimitUnit.DATE:
        return f"到 {deadline.fixed_date:%Y-%m-%d}"
    return f"{deadline.amount} {deadline.get_unit_display()}"
