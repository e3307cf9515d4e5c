"""Read a workbook against its declaration: typed rows, and every fault with sheet, row and column."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineWorkbook

from qingfeng.core.errors import Fault, FaultyWorkbook, Refused
from qingfeng.core.spreadsheets import cells, packages
from qingfeng.core.spreadsheets.columns import Column, Limits, Sheet

_MARKS = re.compile(r"[\s*＊]|[（(]必填[)）]")
LIMITS = Limits()


@dataclass(frozen=True)
class Row:
    """A filled row: its number in the sheet, typed values by key, the text typed, and the keys at fault."""

    sheet: Sheet
    number: int
    values: Mapping[str, Any]
    typed: Mapping[str, str]
    faulty: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def fault(self, key: str, expected: str) -> Fault:
        """Make a fault of a cell of this row."""
        value = self.typed.get(key, "")[:60]
        return Fault(self.sheet.name, self.number, self.sheet.by_key[key].label, value, expected)


@dataclass(frozen=True)
class Table:
    """The rows of one sheet and the keys of the columns it has (an optional column may be missing)."""

    sheet: Sheet
    rows: Sequence[Row] = ()
    keys: frozenset[str] = frozenset()


@dataclass
class Reading:
    """What was read: a table for each declared sheet, and the faults, in the order of the workbook."""

    tables: dict[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def table(self, sheet: Sheet) -> Table:
        return self.tables.get(sheet.name, Table(sheet))

    def insist(self, sheets: Sequence[Sheet] = ()) -> None:
        """Raise `FaultyWorkbook` with every fault, sorted by sheet and row, if there is one."""
        if self.faults:
            order = {sheet.name: place for place, sheet in enumerate(sheets)}
            raise FaultyWorkbook(
                sorted(set(self.faults), key=lambda f: (order.get(f.sheet, -1), f.row, f.column, f.expected))
            )


def read(content: bytes, sheets: Sequence[Sheet], limits: Limits = LIMITS) -> Reading:
    """Read the declared sheets. Raises `Refused` where the file as a whole cannot be read."""
    parts = packages.inspect(content, limits)
    book = _open(content)
    names = {_plain(name): name for name in reversed(book.sheet_names)}
    reading = Reading()
    for sheet in sheets:
        name = names.get(_plain(sheet.name))
        if name is None:
            if sheet.required:
                reading.faults.append(_missing(sheet, book.sheet_names))
            continue
        grid, merged = _grid(book, name)
        reading.faults += _unreadable(sheet, merged, parts.get(name, packages.Part()))
        table, faults = _table(sheet, grid)
        reading.tables[sheet.name] = table
        reading.faults += faults
    return reading


def _open(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as failure:
        raise _refusal(failure) from failure


def _grid(book: CalamineWorkbook, name: str) -> tuple[list[list[Any]], Sequence[Any]]:
    try:
        sheet = book.get_sheet_by_name(name)
        return sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()
    except BaseException as failure:
        raise _refusal(failure) from failure


def _refusal(failure: BaseException) -> BaseException:
    """Turn a failure of the reader, its panics too (they are no `Exception`), into a refusal."""
    if isinstance(failure, (KeyboardInterrupt, SystemExit, MemoryError)):
        return failure
    return Refused(packages.DAMAGED)


def _missing(sheet: Sheet, present: Sequence[str]) -> Fault:
    close = difflib.get_close_matches(sheet.name, present, 1, 0.3)
    hint = f"是不是“{close[0]}”？请改名" if close else "请使用模板"
    return Fault(sheet.name, 1, "", "", f"缺少工作表“{sheet.name}”，{hint}；没有内容也要保留表头")


def _unreadable(sheet: Sheet, merged: Sequence[Any], part: packages.Part) -> list[Fault]:
    """Report what a reader would silently take for blanks: merged cells and formula errors."""
    faults = []
    for start, end in merged:
        row = int(start[0]) + 1
        faults.append(
            Fault(
                sheet.name, row, "", "", f"第 {row} 至 {int(end[0]) + 1} 行有合并单元格，请取消合并后逐格填写"
            )
        )
    for cell in part.errors:
        row, _ = packages.cell_place(cell)
        faults.append(Fault(sheet.name, row, "", cell, f"单元格 {cell} 的公式出错，请改成内容本身"))
    return faults


def _table(sheet: Sheet, grid: list[list[Any]]) -> tuple[Table, list[Fault]]:
    header = [cells.text_of(cell) for cell in grid[0]] if grid else []
    places, faults = _places(sheet, header)
    rows = []
    for number, line in enumerate(grid[1:], start=2):
        if all(cells.text_of(cell) == "" for cell in line):
            continue
        faults += _stray(sheet, header, number, line)
        row, wrong = _row(sheet, number, line, places)
        rows.append(row)
        faults += wrong
    return Table(sheet, rows, frozenset(places)), faults


def _plain(heading: str) -> str:
    return _MARKS.sub("", cells.narrow(heading)).lower()


def _places(sheet: Sheet, header: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Find the column of each key; name the headings that are missing, doubled or unknown."""
    wanted = {_plain(column.label): column for column in sheet.columns}
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(header):
        column = wanted.get(_plain(heading))
        if column is None:
            faults += [_unknown(sheet, heading)] if heading else []
        elif column.key in places:
            faults.append(Fault(sheet.name, 1, column.label, heading, "这一列出现了两次，请只留一列"))
        else:
            places[column.key] = place
    faults += [
        Fault(sheet.name, 1, column.label, "", f"缺少“{column.label}”这一列")
        for column in sheet.columns
        if column.required and column.key not in places
    ]
    return places, faults


