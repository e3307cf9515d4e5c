"""Reads of official documents; every one begins with the user's scope."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from qingfeng.core import clock
from qingfeng.documents.enums import NUMBERED, DocumentState, Slot
from qingfeng.documents.models.files import FileVersion
from qingfeng.documents.models.official import IssuedCopy, NumberSeries, OfficialDocument, Recipient
from qingfeng.documents.queries import scope
from qingfeng.organizations.models import Unit
from qingfeng.workflow.models import StateChange
from qingfeng.workflow.transitions import MACHINES


def register(user: Any) -> QuerySet[OfficialDocument]:
    """Return the rows of the register in the user's scope."""
    return scope.visible_to(user).select_related("series", "drafted_by")


def years() -> list[tuple[str, str]]:
    """Return the years that have numbers, newest first."""
    found = NumberSeries.objects.values_list("year", flat=True).distinct().order_by("-year")
    return [(str(year), f"{year} 年") for year in found]


def of_year(rows: QuerySet[OfficialDocument], year: str) -> QuerySet[OfficialDocument]:
    """Keep the documents numbered in a year."""
    return rows.filter(series__year=int(year))


def waiting_for_scan(user: Any) -> int:
    """Count what is issued and has no stamped scan yet."""
    return scope.visible_to(user).filter(state=DocumentState.ISSUED).count()


def texts(document: OfficialDocument) -> list[FileVersion]:
    """Return the versions of the text, newest first."""
    return _versions(document, Slot.TEXT)


def scans(document: OfficialDocument) -> list[FileVersion]:
    """Return the stamped scans, newest first."""
    return _versions(document, Slot.SCAN)


def _versions(document: OfficialDocument, slot: str) -> list[FileVersion]:
    rows = FileVersion.objects.filter(
        attachment__owner_kind=OfficialDocument.kind, attachment__owner_id=document.pk, attachment__slot=slot
    )
    return list(rows.select_related("stored", "by", "issued_copy").order_by("-number"))


def copies(document: OfficialDocument) -> list[IssuedCopy]:
    """Return the issued copies, the one that counts first."""
    rows = document.copies.select_related("version__stored", "by")
    return list(rows.order_by("-sequence"))


def recipients(document: OfficialDocument) -> list[Recipient]:
    """Return to whom it was issued, main recipients first."""
    return list(document.recipients.select_related("unit").order_by("is_copy", "pk"))


def history(document: OfficialDocument, *, with_drafts: bool) -> list[dict[str, Any]]:
    """Tell the document's steps, newest first; without drafts, what happened to it once it was issued."""
    rows = StateChange.objects.filter(subject_kind=OfficialDocument.kind, subject_id=document.pk)
    if not with_drafts:
        rows = rows.filter(to_state__in=NUMBERED)
    labels = {step.name: step.label for step in MACHINES[OfficialDocument.kind].transitions}
    told: list[dict[str, Any]] = [
        {"at": row.at, "what": labels[row.name], "who": row.who, "note": row.note}
        for row in rows.select_related("by", "acted_for").order_by("-pk")
    ]
    drafter = document.drafted_by.name if document.drafted_by else "系统"
    return [*told, {"at": document.drafted_on, "what": "拟稿", "who": drafter}]


def open_series(year: int) -> QuerySet[NumberSeries]:
    """Return the series from which a document of the year can be numbered."""
    return NumberSeries.objects.filter(year=year).order_by("word")


def active_units() -> QuerySet[Unit]:
    """Return the units that can receive a document today."""
    rows: QuerySet[Unit] = Unit.objects.active_on(clock.today())
    return rows.order_by("unit_class", "sort_order", "code")


def all_series() -> QuerySet[NumberSeries]:
    """Return every series with the count of its documents, newest first."""
    return NumberSeries.objects.annotate(used=Count("documents"))


def numbered(series: NumberSeries) -> QuerySet[OfficialDocument]:
    """Return every number of a series, also those whose documents the reader may not see: no gap shows."""
    return OfficialDocument.objects.filter(series=series)


def visible_in(user: Any, series: NumberSeries) -> frozenset[int]:
    """Return the ids of the documents of a series that the user may see."""
    return frozenset(scope.visible_to(user).filter(series=series).values_list("pk", flat=True))


def versions() -> QuerySet[FileVersion]:
    """Return every version of every file; `rules.open_file` says by its owner who may open it."""
    return FileVersion.objects.select_related("attachment", "stored")
