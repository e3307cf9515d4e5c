from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KeeperNamed:
    urn_id: int
    user_id: int


@dataclass(frozen=True)
class UrnOpened:
    urn_id: int
    subject_kind: str
    subject_id: int


@dataclass(frozen=True)
class UrnClosed:
    urn_id: int
    subject_kind: str
    subject_id: int


@dataclass(frozen=True)
class UrnMixed:
    urn_id: int
    subject_kind: str
    subject_id: int


@dataclass(frozen=True)
class UrnDiscarded:
    """The urn was made void, or its passphrases were lost: its votes are gone, unread."""

    urn_id: int
    subject_kind: str
    subject_id: int
