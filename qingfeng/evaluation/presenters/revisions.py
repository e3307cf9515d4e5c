"""A recomputation in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qingfeng.core.listing import Column
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.scoring import comparing, words


@dataclass(frozen=True)
class Line:
    """One unit that changed."""

    unit: str
    name: str
    total: str
    grade: str
    rank: str
    why: list[str]


def line(change: comparing.UnitChange) -> Line:
    why = [cause.sentence for cause in change.causes]
    why += [_indicator(entry) for entry in change.indicators]
    return Line(
        unit=change.unit,
        name=change.name,
        total=_arrow(change.total_before or "不适用", change.total_after or "不适用"),
        grade=_arrow(change.grade_before or "—", change.grade_after or "—"),
        rank=_arrow(str(change.rank_before or "—"), str(change.rank_after or "—")),
        why=why,
    )


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _indicator(change: comparing.IndicatorChange) -> str:
    before, after = (
        "不适用" if value is None else words.points(value) for value in (change.before, change.after)
    )
    causes = "；".join(dict.fromkeys(cause.sentence for cause in change.causes))
    return f"{change.code} {change.name} {before} → {after}" + (f"：{causes}" if causes else "")


COLUMNS = (
    Column("name", "单位", lambda row: row.name, ("name",)),
    Column("total", "得分", lambda row: row.total, ("total",)),
    Column("grade", "等次", lambda row: row.grade, ("grade",)),
    Column("rank", "同类名次", lambda row: row.rank, ("rank",)),
    Column("why", "变化和原因", lambda row: "；".join(row.why)),
)


def title(number: int, rows: list[Line], *, is_filtered: bool) -> str:
    if is_filtered:
        return f"{len(rows)} 个单位符合条件"
    return f"第 {number} 版有 {len(rows)} 个单位变了" if rows else f"第 {number} 版与上一版结果相同"


@dataclass(frozen=True)
class RevisionLine:
    """One computation as the page lists it."""

    number: int
    at: dt.datetime
    who: str
    reason: str
    words: str
    approval: str
    announced_at: dt.datetime | None


def revision_line(row: Revision) -> RevisionLine:
    summary: dict[str, Any] = row.summary
    names = summary.get("grade_names", {})
    grades = "、".join(f"{names[code]} {count}" for code, count in summary.get("grades", {}).items())
    approval = getattr(row, "approval", None)
    decided = "" if approval is None else f"{approval.meeting} {approval.decided_on:%Y-%m-%d} 审定"
    return RevisionLine(
        number=row.number,
        at=row.computed_at,
        who=row.computed_by.name if row.computed_by else "系统",
        reason=row.reason,
        words=f"{summary.get('scored')} 个单位，均分 {summary.get('mean')}；{grades}",
        approval=decided,
        announced_at=row.announced_at,
    )
