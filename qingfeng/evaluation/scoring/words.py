"""Word the reasons of a score in plain Chinese."""

from __future__ import annotations

import math
from decimal import Decimal

from qingfeng.evaluation.scoring import grading, plain
from qingfeng.evaluation.scoring.results import GradeReason, Reason

SLUGS = {
    Reason.SCORED: "scored",
    Reason.NOTHING_REPORTED: "nothing_reported",
    Reason.NO_FACTS: "no_facts",
    Reason.MISSING_ZERO: "missing_zero",
    Reason.MISSING_SHARE: "missing_share",
    Reason.NOT_DELIVERED: "not_delivered",
    Reason.NOT_DUE: "not_due",
    Reason.MISSING_NOT_APPLICABLE: "missing_not_applicable",
    Reason.NO_REVIEW: "no_review",
    Reason.TOO_FEW_BALLOTS: "too_few_ballots",
    Reason.NO_VALUE: "no_value",
}
WHY = {
    Reason.NOTHING_REPORTED: "来源报送为“无”，按满分计",
    Reason.NO_FACTS: "已报送，没有扣分事项，按满分计",
    Reason.MISSING_ZERO: "本单位未按要求报送，按方案规定计0分",
    Reason.MISSING_SHARE: "本单位未按要求报送，按方案规定的固定比例计分",
    Reason.NOT_DELIVERED: "来源未报送",
    Reason.NOT_DUE: "评定周期不在本季度结束，本季度不评",
    Reason.MISSING_NOT_APPLICABLE: "本单位未按要求报送，按方案规定不计",
    Reason.NO_REVIEW: "已报送，但没有对本单位的有效评审",
    Reason.TOO_FEW_BALLOTS: "有效票数不足规定下限，不计分也不显示票数",
    Reason.NO_VALUE: "已报送，但没有本单位的数据",
}
GRADE_SLUGS = {
    GradeReason.SCORE: "score",
    GradeReason.DOWNGRADE: "downgrade",
    GradeReason.QUOTA: "quota",
    GradeReason.QUOTA_TIE: "quota_tie",
    GradeReason.NOT_SCORED: "not_scored",
}


def number(value: float | Decimal) -> str:
    """Write a number as the shortest decimal text that reads back the same."""
    return plain.number_text(value if isinstance(value, Decimal) else Decimal(repr(float(value))))


def points(value: float) -> str:
    """Write points with at most two decimals, half up."""
    return plain.number_text(grading.rounded(Decimal(repr(float(value)))))


def quoted(name: str) -> str:
    """Put a name in quotation marks; its own become single ones."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def two(value: float) -> str:
    """Write points with exactly two decimals, half up."""
    return f"{grading.rounded(Decimal(repr(float(value)))):.2f}"


def percent(value: float) -> str:
    """Write a value 0..1 as a percentage with at most two decimals."""
    return f"{points(value * 100)}%"


def optional(value: float) -> float | None:
    """Return a float, None for NaN."""
    return None if math.isnan(value) else float(value)


def shared_among(siblings: str) -> str:
    """Say who takes over the weight of what does not apply."""
    return f"不适用，不作零分处理，其权重由{siblings}分担"


def channel(reason: Reason, value: float, contribution: float, takers: str) -> str:
    """Say why a channel has its value; ``takers`` names who shares its weight if it does not apply."""
    if not reason.is_scored:
        return f"{WHY[reason]}；{shared_among(takers)}。"
    result = f"得分率{percent(value)}，计{points(contribution)}分。"
    return result if reason == Reason.SCORED else f"{WHY[reason]}；{result}"


def part(weight: float, effective: float, contribution: float | None, takers: str) -> str:
    """Say what an indicator or a dimension brings, and how its weight changed."""
    if contribution is None:
        return f"{shared_among(takers)}（原权重{points(weight)}分）。"
    if abs(effective - weight) < 1e-9:
        return f"得{points(contribution)}分（满分{points(weight)}分）。"
    changed = f"因有不适用项，权重由{points(weight)}分调整为{points(effective)}分"
    return f"得{points(contribution)}分（{changed}）。"


def total(dimension_sum: float, bonus: float, deduction: float, text: str) -> str:
    """Say how the total came about."""
    steps = [f"各维度合计{points(dimension_sum)}分"]
    steps += [f"加分{points(bonus)}分"] if bonus else []
    steps += [f"扣分{points(deduction)}分"] if deduction else []
    return f"{'，'.join(steps)}，总分{text}分。"


def grade(reason: GradeReason, by_score: str, final: str, downgrade: str) -> str:
    """Say where a grade came from."""
    return {
        GradeReason.SCORE: f"按得分评为“{final}”。",
        GradeReason.DOWNGRADE: f"按得分为“{by_score}”，因“{downgrade}”评为“{final}”。",
        GradeReason.QUOTA: f"按得分为“{by_score}”，因超出同类单位名额评为“{final}”。",
        GradeReason.QUOTA_TIE: f"按得分为“{by_score}”，因在名额线上同分，均不占名额，评为“{final}”。",
        GradeReason.NOT_SCORED: "没有可计分的内容，不评等次。",
    }[reason]
