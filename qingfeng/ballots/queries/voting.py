"""What a voter's page shows for a code: the urn, the unit he is asked about, and whether he may vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Receipt, Urn
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


FIND = """SELECT c.code_hash, c.is_void, p."group", p.group_name, n.name, u.id, u.state,
    k1.public_key, k2.public_key,
    EXISTS (SELECT 1 FROM ballots_vote v WHERE v.code_hash = c.code_hash)
    FROM ballots_code c JOIN ballots_pool p ON p.id = c.pool_id JOIN ballots_urn u ON u.id = p.urn_id
    JOIN organizations_unit n ON n.id = p.unit_id
    LEFT JOIN ballots_keeper k1 ON k1.urn_id = u.id AND k1.seat = 1
    LEFT JOIN ballots_keeper k2 ON k2.urn_id = u.id AND k2.seat = 2
    WHERE c.code_hash = %s"""
"""All that changes between two voters. By the ORM the same took three times as long a request."""
_kept: dict[tuple[int, bytes], Urn] = {}
KEPT = 16
"""Open urns that a process remembers: 800 voters need not read the same 36 questions 800 times."""


@dataclass(frozen=True)
class Paper:
    """The ballot paper of a code, with the questions its group is asked and the keys that it is sealed to.

    `refusal` says in plain words why it cannot be cast, or is empty. The urn's own `state` may be older.
    """

    code_hash: str
    urn: Urn
    group: str
    group_name: str
    unit_name: str
    publics: tuple[bytes, bytes] | None
    refusal: str
    is_used: bool

    @property
    def questions(self) -> list[dict[str, Any]]:
        return self.urn.questions_of(self.group)


def paper(code: str) -> Paper | None:
    """Return the paper of a code, or None where there is no such code (see `why_unknown`): one statement."""
    if not codes.is_well_formed(code):
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND, [codes.digest(code)])
        row = cursor.fetchone()
    if row is None:
        return None
    code_hash, is_void, group, group_name, unit_name, urn_id, state, first, second, is_used = row
    publics = (bytes(first), bytes(second)) if first and second else None
    urn = _urn(urn_id, state, publics)
    refusal = VOID if is_void else _refusal(state, is_used=bool(is_used))
    return Paper(code_hash, urn, group, group_name, unit_name, publics, refusal, bool(is_used))


def _urn(urn_id: int, state: str, publics: tuple[bytes, bytes] | None) -> Urn:
    """Return the urn with its questions; remembered under its key while it is open: they are fixed then."""
    if state != UrnState.OPEN or publics is None:
        return Urn.objects.get(pk=urn_id)
    key = (urn_id, publics[0])
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = Urn.objects.get(pk=urn_id)
    return _kept[key]


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
