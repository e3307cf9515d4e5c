from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentIssued:
    """A document has its number and its immutable copy; its recipients are named."""

    document_id: int


@dataclass(frozen=True)
class DocumentCorrected:
    """An issued document has a corrected copy under the same number."""

    document_id: int


@dataclass(frozen=True)
class DocumentWithdrawn:
    """An issued document no longer counts; its number stays used."""

    document_id: int


@dataclass(frozen=True)
class DocumentReissued:
    """A withdrawn document is drafted anew, as the document `successor_id`."""

    document_id: int
    successor_id: int
