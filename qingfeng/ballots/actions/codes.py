"""Codes: made for a pool and shown once; unused ones made void."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from qingfeng.ballots import rules
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Code, CodeBatch, Pool, Urn, Vote
from qingfeng.ballots.queries import issued
from qingfeng.ballots.sealing import codes, shuffling
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused

BATCH = 500


@transaction.atomic
def issue(*, pool: Pool, count: int, by: Actor, at: dt.datetime) -> list[str]:
    """Make codes for a pool and return them, this once: only their hashes are stored, in no order.

    Raises `Refused` where there would be more codes than people.
    """
    urn = common.locked(pool.urn)
    rules.issue_codes.check(by, urn)
    common.require_state(urn, "制发测评码", UrnState.PREPARING, UrnState.OPEN)
    size = Pool.objects.values_list("size", flat=True).get(pk=pool.pk)
    left = size - issued.live_counts(urn).get(pool.pk, 0)
    if count < 1:
        raise Refused("请填写要制发的张数")
    if count > left:
        raise Refused(f"该群体应参加 {size} 人，最多还能制发 {max(left, 0)} 张")
    made = [codes.new_code() for _ in range(count)]
    Code.objects.bulk_create(
        (Code(code_hash=digest, pool=pool) for digest in sorted(codes.digest(code) for code in made)),
        batch_size=BATCH,
    )
    CodeBatch.objects.create(pool=pool, count=count, issued_at=at, issued_by_id=by.pk)
    common.record("urn.issue_codes", urn, by=by, at=at, pool=pool.pk, count=count)
    return shuffling.shuffled(made)


@transaction.atomic
def issue_many(*, urn: Urn, counts: Mapping[int, int], by: Actor, at: dt.datetime) -> dict[int, list[str]]:
    """Make codes for several pools (pool id → how many), all or none; return them by pool, this once."""
    pools = Pool.objects.filter(urn=urn, pk__in=[pk for pk, count in counts.items() if count])
    return {
        pool.pk: issue(pool=pool, count=counts[pool.pk], by=by, at=at)
        for pool in pools.select_related("urn").order_by("pk")
    }


@transaction.atomic
def void_unused(*, pool: Pool, by: Actor, at: dt.datetime) -> int:
    """Make a pool's unused codes void, so that as many new ones can be issued; return how many.

    The urn is locked, so a vote being cast is in it before unused codes are looked for.
    """
    urn = common.locked(pool.urn)
    rules.issue_codes.check(by, urn)
    common.require_state(urn, "作废测评码", UrnState.PREPARING, UrnState.OPEN)
    unused = Code.objects.filter(pool=pool, is_void=False)
    count = unused.exclude(code_hash__in=Vote.objects.values("code_hash")).update(is_void=True)
    common.record("urn.void_codes", urn, by=by, at=at, pool=pool.pk)
    return count
