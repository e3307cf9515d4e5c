"""What the platform holds now, as records; and as a workbook that imports back unchanged."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from qingfeng.core.spreadsheets import writing
from qingfeng.organizations.models import Person, Post, Unit
from qingfeng.organizations.workbook import sheets
from qingfeng.organizations.workbook.records import PersonRecord, PostRecord, Record, Records, UnitRecord

_UNIT_FIELDS = tuple(field.name for field in dataclasses.fields(UnitRecord))
_COLUMNS = {"parent": "parent__code", "successor": "successor__code"}


def read() -> Records:
    """Read every unit, person and post, in three queries."""
    units = Unit.objects.order_by("code").values_list(*(_COLUMNS.get(name, name) for name in _UNIT_FIELDS))
    people = Person.objects.order_by("code").values_list("code", "name", "is_party_member")
    posts = Post.objects.order_by("person__code", "held_from", "pk").values_list(
        "person__code", "unit__code", "title", "held_from", "held_to", "is_leader", "is_head", "is_concurrent"
    )
    return Records(
        units={row[0]: _unit(row) for row in units},
        people={row[0]: PersonRecord(*row) for row in people},
        posts={record.key: record for record in (PostRecord(*row) for row in posts)},
    )


def _unit(row: tuple[Any, ...]) -> UnitRecord:
    values = dict(zip(_UNIT_FIELDS, row, strict=True))
    values["parent"], values["successor"] = values["parent"] or "", values["successor"] or ""
    return UnitRecord(**values)


def workbook(records: Records) -> bytes:
    """Write the records as the workbook that the import reads."""
    return writing.filled(
        sheets.SHEETS,
        {
            sheets.UNITS.name: _rows(records.units.values()),
            sheets.PEOPLE.name: _rows(records.people.values()),
            sheets.POSTS.name: _rows(records.posts.values()),
        },
    )


def _rows(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(record) for record in records]
