"""The chain of the audit book: HMAC-SM3 over each entry and the digest before it. Plain data in and out.

Link n is HMAC-SM3(key, digest of n-1 ‖ n ‖ sealed_at ‖ canonical entry); link 0 is 32 zero bytes. The key
stands outside the database, so that who can write every table still cannot make a link.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac

START = "0" * 64
FIELDS = (
    "id", "at", "actor_id", "actor_name", "action",
    "subject_kind", "subject_id", "outcome", "address", "detail",
)  # fmt: skip
"""The columns of an entry that the chain covers: all of them."""


@dataclass(frozen=True)
class Link:
    """A stored link: sequence from 1 without a gap, the entry's id, 64 hexadecimal digits, when."""

    sequence: int
    entry_id: int
    digest: str
    sealed_at: dt.datetime


Pair = tuple[Link, dict[str, Any] | None]
"""A link with its entry, or with None where the entry is gone."""


@dataclass(frozen=True)
class Head:
    """The exported head: the last sequence, its digest, when it was exported, how many links were new."""

    sequence: int
    digest: str
    at: str
    count: int


class Break(StrEnum):
    """What is wrong with the first broken place."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"


@dataclass(frozen=True)
class Verdict:
    """The outcome of a verification: links read, entries waiting for a seal, and the first break, if any."""

    links: int
    waiting: int
    broken: Break | None = None
    sequence: int = 0
    entry_id: int = 0

    @property
    def is_sound(self) -> bool:
        return self.broken is None


def canonical(entry: dict[str, Any]) -> bytes:
    """Return an entry's columns as one JSON array, times in UTC to the microsecond, keys sorted."""
    at = entry["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")
    values = [at if name == "at" else entry[name] for name in FIELDS]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(key: bytes, previous: str, sequence: int, sealed_at: dt.datetime, entry: dict[str, Any]) -> str:
    """Return the HMAC-SM3 of a link, 64 hexadecimal digits (GB/T 32905-2016, GB/T 15852.2)."""
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(bytes.fromhex(previous))
    mac.update(sequence.to_bytes(8, "big"))
    mac.update(sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds").encode())
    mac.update(canonical(entry))
    return mac.finalize().hex()


def extend(
    key: bytes, last: tuple[int, str], entries: Iterable[dict[str, Any]], sealed_at: dt.datetime
) -> Iterator[Link]:
    """Yield a link for each entry, going on from the last sequence and digest."""
    sequence, previous = last
    for entry in entries:
        sequence += 1
        previous = digest(key, previous, sequence, sealed_at, entry)
        yield Link(sequence, entry["id"], previous, sealed_at)


def verify(key: bytes, pairs: Iterable[Pair], heads: Iterable[Head]) -> tuple[int, Break | None, Link | None]:
    """Walk the links in sequence with their entries; return links read, the first break, and where.

    A gap in the sequence or an entry that is gone is REMOVED. A digest that does not fit is REORDERED where
    the next link carries the smaller entry id, else ALTERED. A head that was exported and is not in the chain
    means that the tail was cut, or cut and made anew: TRUNCATED.
    """
    exported: dict[int, set[str]] = {}
    for head in heads:
        exported.setdefault(head.sequence, set()).add(head.digest)
    previous, read = START, 0
    for pair, following in _with_next(pairs):
        link = pair[0]
        broken = _fault(key, previous, read + 1, pair, following)
        if broken is None and exported.pop(link.sequence, {link.digest}) != {link.digest}:
            broken = Break.TRUNCATED
        if broken:
            return read, broken, link
        previous, read = link.digest, read + 1
    if exported:
        return read, Break.TRUNCATED, Link(read + 1, 0, "", dt.datetime.min.replace(tzinfo=dt.UTC))
    return read, None, None


def _with_next(
    pairs: Iterable[Pair],
) -> Iterator[tuple[Pair, Link | None]]:
    waiting: Pair | None = None
    for pair in pairs:
        if waiting is not None:
            yield waiting, pair[0]
        waiting = pair
    if waiting is not None:
        yield waiting, None


def _fault(key: bytes, previous: str, expected: int, pair: Pair, following: Link | None) -> Break | None:
    link, entry = pair
    if link.sequence != expected or entry is None:
        return Break.REMOVED
    if digest(key, previous, link.sequence, link.sealed_at, entry) != link.digest:
        swapped = following is not None and following.entry_id < link.entry_id
        return Break.REORDERED if swapped else Break.ALTERED
    return None
