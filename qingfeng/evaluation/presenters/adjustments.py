"""What the pages of deductions and bonuses say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from qingfeng.core.figures import plain
from qingfeng.core.listing import Column
from qingfeng.evaluation.enums import AdjustmentKind, ProposalState
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.evaluation.presenters.words import minute
from qingfeng.evaluation.queries.changes import Step


def signed_points(row: Adjustment) -> Decimal:
    """Return the points with their sign: a deduction is negative."""
    points = Decimal(row.thousandths) / 1000
    return -points if row.adjustment_kind == AdjustmentKind.DEDUCTION else points


def matter(row: Adjustment) -> str:
    """Say what it is about and where it stands."""
    points = plain(Decimal(row.thousandths) / 1000)
    verb = "扣" if row.adjustment_kind == AdjustmentKind.DEDUCTION else "加"
    ends = {
        ProposalState.PROPOSED: "等核准",
        ProposalState.APPROVED: "已核准",
        ProposalState.REJECTED: "没有采纳",
    }
    return f"{row.round_unit.short_name}{verb} {points} 分，{ends[ProposalState(row.state)]}"


def consequence(row: Adjustment) -> str:
    points = plain(Decimal(row.thousandths) / 1000)
    verb = "扣" if row.adjustment_kind == AdjustmentKind.DEDUCTION else "加"
    return f"核准后，{row.round_unit.short_name}本轮总分{verb} {points} 分，并在结果中列明理由和依据。"


def entries(row: Adjustment, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Tell what happened, newest first."""
    found: list[dict[str, Any]] = [
        {
            "at": minute(step.change.at),
            "what": step.label,
            "who": step.change.who,
            "note": step.change.note,
        }
        for step in steps
    ]
    return [*found, {"at": minute(row.proposed_at), "what": "提出", "who": row.proposed_by.name}]


def signed_words(row: Adjustment) -> str:
    sign = "−" if row.adjustment_kind == AdjustmentKind.DEDUCTION else "+"
    return sign + plain(Decimal(row.thousandths) / 1000)


def columns(names: Mapping[str, str], *, as_numbers: bool) -> list[Column]:
    """Return the columns; the export wants the points as numbers, the page as people write them."""
    return [
        Column("unit", "单位", lambda row: row.round_unit.short_name, ("round_unit__position",)),
        Column("code", "事项", lambda row: names.get(row.code, row.code), ("code",)),
        Column(
            "points",
            "分值",
            signed_points if as_numbers else signed_words,
            ("adjustment_kind", "thousandths"),
            numeric=True,
        ),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("reason", "理由", lambda row: row.reason),
        Column("reference", "依据", lambda row: row.reference),
        Column("proposed_by", "提出人", lambda row: row.proposed_by.name, ("proposed_by__name",)),
        Column(
            "decided_by",
            "核准人",
            lambda row: row.decided_by.name if row.decided_by else "",
            ("decided_by__name",),
        ),
    ]


def title(counts: Mapping[str, int]) -> str:
    """Say how many matters there are and how many wait for a decision."""
    total, waiting = sum(counts.values()), counts.get(ProposalState.PROPOSED, 0)
    if not total:
        return "这一轮没有专项加减分"
    return f"{total} 项专项加减分，{waiting} 项等核准" if waiting else f"{total} 项专项加减分，都已办结"
