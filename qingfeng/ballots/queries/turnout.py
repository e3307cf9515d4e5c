"""Turnout, in steps of five. A sum is a sum of what is shown: it tells nothing that its parts do not tell."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Code, Pool, Urn, Vote
from qingfeng.ballots.sealing import counting

COUNTING = (UrnState.OPEN, UrnState.CLOSED)


@dataclass(frozen=True)
class Turnout:
    """One pool's turnout: `step` is the lower end of its step of five (0 is “不足 5 人”)."""

    pool: Pool
    step: int

    @property
    def words(self) -> str:
        return words_of(self.step)


def words_of(step: int) -> str:
    """Return how a step reads."""
    return f"{step} 人以上" if step else f"不足 {counting.STEP} 人"


def by_pool(urn: Urn) -> list[Turnout]:
    """Return every pool's turnout, by unit and group; exact numbers never leave this function."""
    pools = urn.pools.select_related("unit").order_by("unit__sort_order", "unit__code", "pk")
    counts = _counts(urn) if urn.state in COUNTING else {}
    return [
        Turnout(pool, pool.turnout if pool.turnout is not None else counting.step_of(counts.get(pool.pk, 0)))
        for pool in pools
    ]


def total(turnouts: list[Turnout]) -> int:
    """Return the sum of steps: at least so many took part. The sum of people would betray a small pool."""
    return sum(entry.step for entry in turnouts)


def _counts(urn: Urn) -> dict[int, int]:
    used = Code.objects.filter(pool__urn=urn, code_hash__in=Vote.objects.values("code_hash"))
    return dict(used.values_list("pool").annotate(count=Count("pk")).values_list("pool", "count"))
