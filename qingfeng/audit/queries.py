from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, QuerySet

from qingfeng.audit import chain
from qingfeng.audit.models import Entry, Seal
from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role

LATE = dt.timedelta(hours=2)
"""No transaction lasts longer. An entry without a seal whose id is below what was sealed two hours ago was
not late but inserted; the sealing passes it over and the verification reports it."""
BLOCK = 5000


def visible_to(user: Actor) -> QuerySet[Entry]:
    """Return the book to the audit administrator, and nothing to anybody else."""
    return Entry.objects.all() if user.holds(Role.AUDIT_ADMIN) else Entry.objects.none()


def last_seal(*, locked: bool = False) -> Seal | None:
    """Return the newest seal; `locked` first waits for its turn on the oldest, which never changes."""
    if locked:
        Seal.objects.select_for_update().filter(sequence=1).first()
    return Seal.objects.order_by("-sequence").first()


def _settled(at: dt.datetime) -> int:
    """Return the id up to which every entry was there two hours ago."""
    ids = (
        Seal.objects.filter(sealed_at__lte=at - LATE).order_by("-sequence").values_list("entry_id", flat=True)
    )
    return max(ids[:1000], default=0)


def _without_seal() -> QuerySet[Entry]:
    return Entry.objects.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk"))))


def unsealed(at: dt.datetime) -> QuerySet[Entry]:
    """Return the entries that wait for their seal, in the order of their ids."""
    return _without_seal().filter(pk__gt=_settled(at)).order_by("pk")


def is_waiting(at: dt.datetime) -> bool:
    """Say whether an entry waits for its seal."""
    return unsealed(at).exists()


def first_inserted(at: dt.datetime) -> int | None:
    """Return the id of the first entry that appeared below what was sealed long ago, or None."""
    found = _without_seal().filter(pk__lte=_settled(at)).order_by("pk")
    return found.values_list("pk", flat=True).first()


def links(upper: int, on_progress: Callable[[int, int], None] | None) -> Iterator[chain.Pair]:
    """Yield every link up to a sequence with its entry (None where it is gone), in blocks."""
    position = 0
    while position < upper:
        seals = list(
            Seal.objects.filter(sequence__gt=position, sequence__lte=upper).order_by("sequence")[:BLOCK]
        )
        if not seals:
            return
        ids = [seal.entry_id for seal in seals]
        found = Entry.objects.filter(pk__gte=min(ids), pk__lte=max(ids)).values(*chain.FIELDS)
        entries = {row["id"]: row for row in found.iterator()}
        for seal in seals:
            link = chain.Link(seal.sequence, seal.entry_id, seal.digest, seal.sealed_at)
            yield link, entries.get(seal.entry_id)
        position = seals[-1].sequence
        if on_progress:
            on_progress(position, upper)


def sealed_ids(entry_ids: list[int]) -> dict[int, int]:
    """Return entry id → sequence for those that are sealed."""
    return dict(Seal.objects.filter(entry_id__in=entry_ids).values_list("entry_id", "sequence"))


def actions_seen() -> list[str]:
    """Return every action slug that the book holds, for the page's filter."""
    return sorted(Entry.objects.values_list("action", flat=True).distinct())
