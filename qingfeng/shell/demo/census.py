"""The demo city's units and people as records of an import workbook: as a real office brings them in."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from qingfeng.organizations.workbook.records import PersonRecord, PostRecord, Records, UnitRecord
from qingfeng.shell.demo import names

SINCE = dt.date(2024, 1, 1)
LEADERS = {
    "town": ("党委书记", "镇长", "纪委书记", "党政办主任"),
    "party": ("主任", "副主任", "副主任", "综合科科长"),
    "government": ("党组书记、局长", "副局长", "副局长", "办公室主任"),
    "enterprise": ("党委书记", "副书记", "副主任", "办公室主任"),
    "vertical": ("党组书记、局长", "副局长", "纪检组长", "办公室主任"),
    "stationed": ("组长", "副组长", "干部", "干部"),
}
"""Titles by class: the head, two leaders, and the liaison officer."""


@dataclass
class Census:
    """Everything of the import, and who heads and who reports for each unit (unit code → person code)."""

    records: Records = field(default_factory=Records)
    heads: dict[str, str] = field(default_factory=dict)
    liaisons: dict[str, str] = field(default_factory=dict)


def take() -> Census:
    """Read the list of units and give each unit its people."""
    census = Census()
    drawn = names.people("云川")
    with (Path(__file__).parent / "units.csv").open(encoding="utf-8", newline="") as file:
        for order, row in enumerate(csv.DictReader(file), start=1):
            census.records.units[row["code"]] = UnitRecord(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                unit_class=row["unit_class"],
                active_from=SINCE,
                parent=row["parent"],
                is_evaluated=row["evaluated"] == "是",
                sort_order=order * 10,
            )
            for place, title in enumerate(LEADERS[row["unit_class"]]):
                _employ(census, row["code"], title, place, next(drawn))
    return census


def _employ(census: Census, unit: str, title: str, place: int, name: str) -> None:
    code = f"R{len(census.records.people) + 1:04d}"
    census.records.people[code] = PersonRecord(code=code, name=name)
    post = PostRecord(
        person=code, unit=unit, title=title, held_from=SINCE, is_leader=place < 3, is_head=place == 0
    )
    census.records.posts[post.key] = post
    if place == 0:
        census.heads[unit] = code
    if place == 3:
        census.liaisons[unit] = code
