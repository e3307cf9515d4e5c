"""Writing the audit book, sealing it, and verifying it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from qingfeng.audit import chain, gateways, queries
from qingfeng.audit.enums import Outcome
from qingfeng.audit.models import Entry, Seal
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference


def record(
    *,
    action: str,
    by: Actor | None,
    at: dt.datetime,
    subject: Reference | None = None,
    outcome: str = Outcome.DONE,
    address: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Write one line of the audit book: kinds and ids, never a case fact or a phone number."""
    return Entry.objects.create(
        at=at,
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "未登录",
        action=action,
        subject_kind=subject.kind if subject else "",
        subject_id=subject.id if subject else None,
        outcome=outcome,
        address=address,
        detail={**(detail or {}), **_in_place_of(by)},
    )


def _in_place_of(by: Actor | None) -> dict[str, Any]:
    """Name the absent person in whose place it was done, beside the name that says so."""
    absent = by.acting_for if by else None
    return {} if absent is None else {"acting_for": absent}


def record_export(
    *,
    what: str,
    rows: int,
    by: Actor,
    at: dt.datetime,
    address: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Write that a list was exported: its kind slug, and how many rows left."""
    return record(
        action=f"export.{what}", by=by, at=at, address=address, detail={"rows": rows, **(detail or {})}
    )


def record_opening(
    *, subject: Reference, by: Actor, at: dt.datetime, purpose: str = "", address: str = ""
) -> Entry:
    """Write that a case, file or portrait was opened, with the purpose that was given."""
    return record(
        action="open",
        by=by,
        at=at,
        subject=subject,
        address=address,
        detail={"purpose": purpose} if purpose else {},
    )


@transaction.atomic
def seal(*, at: dt.datetime, limit: int = 20_000) -> int:
    """Give the next sequence and digest to entries that have none, at most `limit`; return how many.

    Raises `KeyMissing` where sealed entries exist and the key file is gone.
    """
    last = queries.last_seal(locked=True)
    key = gateways.read_key(may_create=last is None)
    start = (last.sequence, last.digest) if last else (0, chain.START)
    waiting = queries.unsealed(at).values(*chain.FIELDS)[:limit]
    links = chain.extend(key, start, waiting, at)
    made = Seal.objects.bulk_create(
        (Seal(sequence=x.sequence, entry_id=x.entry_id, digest=x.digest, sealed_at=at) for x in links),
        batch_size=500,
    )
    return len(made)


def export_head(*, at: dt.datetime) -> chain.Head | None:
    """Write the head of the chain outside the database, where it is not there yet; after the commit."""
    last, known = queries.last_seal(), gateways.last_head()
    if last is None or (known and (known.sequence, known.digest) == (last.sequence, last.digest)):
        return None
    count = last.sequence - (known.sequence if known else 0)
    head = chain.Head(last.sequence, last.digest, at.astimezone(dt.UTC).isoformat(timespec="seconds"), count)
    gateways.export_head(head)
    return head


def verify(*, at: dt.datetime, on_progress: Callable[[int, int], None] | None = None) -> chain.Verdict:
    """Read the whole chain and every exported head; say whether it is sound, or where it breaks first."""
    heads = gateways.read_heads()
    last = queries.last_seal()
    if last is None and not heads:
        return chain.Verdict(links=0, waiting=queries.unsealed(at).count())
    key = gateways.read_key(may_create=False)
    upper = last.sequence if last else 0
    read, broken, link = chain.verify(key, queries.links(upper, on_progress), heads)
    waiting = queries.unsealed(at).count()
    if broken and link:
        return chain.Verdict(read, waiting, broken, link.sequence, link.entry_id)
    inserted = queries.first_inserted(at)
    if inserted is not None:
        return chain.Verdict(read, waiting, chain.Break.INSERTED, 0, inserted)
    return chain.Verdict(read, waiting)
