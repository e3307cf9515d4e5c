"""Columns and words of the lists of rounds, units and departments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from qingfeng.core import preferences
from qingfeng.core.listing import Column
from qingfeng.evaluation.enums import Milestone
from qingfeng.evaluation.presenters.desk import Line
from qingfeng.evaluation.queries import schedule
from qingfeng.evaluation.queries.progress import UnitProgress


def _state_words(row: UnitProgress) -> str:
    words = row.submission.get_state_display()
    return f"{words}（逾期）" if row.is_late else words


def _progress_words(row: Line) -> str:
    if row.is_done:
        return "已交齐"
    return "逾期未交" if row.is_late else "还没交齐"


ROUND_COLUMNS = (
    Column("round", "轮次", lambda row: row.label, ("year", "quarter")),
    Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
    Column("scheme", "评价方案", lambda row: f"{row.scheme_version.scheme.name} {row.scheme_version}"),
    Column("units", "参评单位", lambda row: row.unit_count, ("unit_count",), numeric=True),
    Column("opens", "开放填报", lambda row: row.opens_on, ("opens_on",)),
    Column("cutoff", "数据截止", lambda row: row.cutoff_on, ("cutoff_on",)),
    Column("announce", "通报", lambda row: row.announce_by, ("announce_by",)),
)

UNIT_COLUMNS = (
    Column("unit", "单位", lambda row: row.round_unit.short_name, ("unit",)),
    Column("class", "类别", lambda row: row.round_unit.get_unit_class_display(), ("class",)),
    Column("state", "报送", _state_words, ("state",)),
    Column("evidence", "材料", lambda row: row.evidence_offered, ("evidence",), numeric=True),
    Column("wanted", "应交材料", lambda row: row.evidence_wanted, numeric=True),
    Column("returned", "退回", lambda row: row.evidence_returned, ("returned",), numeric=True),
    Column("scored", "已评分", lambda row: row.scores_given, ("scored",), numeric=True),
    Column("scores", "应评分", lambda row: row.scores_wanted, numeric=True),
    Column("ballots", "测评群体", lambda row: row.ballot_groups, ("ballots",), numeric=True),
)

DEPARTMENT_COLUMNS = (
    Column("name", "部门", lambda row: row.name, ("name",)),
    Column("unit", "对应单位", lambda row: row.unit, ("unit",)),
    Column("submitted", "已交评分表", lambda row: row.submitted, ("submitted",), numeric=True),
    Column("sheets", "应交评分表", lambda row: row.sheets, numeric=True),
    Column("scored", "已评", lambda row: row.scored, ("scored",), numeric=True),
    Column("wanted", "应评", lambda row: row.wanted, numeric=True),
    Column("data", "数据", lambda row: row.data[0] if row.data else "", ("data",)),
    Column("late", "进度", _progress_words, ("late",)),
)

PART_CHOICES = (("waiting", "还没交"), ("late", "逾期"), ("done", "已交"))


def units_in(rows: Iterable[UnitProgress], part: str) -> list[UnitProgress]:
    """Return the units whose own part is waited for, late, or done."""
    tests: dict[str, Callable[[UnitProgress], bool]] = {
        "waiting": lambda row: not row.is_signed,
        "late": lambda row: row.is_late,
        "done": lambda row: row.is_signed,
    }
    return [row for row in rows if tests[part](row)]


def departments_in(rows: Iterable[Line], part: str) -> list[Line]:
    tests: dict[str, Callable[[Line], bool]] = {
        "waiting": lambda row: not row.is_done,
        "late": lambda row: row.is_late,
        "done": lambda row: row.is_done,
    }
    return [row for row in rows if tests[part](row)]


def rounds_title(rows: Any, total: int) -> str:
    """Say what runs."""
    running = [row for row in rows if row.state not in {"planned", "announced"}]
    if running:
        return f"{running[0].label}评价正在进行：{running[0].get_state_display()}"
    return f"共 {total} 轮评价，现在没有进行中的" if total else "还没有评价轮次"


def date_helps() -> dict[str, str]:
    """Say of each date what it is worked out from, and on what basis."""
    days = preferences.get_all(*(entry.key for entry in schedule.OFFSETS.values()))
    found = {}
    for milestone, entry in schedule.OFFSETS.items():
        offset = int(days[entry.key])
        place = "季度末当天" if not offset else f"季度末{'前' if offset < 0 else '后'}第 {abs(offset)} 天"
        moves = "" if milestone == Milestone.OPENS_ON else "，遇休息日顺延"
        found[str(milestone)] = f"{place}{moves}。依据：{entry.basis}"
    return found


def units_of_class(rows: Iterable[UnitProgress], value: str) -> list[UnitProgress]:
    return [row for row in rows if row.round_unit.unit_class == value]


def units_title(rows: list[UnitProgress], *, is_filtered: bool) -> str:
    """Say how many units have handed in, and how many have not."""
    if is_filtered:
        return f"{len(rows)} 个单位符合条件"
    late = sum(row.is_late and not row.is_signed for row in rows)
    missing = sum(not row.is_signed for row in rows)
    if not missing:
        return f"{len(rows)} 个单位都已报送"
    return f"{len(rows)} 个单位里 {missing} 个没有报送" + (f"，{late} 个逾期" if late else "")


def departments_title(rows: list[Line], *, is_filtered: bool) -> str:
    if is_filtered:
        return f"{len(rows)} 个部门符合条件"
    missing = sum(not row.is_done for row in rows)
    return f"{len(rows)} 个部门里 {missing} 个没有交齐" if missing else f"{len(rows)} 个部门都已交齐"
