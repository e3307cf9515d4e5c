"""Workbooks of units, people and posts, as tests write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qingfeng.core.spreadsheets import writing
from qingfeng.organizations.workbook import sheets

AT = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
BEGAN = dt.date(2020, 1, 1)
Rows = Iterable[Mapping[str, Any]]


def unit(code: str, parent: str = "", **fields: Any) -> dict[str, Any]:
    base = {
        "code": code, "name": f"云川市{code}单位", "short_name": f"{code}单位", "unit_class": "government",
        "parent": parent, "active_from": BEGAN, "is_evaluated": True, "sort_order": 0,
    }  # fmt: skip
    return {**base, **fields}


def person(code: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "name": f"干部{code}", "is_party_member": True, **fields}


def post(person_code: str, unit_code: str, **fields: Any) -> dict[str, Any]:
    return {"person": person_code, "unit": unit_code, "title": "科员", "held_from": BEGAN, **fields}


def book(units: Rows = (), people: Rows = (), posts: Rows = ()) -> bytes:
    rows = {sheets.UNITS.name: units, sheets.PEOPLE.name: people, sheets.POSTS.name: posts}
    return writing.filled(sheets.SHEETS, rows)
