"""Reads of rectification items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from qingfeng.core.references import Reference, reference_to
from qingfeng.rectification.enums import ItemState
from qingfeng.rectification.models.items import Item, ItemQuerySet
from qingfeng.rectification.queries import scope
from qingfeng.workflow import deadlines
from qingfeng.workflow.models import Deadline, Extension, StateChange

SENT_BACK = ("send_back", "reopen")


def visible_to(user: Any) -> ItemQuerySet:
    """Return the items in the user's scope."""
    return scope.items_visible_to(user)


def of_origin(where: Reference) -> ItemQuerySet:
    """Return the items that came out of one thing, in the order in which they were opened."""
    return Item.objects.from_origin(where).select_related("unit").order_by("pk")


@dataclass(frozen=True)
class Counts:
    """How many items there are, by how far they are; `overdue` are among those with the unit."""

    total: int = 0
    with_unit: int = 0
    reported: int = 0
    closed: int = 0
    cancelled: int = 0
    overdue: int = 0

    @property
    def unfinished(self) -> int:
        return self.with_unit + self.reported

    @property
    def is_all_closed(self) -> bool:
        """Say whether something was asked and all that still stands is verified."""
        return self.closed > 0 and not self.unfinished


def counts_by_origin(origin_kind: str, today: dt.date) -> dict[int, Counts]:
    """Map the id of each origin of a kind to the counts of its items, in one query."""
    return _counts(Item.objects.filter(origin_kind=origin_kind), "origin_id", today)


def counts_of(rows: ItemQuerySet, today: dt.date) -> Counts:
    """Count rows by state, in one query."""
    found = rows.with_due().aggregate(**_sums(today))
    return Counts(**found)


def counts_by(rows: ItemQuerySet, key: str, today: dt.date) -> dict[Any, Counts]:
    """Map each value of a column (`unit_id`, `origin_kind`) to the counts of the rows, in one query."""
    return _counts(rows, key, today)


def _sums(today: dt.date) -> dict[str, Count]:
    with_unit = Q(state__in=[ItemState.OPEN, ItemState.RETURNED])
    return {
        "total": Count("pk"),
        "with_unit": Count("pk", filter=with_unit),
        "reported": Count("pk", filter=Q(state=ItemState.REPORTED)),
        "closed": Count("pk", filter=Q(state=ItemState.CLOSED)),
        "cancelled": Count("pk", filter=Q(state=ItemState.CANCELLED)),
        "overdue": Count("pk", filter=with_unit & Q(due_date__lt=today)),
    }


def _counts(rows: ItemQuerySet, key: str, today: dt.date) -> dict[Any, Counts]:
    found = rows.with_due().order_by().values(key).annotate(**_sums(today))
    return {row.pop(key): Counts(**row) for row in found}


def returns_of(items: Iterable[Item]) -> dict[int, int]:
    """Map the id of each item that was ever sent back to how often."""
    rows = StateChange.objects.filter(
        subject_kind=Item.kind, subject_id__in=[item.pk for item in items], name__in=SENT_BACK
    )
    return dict(rows.order_by().values("subject_id").annotate(n=Count("pk")).values_list("subject_id", "n"))


def limits_of(item: Item) -> list[Deadline]:
    """Return the limits that run or ran on an item, the oldest first."""
    return list(deadlines.of(reference_to(item)).order_by("pk"))


def report_limit(item: Item) -> Deadline | None:
    """Return the unit's newest limit on the item, met or not."""
    return _newest(item, Item.REPORT_LIMIT)


def verify_limit(item: Item) -> Deadline | None:
    """Return the newest limit of who verifies, met or not."""
    return _newest(item, Item.VERIFY_LIMIT)


def _newest(item: Item, name: str) -> Deadline | None:
    found = Deadline.objects.filter(subject_kind=Item.kind, subject_id=item.pk, name__startswith=name)
    return found.order_by("-pk").first()


def limit_count(item: Item, name: str) -> int:
    found = Deadline.objects.filter(subject_kind=Item.kind, subject_id=item.pk, name__startswith=name)
    return found.count()


def changes_of(item: Item) -> list[StateChange]:
    rows = StateChange.objects.filter(subject_kind=Item.kind, subject_id=item.pk)
    return list(rows.select_related("by", "acted_for").order_by("pk"))


def extensions_of(item: Item) -> list[Extension]:
    rows = Extension.objects.filter(deadline__subject_kind=Item.kind, deadline__subject_id=item.pk)
    return list(rows.select_related("by").order_by("pk"))


def last_return(item: Item) -> StateChange | None:
    """Return the last sending back of the item, with its reasons in the note."""
    rows = StateChange.objects.filter(subject_kind=Item.kind, subject_id=item.pk, name__in=SENT_BACK)
    return rows.select_related("by").order_by("-pk").first()


def reporters_of(item: Item) -> set[int]:
    """Return the ids of those who ever reported on the item."""
    return set(item.reports.values_list("by_id", flat=True))
