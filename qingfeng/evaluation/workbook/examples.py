"""Fill the sheets of a round for an invented city, with gaps of the kinds that happen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.workbook import round_sheets as sheets

Row = dict[str, Any]
UNITS = (
    ("Z01", "云溪镇", "镇街"),
    ("Z02", "石桥镇", "镇街"),
    ("Z03", "翠屏街道", "镇街"),
    ("Z04", "青岩镇", "镇街"),
    ("D01", "市委组织部", "党群"),
    ("D02", "市委宣传部", "党群"),
    ("D03", "市委统战部", "党群"),
    ("B01", "市发展和改革局", "政府部门"),
    ("B02", "市教育局", "政府部门"),
    ("B03", "市财政局", "政府部门"),
    ("B04", "市交通运输局", "政府部门"),
    ("B05", "市审计局", "政府部门"),
)
OWNERS = {"zuzhi": "D01", "xuanchuan": "D02", "caizheng": "B03", "shenji": "B05"}
NOT_DELIVERED = "E4.data"
NOTHING = frozenset({"A8.data", "B6.data", "C2.data"})
FACTS: tuple[Row, ...] = (
    {
        "id": "F-001",
        "kind": "light",
        "unit_at_act": "Z02",
        "act_date": dt.date(2026, 5, 6),
        "effective_date": dt.date(2026, 11, 20),
        "category": "eight_rules",
        "is_leader": True,
        "title": "违规接受宴请受党内警告",
    },
    {
        "id": "F-002",
        "kind": "formalism",
        "unit_at_act": "B02",
        "act_date": dt.date(2026, 9, 1),
        "effective_date": dt.date(2026, 10, 12),
        "points": 0.8,
        "reason": "多次要求基层重复报送同一材料",
        "title": "重复索要材料",
    },
    {
        "id": "F-003",
        "kind": "heavy",
        "unit_at_act": "Z04",
        "act_date": dt.date(2025, 8, 3),
        "effective_date": dt.date(2026, 12, 8),
        "category": "integrity",
        "is_self_reported": True,
        "title": "挪用专项资金受撤销党内职务处分",
    },
)


def rows_of(scheme: schemes.Scheme) -> dict[str, list[Row]]:
    """Return the rows of the round's sheets for a scheme, by sheet name.

    The numbers follow a fixed pattern.
    """
    return {
        sheets.UNITS.name: [{"code": c, "name": n, "grouping": g} for c, n, g in UNITS],
        sheets.OWNERS.name: [{"department": d, "unit": u} for d, u in OWNERS.items()],
        sheets.REPORTS.name: [
            {"channel": channel.code, "status": _status(channel.code)} for _, _, channel in scheme.channels()
        ],
        sheets.REVIEWS.name: _reviews(scheme),
        sheets.TALLIES.name: _tallies(scheme),
        sheets.VALUES.name: _values(scheme),
        sheets.FACTS.name: [dict(row) for row in FACTS],
        sheets.MISSING.name: [{"unit": "B04", "indicator": "A3"}],
        sheets.ADJUSTMENTS.name: [
            {"unit": "Z01", "adjustment": "J", "points": 0.5, "reason": "以案促改经验在全市推广"}
        ],
    }


def _status(channel: str) -> str:
    if channel == NOT_DELIVERED:
        return "not_delivered"
    return "none" if channel in NOTHING else "delivered"


def _reviews(scheme: schemes.Scheme) -> list[Row]:
    """Return one review a unit, channel and department.

    A department's own unit is scored by its substitute.
    """
    found: list[Row] = []
    for place, (_, indicator, channel) in enumerate(scheme.channels()):
        if not isinstance(channel, schemes.ReviewChannel):
            continue
        for number, (unit, _, _) in enumerate(UNITS):
            scorers = dict.fromkeys(_scorer(reviewer, unit) for reviewer in channel.reviewers)
            for department in scorers:
                share = 100 - 3 * (number % 5) - (number * 7 + place * 3 + len(department)) % 16
                found.append(
                    {
                        "unit": unit,
                        "channel": channel.code,
                        "department": department,
                        "reviewer": "评审员一",
                        "score": round(float(indicator.weight) * share / 100, 2),
                        "reason": "材料齐全" if share > 93 else "部分材料不完整，记录不规范",
                    }
                )
    return found


def _scorer(reviewer: schemes.Reviewer, unit: str) -> str:
    return reviewer.substitute if OWNERS.get(reviewer.department) == unit else reviewer.department


def _tallies(scheme: schemes.Scheme) -> list[Row]:
    """Return tallies; the smallest group of one unit stays below the minimum."""
    found: list[Row] = []
    for number, (unit, _, _) in enumerate(UNITS):
        for place, question in enumerate(scheme.questions):
            for rank, group in enumerate(scheme.groups):
                size = 4 if unit == "Z03" and group.code == "delegates" else 12 + 9 * rank + number
                bad = (number + place + rank) % 4
                parts = {"satisfied": size - 3 * bad, "basic": 2 * bad, "dissatisfied": bad, "unknown": rank}
                found += [
                    {
                        "unit": unit,
                        "question": question.code,
                        "group": group.code,
                        "answer": a,
                        "count": max(n, 0),
                    }
                    for a, n in parts.items()
                ]
    return found


def _values(scheme: schemes.Scheme) -> list[Row]:
    """Return plausible numbers for the measures of the default scheme."""
    found: list[Row] = []
    for number, (unit, _, _) in enumerate(UNITS):
        values = {
            "duty_rate": 100 - number % 5,
            "rectify_done": 8 - number % 3,
            "rectify_due": 8,
            "letters_verified": number % 3,
            "letters_repeat": number % 2,
            "letters_growth": -5 + 6 * (number % 6),
            "warning_education": 1,
            "first_form_used": number % 4,
            "cases_filed": number % 2,
            "documents_over": number % 4,
            "campaign_done": 19 - number % 4,
            "campaign_due": 20,
            "hotline_on_time": 99 - number % 7,
            "hotline_satisfied": 97 - number % 9,
        }
        if number % 3 == 0:
            values["reform_case_mean"] = 88 + number
        known = {measure.code for measure in scheme.measures}
        found += [{"unit": unit, "measure": m, "value": v} for m, v in values.items() if m in known]
    return found
