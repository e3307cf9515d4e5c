"""The files of evidence: how many, which, and who may open them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from qingfeng.documents.enums import FileKind
from qingfeng.documents.models.files import FileVersion
from qingfeng.evaluation.models.submissions import EvidenceFile, EvidenceItem
from qingfeng.evaluation.queries import submissions

SLOT = "evidence"


@dataclass(frozen=True)
class OfferedFile:
    """One file of an item, as a page lists it; `version` is what the documents open."""

    pk: int
    item_id: int
    version: FileVersion

    @property
    def name(self) -> str:
        return self.version.name

    @property
    def size(self) -> int:
        return self.version.stored.size

    @property
    def kind(self) -> str:
        return FileKind(self.version.stored.file_kind).name

    @property
    def label(self) -> str:
        return str(FileKind(self.version.stored.file_kind).label)


def file_counts(items: Iterable[EvidenceItem]) -> dict[int, int]:
    """Return the number of standing files of each item that has any."""
    rows = EvidenceFile.objects.standing().filter(item__in=[item.pk for item in items])
    return dict(rows.values_list("item").annotate(count=Count("pk")).values_list("item", "count"))


def files_of(item: EvidenceItem) -> list[OfferedFile]:
    """Return the standing files of an item, in the order in which they came."""
    rows = list(item.files.standing().order_by("pk").values_list("pk", "attachment_id"))
    versions = FileVersion.objects.filter(attachment__in=[line for _, line in rows])
    latest = {row.attachment_id: row for row in versions.select_related("stored").order_by("number")}
    return [OfferedFile(pk, item.pk, latest[line]) for pk, line in rows if line in latest]


def may_open(user: Any, version: FileVersion) -> bool:
    """Say whether a person may open a file: who sees an item that it stands in, or stood in when it came."""
    links = EvidenceFile.objects.filter(attachment=version.attachment_id)
    return submissions.evidence_visible_to(user).filter(files__in=links).exists()
