"""Workbooks for the tests: the filled example, with cells changed at will."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from qingfeng.evaluation.scoring import shipped
from qingfeng.evaluation.workbook import examples, reading, round_sheets, scheme_rows

Rows = dict[str, list[dict[str, Any]]]
Change = Callable[[Rows], object]
HERE = 0  # the row that the change itself names


def example_rows() -> Rows:
    """Return the rows of the filled example, by sheet."""
    scheme = shipped.default_scheme()
    rows: Rows = scheme_rows.rows_of(scheme) | examples.rows_of(scheme)
    return rows | {round_sheets.BASICS.name: [dict(row) for row in round_sheets.BASICS.examples]}


def book(rows: Rows, *, without: Sequence[str] = ()) -> bytes:
    """Write the rows as they are: text as text, also where a number or a date belongs."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in (sheet for sheet in reading.SHEETS if sheet.name not in without):
        page = workbook.add_worksheet(sheet.name)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.label)
            labels: dict[Any, str] = dict(column.choices)
            for number, row in enumerate(rows.get(sheet.name, []), start=1):
                _write(page, (number, place), labels.get(row.get(column.key), row.get(column.key)), day)
    workbook.close()
    return stream.getvalue()


def _write(page: Any, at: tuple[int, int], value: Any, day: Any) -> None:
    if isinstance(value, bool):
        page.write_string(*at, "是" if value else "否")
    elif isinstance(value, dt.date):
        page.write_datetime(*at, value, day)
    elif isinstance(value, (int, float, Decimal)):
        page.write_number(*at, float(value))
    elif value is not None:
        page.write_string(*at, str(value))


def changed(change: Change, *, without: Sequence[str] = (), small: bool = False) -> tuple[bytes, int]:
    """Return the example with a change made to its rows, and the sheet row that the change names.

    With ``small`` only four of the units are left, which reads faster.
    """
    rows = example_rows()
    if small:
        _keep(rows, {"Z01", "Z02", "D01", "B02"})
    place = change(rows)
    return book(rows, without=without), place if isinstance(place, int) else 0


def _keep(rows: Rows, units: set[str]) -> None:
    for name in (sheet.name for sheet in round_sheets.SHEETS if sheet.name in rows):
        key = {"单位": "code", "事实": "unit_at_act"}.get(name, "unit")
        rows[name] = [row for row in rows[name] if row.get(key, "Z01") in units]
    rows["单位未报送"] = [{"unit": "B02", "indicator": "A3"}]


def change(sheet: str, key: str, value: object, **keys: object) -> Change:
    """Put a value into the first row with these values."""

    def apply(rows: Rows) -> int:
        row = row_of(rows, sheet, **keys)
        row[key] = value
        return next(number for number, each in enumerate(rows[sheet], start=2) if each is row)

    return apply


def drop(sheet: str, **keys: object) -> Change:
    """Take the first row with these values out."""
    return lambda rows: rows[sheet].remove(row_of(rows, sheet, **keys))


def repeat(sheet: str, **keys: object) -> Change:
    """Write the first row with these values a second time, at the end."""

    def apply(rows: Rows) -> int:
        rows[sheet].append(dict(row_of(rows, sheet, **keys)))
        return len(rows[sheet]) + 1

    return apply


def row_of(rows: Rows, sheet: str, **keys: object) -> dict[str, Any]:
    """Return the first row of a sheet with these values."""
    return next(row for row in rows[sheet] if all(row.get(k) == v for k, v in keys.items()))
