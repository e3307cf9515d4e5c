"""A sheet beside the rows of a template that says from which state of things it was downloaded."""

from __future__ import annotations

from collections.abc import Mapping

from qingfeng.core.spreadsheets import reading
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet

SHEET = Sheet(
    "版本",
    (
        Column("about", "对应", Kind.CODE, required=True, max_length=60, help="不要改动"),
        Column("lock", "下载时的版本", Kind.INTEGER, required=True, low=0, help="不要改动"),
    ),
    help="平台据此看出下载以后别人有没有改过，请不要改动或删除",
    required=False,
)


def rows(about: str, lock: int) -> Mapping[str, list[dict[str, object]]]:
    """Return the stamp as rows of its sheet."""
    return {SHEET.name: [{"about": about, "lock": lock}]}


def lock_of(found: reading.Reading, about: str) -> int | None:
    """Return the version in a filled template; None where the sheet is gone. Adds a fault for another's."""
    table = found.table(SHEET)
    if not table.rows:
        return None
    row = table.rows[0]
    if row["about"] != about:
        found.faults.append(row.fault("about", "这份表格不是从这一页下载的，请用本页的模板"))
        return None
    lock = row["lock"]
    return None if lock is None else int(lock)
