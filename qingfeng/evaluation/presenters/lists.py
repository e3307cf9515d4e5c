"""The columns of the lists of those who take part, and the sentences over them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.core.listing import Column, Listing
from qingfeng.evaluation.presenters.words import minute


@dataclass(frozen=True)
class ListPage:
    """A list of one round: its sentence, its circumstances, what it is called where it is empty."""

    title: str
    over: str
    meta: str
    listing: Listing
    rounds: Sequence[tuple[str, str]]
    round_pk: int
    picker_url: str
    export_url: str
    search: str
    unit: str
    empty_title: str
    empty_text: str
    due: dt.date | None = None
    days_left: int | None = None


def submission_columns(asked: int) -> list[Column]:
    """Return the columns of the officers' list of what units handed in."""
    return [
        Column("unit", "单位", lambda row: row.round_unit.short_name, ("round_unit__position",)),
        Column(
            "class", "类别", lambda row: row.round_unit.get_unit_class_display(), ("round_unit__unit_class",)
        ),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("written", f"已写（共 {asked} 项）", written_of, numeric=True),
        Column("returned", "退回", lambda row: row.returned_count, ("returned_count",), numeric=True),
        Column("accepted", "已采纳", lambda row: row.accepted_count, ("accepted_count",), numeric=True),
        Column("handed_in", "提交时间", lambda row: minute(row.handed_in_at), ("handed_in_at",)),
        Column("signed", "审签时间", lambda row: minute(row.signed_at), ("signed_at",)),
    ]


def written_of(row: Any) -> int:
    return int(row.offered_count + row.returned_count + row.accepted_count)


def submissions_title(counts: Mapping[str, int], *, late: bool) -> str:
    """Say how many units have reported, and how many have not."""
    signed, total = counts.get("signed", 0), sum(counts.values())
    if not total:
        return "这一轮没有参评单位"
    if signed == total:
        return f"{total} 个单位都已报送"
    return f"{total} 个单位里 {signed} 个已报送，{total - signed} 个{'逾期未报' if late else '还没报'}"


def sheet_columns(
    names: Mapping[str, str], expected: Mapping[int, int], marks: Mapping[int, Any], *, with_department: bool
) -> list[Column]:
    """Return the columns of the list of review sheets; `marks` may be filled after the page is known."""
    department = Column("department", "评分部门", lambda row: row.department.name, ("department__name", "pk"))
    return [
        Column("indicator", "指标", lambda row: names.get(row.indicator, row.indicator), ("pk",)),
        *([department] if with_department else []),
        Column("kind", "方式", lambda row: "代评" if row.is_substitute else "评分", ("is_substitute",)),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("scored", "已评", lambda row: row.scored_count, ("scored_count",), numeric=True),
        Column("total", "应评", lambda row: expected.get(row.pk, 0), numeric=True),
        Column("mean", "平均分", lambda row: _points(marks, row.pk, "mean"), numeric=True),
        Column("spread", "离散（标准差）", lambda row: _points(marks, row.pk, "spread"), numeric=True),
        Column("submitted", "提交时间", lambda row: minute(row.submitted_at), ("submitted_at",)),
    ]


def _points(marks: Mapping[int, Any], pk: int, name: str) -> Any:
    found = marks.get(pk)
    value = getattr(found, name) if found else None
    return None if value is None else round(value, 2)
