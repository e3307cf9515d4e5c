"""Check a scheme's settings and adjustments."""

from __future__ import annotations

import itertools
from decimal import Decimal

from qingfeng.evaluation.scoring import channel_checks
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.plain import SchemeFault


def faults(scheme: schemes.Scheme) -> list[SchemeFault]:
    """List every fault of the settings and the adjustments."""
    return [
        *_grades(scheme),
        *_quotas(scheme),
        *_downgrades(scheme),
        *_numbers(scheme),
        *_adjustments(scheme),
    ]


def _grades(scheme: schemes.Scheme) -> list[SchemeFault]:
    lines = scheme.settings.grades
    if len(lines) < 2:
        return [SchemeFault("等次", "至少要有两个等次。")]
    lows = [line.at_least for line in lines]
    found: list[SchemeFault] = []
    if any(upper <= lower for upper, lower in itertools.pairwise(lows)):
        found.append(SchemeFault("等次", "分数线应从高到低，各不相同。", "at_least"))
    if lows[-1] != 0:
        found.append(SchemeFault("等次", "最低一等的分数线应为 0，使每个分数都有等次。", "at_least"))
    if any(low * 100 != int(low * 100) for low in lows):
        found.append(SchemeFault("等次", "分数线最多两位小数。", "at_least"))
    if len({line.code for line in lines}) < len(lines):
        found.append(SchemeFault("等次", "等次编码重复。", "code"))
    return found


def _quotas(scheme: schemes.Scheme) -> list[SchemeFault]:
    settings = scheme.settings
    known = [line.code for line in settings.grades]
    found: list[SchemeFault] = []
    for quota in settings.quotas:
        if quota.grade not in known[:-1]:
            found.append(
                SchemeFault("名额", f"“{quota.grade}”不是可以限额的等次（最低一等不限额）。", "grade")
            )
        if not 0 <= quota.percent <= 100:
            found.append(SchemeFault("名额", "比例应在 0 至 100 之间。", "percent"))
    return found


def _downgrades(scheme: schemes.Scheme) -> list[SchemeFault]:
    known = {line.code for line in scheme.settings.grades}
    found: list[SchemeFault] = []
    for rule in scheme.settings.downgrades:
        place = f"降等{rule.code}"
        if rule.ceiling not in known:
            found.append(SchemeFault(place, f"没有等次“{rule.ceiling}”。", "ceiling"))
        if rule.at_least < 1:
            found.append(SchemeFault(place, "起算件数应为 1 或更大。", "at_least"))
        if not rule.basis:
            found.append(SchemeFault(place, "每条降等情形都要写明依据。", "code"))
        found += channel_checks.match_faults(scheme, rule.match, place)
    return found


def _numbers(scheme: schemes.Scheme) -> list[SchemeFault]:
    settings = scheme.settings
    missing = 0 <= settings.missing_share <= 100
    cap = settings.deduction_cap is None or settings.deduction_cap >= 0
    checks = (
        (missing, "未报送时按固定比例计分的比例应在 0 至 100 之间。", "missing_share"),
        (settings.minimum_ballots >= 1, "有效票数下限应为 1 或更大。", "minimum_ballots"),
        (settings.bonus_cap >= 0, "加分上限不能小于 0。", "bonus_cap"),
        (cap, "扣分上限不能小于 0。", "deduction_cap"),
        (settings.quota_exempt_below >= 1, "不限额的单位数下限应为 1 或更大。", "quota_exempt_below"),
    )
    return [SchemeFault("参数", sentence, field) for holds, sentence, field in checks if not holds]


def _adjustments(scheme: schemes.Scheme) -> list[SchemeFault]:
    found: list[SchemeFault] = []
    for entry in scheme.adjustments:
        if not Decimal(0) <= entry.low <= entry.high:
            found.append(SchemeFault(f"调整项{entry.code}", "分值范围应从小到大，且不小于 0。", "low"))
        if entry.cap is not None and entry.cap < 0:
            found.append(SchemeFault(f"调整项{entry.code}", "上限不能小于 0。", "cap"))
    return found
