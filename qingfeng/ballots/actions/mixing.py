"""The mix: both keepers together open the urn once, and nothing of it stays but shuffled columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction

from qingfeng.ballots import rules, states
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.events import UrnMixed
from qingfeng.ballots.gateways import rows
from qingfeng.ballots.models import Code, Keeper, MixedAnswer, MixedComment, Pool, Receipt, Urn, Vote
from qingfeng.ballots.sealing import boxes, codes, counting, keys, paper, shuffling
from qingfeng.core import events
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.workflow import engine

AT_ONCE = 2000


@dataclass
class _Heap:
    """What came out of one pool's votes, each part without the others but in memory."""

    answers: bytearray = field(default_factory=bytearray)
    comments: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    damaged: int = 0


@dataclass(frozen=True)
class _Sorted:
    """All that will be stored, still in the order of the pools."""

    answers: list[tuple[int, bytes]]
    comments: list[tuple[int, str]]
    receipts: list[tuple[str, bool]]
    pools: list[Pool]


@transaction.atomic
def mix(*, urn: Urn, passphrases: Mapping[int, str], by: Actor, at: dt.datetime) -> Urn:
    """Open, shuffle and store the urn's votes, and destroy votes and private keys, all or nothing.

    `passphrases` is seat → passphrase, of both keepers. Run again, it finds its work done. Raises `Refused`
    where a passphrase is wrong; nothing is changed then.
    """
    row = common.locked(urn)
    rules.mix_urn.check(by, row)
    if row.state == UrnState.MIXED:
        urn.refresh_from_db()
        return urn
    common.require_state(row, states.MIX.label, UrnState.CLOSED)
    heaps = _opened(row, _opener(row, passphrases))
    made = _sort(row, heaps)
    _store(row, made)
    _destroy(row)
    damaged = sum(heap.damaged for heap in heaps.values())
    Urn.objects.filter(pk=row.pk).update(damaged=damaged)
    engine.advance(urn, states.MIX, rule=rules.mix_urn, by=by, at=at)
    events.publish(UrnMixed(urn.pk, urn.subject_kind, urn.subject_id))
    return urn


def _opener(urn: Urn, passphrases: Mapping[int, str]) -> boxes.Opener:
    """Return both private keys together, in the memory of this process only."""
    privates, wrong = [], []
    for keeper in Keeper.objects.filter(urn=urn).select_related("user").order_by("seat"):
        try:
            wrapped, public = bytes(keeper.wrapped_key or b""), bytes(keeper.public_key or b"")
            privates.append(keys.unwrap(wrapped, passphrases.get(keeper.seat, ""), public))
        except keys.WrongPassphrase:
            wrong.append(f"保管人{keeper.user.name}的口令不正确")
    if wrong:
        raise Refused(*wrong, "票箱没有打开，选票没有变化")
    return boxes.Opener(privates[0], privates[1])


def _opened(urn: Urn, opener: boxes.Opener) -> dict[int, _Heap]:
    """Open every vote and take it apart at once. Altered votes are counted, and say nothing."""
    heaps = {pk: _Heap() for pk in urn.pools.values_list("pk", flat=True)}
    width = len(urn.questions)
    for code_hash, pool_id, sealed in _votes(urn):
        heap = heaps[pool_id]
        try:
            text = opener.open(sealed, context=code_hash.encode())
            ballot = paper.unpack(text, questions=width, comment_limit=urn.comment_limit)
        except (boxes.Damaged, ValueError):
            heap.damaged += 1
            continue
        heap.answers += ballot.answers
        heap.receipts.append(ballot.receipt)
        if ballot.comment:
            heap.comments.append(ballot.comment)
    return heaps


def _votes(urn: Urn) -> Iterator[tuple[str, int, bytes]]:
    """Yield the urn's votes with their pools, a few thousand in memory at a time."""
    pools = dict(Code.objects.filter(pool__urn=urn).values_list("code_hash", "pool_id").iterator(AT_ONCE))
    votes = common.votes_of(urn).values_list("code_hash", "sealed")
    for code_hash, sealed in votes.iterator(AT_ONCE):
        yield code_hash, pools[code_hash], bytes(sealed)


def _sort(urn: Urn, heaps: Mapping[int, _Heap]) -> _Sorted:
    """Drop what is too little to be counted, and shuffle each column of the rest by itself."""
    valid = counting.valid_places(urn.questions, urn.answers)
    made = _Sorted([], [], [], [])
    for pool in urn.pools.all():
        heap = heaps[pool.pk]
        table = np.frombuffer(bytes(heap.answers), np.uint8).reshape(-1, len(urn.questions))
        kept = counting.withhold(table, valid, urn.minimum)
        pool.turnout = counting.step_of(len(table))
        pool.is_withheld = kept is None
        made.pools.append(pool)
        if kept is None:
            made.receipts.extend((text, False) for text in _with_strangers(heap.receipts))
            continue
        made.answers.extend((pool.pk, bytes(line)) for line in shuffling.shuffle_columns(kept))
        made.comments.extend((pool.pk, text) for text in heap.comments)
        made.receipts.extend((text, True) for text in heap.receipts)
    return made


def _with_strangers(receipts: list[str]) -> list[str]:
    """Return the receipts of a withheld pool with as many that nobody holds as hide how many there were."""
    wanted = counting.step_of(len(receipts)) + counting.STEP
    return receipts + [codes.new_receipt() for _ in range(wanted - len(receipts))]


def _store(urn: Urn, made: _Sorted) -> None:
    """Insert the three tables, each in a random order of its own over the whole urn."""
    rows.insert(MixedAnswer, ("pool", "packed"), shuffling.shuffled(made.answers))
    rows.insert(MixedComment, ("pool", "text"), shuffling.shuffled(made.comments))
    receipts = [(urn.pk, text, counted) for text, counted in shuffling.shuffled(made.receipts)]
    rows.insert(Receipt, ("urn", "text", "is_counted"), receipts)
    _mark(made.pools)


def _mark(pools: list[Pool]) -> None:
    """Store what is shown of the pools, all alike in one statement."""
    alike: dict[tuple[int | None, bool], list[int]] = defaultdict(list)
    for pool in pools:
        alike[pool.turnout, pool.is_withheld].append(pool.pk)
    for (turnout, is_withheld), ids in alike.items():
        for start in range(0, len(ids), AT_ONCE):
            some = Pool.objects.filter(pk__in=ids[start : start + AT_ONCE])
            some.update(turnout=turnout, is_withheld=is_withheld)


def _destroy(urn: Urn) -> None:
    """Delete the sealed votes and the keys that open them; on SQLite overwrite where they stood."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    common.votes_of(urn)._raw_delete(using=Vote.objects.db)
    Keeper.objects.filter(urn=urn).update(wrapped_key=None)
