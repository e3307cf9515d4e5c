"""What a voter's page shows for a code: the urn, the unit he is asked about, and whether he may vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Code, Pool, Receipt, Urn, Vote
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


@dataclass(frozen=True)
class Paper:
    """The ballot paper of a code, with the questions its group is asked.

    `refusal` says in plain words why it cannot be cast, or is empty.
    """

    urn: Urn
    pool: Pool
    unit_name: str
    questions: list[dict[str, Any]]
    refusal: str
    is_used: bool


def paper(code: str) -> Paper | None:
    """Return the paper of a code, or None where there is no such code (see `why_unknown`)."""
    if not codes.is_well_formed(code):
        return None
    digest = codes.digest(code)
    row = Code.objects.select_related("pool__urn", "pool__unit").filter(pk=digest).first()
    if row is None:
        return None
    urn, is_used = row.pool.urn, Vote.objects.filter(pk=digest).exists()
    return Paper(
        urn,
        row.pool,
        row.pool.unit.name,
        urn.questions_of(row.pool.group),
        _refusal(urn, row, is_used),
        is_used,
    )


def _refusal(urn: Urn, row: Code, is_used: bool) -> str:
    if row.is_void:
        return VOID
    if urn.state != UrnState.OPEN:
        return NOT_OPEN[UrnState(urn.state)]
    return USED if is_used else ""


def why_unknown(code: str) -> str:
    """Return the sentence for a code that has no paper."""
    return UNKNOWN if codes.is_well_formed(code) else MISTYPED


def receipt(text: str) -> Receipt | None:
    """Return a published receipt, however it was typed; there is none before the mix."""
    wanted = codes.grouped(codes.tidy(text))
    return Receipt.objects.filter(text=wanted).select_related("urn").first()
