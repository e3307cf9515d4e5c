"""From rows of the workbook to records: each row laid over what the platform holds under its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets import reading
from qingfeng.core.spreadsheets.reading import Reading, Row, Table
from qingfeng.organizations.workbook import sheets
from qingfeng.organizations.workbook.records import PersonRecord, PostKey, PostRecord, Records, UnitRecord

POST_KEY = ("person", "unit", "title", "held_from")
DEFAULTS: Mapping[str, Any] = {
    "parent": "", "successor": "", "is_evaluated": True, "sort_order": 0, "is_party_member": True,
    "is_leader": False, "is_head": False, "is_concurrent": False,
}  # fmt: skip
"""What a blank cell of an optional column means; dates without one are open."""


@dataclass
class Parsed:
    """The records a workbook states, and the row that states each.

    `codes` are the unit and person codes of all rows, also of faulty ones, so that one fault makes no others.
    """

    stated: Records = field(default_factory=Records)
    unit_rows: dict[str, Row] = field(default_factory=dict)
    person_rows: dict[str, Row] = field(default_factory=dict)
    post_rows: dict[PostKey, Row] = field(default_factory=dict)
    unit_codes: set[str] = field(default_factory=set)
    person_codes: set[str] = field(default_factory=set)


def parse(read: Reading, held: Records) -> tuple[Parsed, list[Fault]]:
    """Make the records of the rows without fault; report doubled keys and codes that name nothing."""
    units, people, posts = (read.table(sheet) for sheet in sheets.SHEETS)
    parsed = Parsed()
    parsed.unit_codes = {row["code"] for row in units.rows} | held.units.keys()
    parsed.person_codes = {row["code"] for row in people.rows} | held.people.keys()
    for row in _sound(units, "code"):
        unit = UnitRecord(**_values(row, units, held.units.get(row["code"])))
        parsed.stated.units[unit.code], parsed.unit_rows[unit.code] = unit, row
    for row in _sound(people, "code"):
        person = PersonRecord(**_values(row, people, held.people.get(row["code"])))
        parsed.stated.people[person.code], parsed.person_rows[person.code] = person, row
    for row in _sound(posts, *POST_KEY):
        key = (row["person"], row["unit"], row["title"], row["held_from"])
        post = _leading(PostRecord(**_values(row, posts, held.posts.get(key))), row)
        parsed.stated.posts[key], parsed.post_rows[key] = post, row
    return parsed, [
        *reading.repeated(units, "code"),
        *reading.repeated(people, "code"),
        *reading.repeated(posts, *POST_KEY),
        *reading.unknown(units, "parent", parsed.unit_codes, "单位"),
        *reading.unknown(units, "successor", parsed.unit_codes, "单位"),
        *reading.unknown(posts, "unit", parsed.unit_codes, "单位"),
        *reading.unknown(posts, "person", parsed.person_codes, "人员"),
    ]


def _sound(table: Table, *keys: str) -> list[Row]:
    """Return the rows of which every required cell could be read; of doubled ones the first."""
    required = {column.key for column in table.sheet.columns if column.required}
    if not required <= table.keys:
        return []
    first: dict[tuple[Any, ...], Row] = {}
    for row in table.rows:
        if not row.faulty:
            first.setdefault(tuple(row[key] for key in keys), row)
    return list(first.values())


def _values(row: Row, table: Table, held: Any) -> dict[str, Any]:
    """Return the row's values, blanks as their defaults; a column the sheet lacks stays as it is held."""
    values = {}
    for column in table.sheet.columns:
        if column.key in table.keys:
            value = row[column.key]
            values[column.key] = DEFAULTS.get(column.key) if value is None else value
        elif held is not None:
            values[column.key] = getattr(held, column.key)
    return values


def _leading(post: PostRecord, row: Row) -> PostRecord:
    """Let a head lead where the leader's cell is blank."""
    if post.is_head and not post.is_leader and row["is_leader"] is None:
        return PostRecord(**{**post.__dict__, "is_leader": True})
    return post
