from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemOpened:
    """A unit has something to put right."""

    item_id: int
    origin_kind: str
    origin_id: int


@dataclass(frozen=True)
class ItemReported:
    """The unit says that it is put right, with its proof."""

    item_id: int
    origin_kind: str
    origin_id: int


@dataclass(frozen=True)
class ItemVerified:
    """It was checked and is put right."""

    item_id: int
    origin_kind: str
    origin_id: int


@dataclass(frozen=True)
class ItemSentBack:
    """It was checked and is not put right, or a closed one was found to be a sham."""

    item_id: int
    origin_kind: str
    origin_id: int


@dataclass(frozen=True)
class ItemCancelled:
    """It need not be put right any more."""

    item_id: int
    origin_kind: str
    origin_id: int


@dataclass(frozen=True)
class InstitutionRecorded:
    """An institution was made, revised or repealed."""

    institution_id: int
    origin_kind: str
    origin_id: int