def _unknown(sheet: Sheet, heading: str) -> Fault:
    labels = [column.label for column in sheet.columns]
    close = difflib.get_close_matches(heading, labels, 1, 0.5)
    hint = f"是不是“{close[0]}”？" if close else f"可用的列：{'、'.join(labels)}"
    return Fault(sheet.name, 1, heading[:60], heading[:60], f"不认识这一列，请改名或删去。{hint}")


def _stray(sheet: Sheet, header: Sequence[str], number: int, line: Sequence[Any]) -> Iterable[Fault]:
    """Report what stands under no heading: it would be lost."""
    for place, cell in enumerate(line):
        text = cells.text_of(cell)
        if text and (place >= len(header) or not header[place]):
            yield Fault(
                sheet.name, number, f"第 {place + 1} 列", text[:60], "这一列没有表头，请补上表头或删去内容"
            )


def _row(
    sheet: Sheet, number: int, line: Sequence[Any], places: Mapping[str, int]
) -> tuple[Row, list[Fault]]:
    values: dict[str, Any] = {}
    typed: dict[str, str] = {}
    misfits: list[tuple[Column, str]] = []
    for column in sheet.columns:
        if column.key not in places:
            continue
        raw = line[places[column.key]] if places[column.key] < len(line) else ""
        typed[column.key] = cells.text_of(raw)
        try:
            values[column.key] = cells.value_of(raw, column)
        except cells.Misfit as misfit:
            misfits.append((column, misfit.expected))
    row = Row(sheet, number, values, typed, frozenset(column.key for column, _ in misfits))
    return row, [row.fault(column.key, expected) for column, expected in misfits]


def repeated(table: Table, *keys: str) -> list[Fault]:
    """Report every row that repeats an earlier row's values of the keys."""
    seen: dict[tuple[Any, ...], int] = {}
    faults = []
    for row in table.rows:
        value = tuple(row[key] for key in keys)
        if None in value:
            continue
        first = seen.setdefault(value, row.number)
        if first != row.number:
            faults.append(row.fault(keys[0], f"与第 {first} 行重复"))
    return faults


def unknown(table: Table, key: str, known: Iterable[Any], what: str) -> list[Fault]:
    """Report every filled cell of the key that names nothing known (`what`: the thing it should name)."""
    codes = frozenset(known)
    return [
        row.fault(key, f"没有编码为“{row[key]}”的{what}，本表和平台里都找不到")
        for row in table.rows
        if row[key] is not None and row[key] not in codes
    ]
