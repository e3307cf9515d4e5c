"""What a voter's page shows for a code: the urn, the unit he is asked about, and whether he may vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Keeper, Pool, Receipt, Urn
from qingfeng.ballots.sealing import codes

UNKNOWN = "没有这个测评码，请核对后再输入。"
MISTYPED = "测评码不完整或有误，请对照纸条逐位核对。"
VOID = "这张测评码已作废，请使用新发的测评码。"
USED = "这张测评码已经投过票了，每张只能投一次。"
NOT_OPEN = {
    UrnState.PREPARING: "投票还没有开始。",
    UrnState.CLOSED: "投票已经截止。",
    UrnState.MIXED: "投票已经截止。",
    UrnState.VOID: "本次测评已作废，不再接受投票。",
    UrnState.LOST: "本次测评已作废，不再接受投票。",
}


FIND = """SELECT c.code_hash, c.is_void, c.pool_id, u.state, k.public_key,
    EXISTS (SELECT 1 FROM ballots_vote v WHERE v.code_hash = c.code_hash)
    FROM ballots_code c JOIN ballots_pool p ON p.id = c.pool_id JOIN ballots_urn u ON u.id = p.urn_id
    LEFT JOIN ballots_keeper k ON k.urn_id = u.id AND k.seat = 1
    WHERE c.code_hash = %s"""
"""What changes between two voters, and the key under which the rest is remembered. By the ORM a request took
three times as long; with all names joined in, PostgreSQL planned longer than it searched."""


@dataclass(frozen=True)
class Asked:
    """What is fixed once an urn is open: who is asked about whom, which questions, the keys to seal votes to.

    The urn's own `state` may be older than the paper.
    """

    pool_id: int
    urn: Urn
    group: str
    group_name: str
    unit_name: str
    publics: tuple[bytes, bytes] | None

    @property
    def name(self) -> str:
        """Return the name by which a form says what it was made for; it says nothing of the code."""
        return f"{self.pool_id}.{self.publics[0].hex()[:16]}" if self.publics else ""

    @property
    def questions(self) -> list[dict[str, Any]]:
        return self.urn.questions_of(self.group)


_kept: dict[str, Asked] = {}
KEPT = 2000
"""Pools of open urns that a process remembers: 800 voters need not read the same 36 questions 800 times."""


@dataclass(frozen=True)
class Paper:
    """The ballot paper of a code; `refusal` says in plain words why it cannot be cast, or is empty."""

    code_hash: str
    asked: Asked
    refusal: str
    is_used: bool

    @property
    def urn(self) -> Urn:
        return self.asked.urn

    @property
    def questions(self) -> list[dict[str, Any]]:
        return self.asked.questions


def paper(code: str) -> Paper | None:
    """Return the paper of a code, or None where there is no such code (see `why_unknown`): one statement."""
    if not codes.is_well_formed(code):
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND, [codes.digest(code)])
        row = cursor.fetchone()
    if row is None:
        return None
    code_hash, is_void, pool_id, state, public, is_used = row
    asked = _asked(pool_id, state, bytes(public or b""))
    refusal = VOID if is_void else _refusal(state, is_used=bool(is_used))
    return Paper(code_hash, asked, refusal, bool(is_used))


def _asked(pool_id: int, state: str, public: bytes) -> Asked:
    """Return what a pool is asked; remembered under the urn's own key while it is open: it is fixed then."""
    known = _kept.get(f"{pool_id}.{public.hex()[:16]}")
    if known is not None:
        return known
    pool = Pool.objects.select_related("urn", "unit").get(pk=pool_id)
    keys = Keeper.objects.filter(urn=pool.urn_id, public_key__isnull=False).order_by("seat")
    both = [bytes(found) for found in keys.values_list("public_key", flat=True) if found]
    publics = (both[0], both[1]) if len(both) == 2 else None
    others = list(_kept.values())  # a copy: other threads remember and forget meanwhile
    urn = next((kept.urn for kept in others if kept.publics == publics and publics), pool.urn)
    made = Asked(pool_id, urn, pool.group, pool.group_name, pool.unit.name, publics)
    if state == UrnState.OPEN and publics is not None:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[made.name] = made
    return made


def remembered(name: str) -> Asked | None:
    """Return what a form was made for, where this process remembers it."""
    return _kept.get(name)


def _refusal(state: str, *, is_used: bool) -> str:
    if state != UrnState.OPEN:
        return NOT_OPEN[UrnState(state)]
    return USED if is_used else ""


def why_unknown(code: str) -> str:
    """Return the sentence for a code that has no paper."""
    return UNKNOWN if codes.is_well_formed(code) else MISTYPED


def receipt(text: str) -> Receipt | None:
    """Return a published receipt, however it was typed; there is none before the mix."""
    wanted = codes.grouped(codes.tidy(text))
    return Receipt.objects.filter(text=wanted).select_related("urn").first()
