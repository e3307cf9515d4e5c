"""Write a workbook from its declaration: a template with example and explanation, or rows that read back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet

EXAMPLE_PREFIX = "示例·"
EXPLANATION = "填写说明"
_PREPARED_ROWS = 2_000
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.CODE: "@", Kind.TEXT: "@", Kind.NAME: "@", Kind.INTEGER: "0"}


def template(
    sheets: Sequence[Sheet],
    *,
    notes: Sequence[str] = (),
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
) -> bytes:
    """Write the sheets, an example of each that has one, and a sheet that explains every column.

    The sheets are empty but for `rows`, which start some of them off.
    """
    return _book(sheets, rows or {}, examples=True, notes=notes)


def filled(sheets: Sequence[Sheet], rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """Write rows by sheet name, in the form that `reading.read` reads back unchanged."""
    return _book(sheets, rows, examples=False, notes=())


def _book(
    sheets: Sequence[Sheet],
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    examples: bool,
    notes: Sequence[str],
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True})
    formats = _Formats(book)
    for sheet in sheets:
        _write_sheet(book, formats, sheet, sheet.name, rows.get(sheet.name, ()))
    if examples:
        for sheet in (sheet for sheet in sheets if sheet.examples):
            _write_sheet(book, formats, sheet, f"{EXAMPLE_PREFIX}{sheet.name}", sheet.examples)
        _explain(book, formats, sheets, notes)
    book.close()
    return buffer.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f3f3f1"})
        self.must = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#f3f3f1", "font_color": "#9d1c24"}
        )
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.of = {
            kind: book.add_format({"num_format": _FORMATS[kind]} if kind in _FORMATS else {}) for kind in Kind
        }


def _write_sheet(
    book: Any, formats: _Formats, sheet: Sheet, name: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    page = book.add_worksheet(name)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, formats.of[column.kind])
        page.write_string(0, place, column.label, formats.must if column.required else formats.head)
        _offer_choices(page, place, column)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(sheet.columns):
            _write_cell(page, (number, place), row.get(column.key), column, formats.of[column.kind])
    page.freeze_panes(1, 0)


def _offer_choices(page: Any, place: int, column: Column) -> None:
    """Let Excel offer the accepted words in a drop-down."""
    words = ["是", "否"] if column.kind is Kind.YES_NO else [label for _, label in column.choices]
    if words and len(",".join(words)) <= 255:
        page.data_validation(
            1, place, _PREPARED_ROWS, place, {"validate": "list", "source": words, "ignore_blank": True}
        )


def _write_cell(page: Any, at: tuple[int, int], value: Any, column: Column, look: Any) -> None:
    """Write a value as what it is; text never becomes a formula."""
    if value is None or value == "":
        return
    if column.kind is Kind.DATE:
        page.write_datetime(*at, value, look)
    elif column.kind is Kind.YES_NO:
        page.write_string(*at, "是" if value else "否", look)
    elif column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        page.write_number(*at, float(value), look)
    elif column.kind is Kind.CHOICE:
        page.write_string(*at, dict(column.choices).get(value, str(value)), look)
    else:
        page.write_string(*at, str(value), look)


def _explain(book: Any, formats: _Formats, sheets: Sequence[Sheet], notes: Sequence[str]) -> None:
    page = book.add_worksheet(EXPLANATION)
    row = 0
    for note in (*notes, *(f"《{sheet.name}》{sheet.help}" for sheet in sheets if sheet.help)):
        page.write_string(row, 0, note)
        row += 1
    row += 1 if row else 0
    for place, (label, width) in enumerate(
        (("工作表", 14), ("列", 18), ("必填", 8), ("类型", 10), ("怎么填", 70))
    ):
        page.set_column(place, place, width)
        page.write_string(row, place, label, formats.head)
    for sheet in sheets:
        for column in sheet.columns:
            row += 1
            must = "必填" if column.required else ""
            for place, text in enumerate(
                (sheet.name, column.label, must, column.kind.value, _advice(column))
            ):
                page.write_string(row, place, text, formats.wrap)


def _advice(column: Column) -> str:
    parts = [column.help] if column.help else []
    if column.choices:
        parts.append("可填：" + "、".join(label for _, label in column.choices))
    if column.kind is Kind.DATE:
        parts.append("如 2026-01-05，也可写 2026.1.5 或 2026年1月5日")
    return "；".join(parts)
