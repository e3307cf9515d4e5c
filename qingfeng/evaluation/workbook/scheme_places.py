"""Find the sheet, row and column where a scheme's fault stands."""

from __future__ import annotations

from collections.abc import Sequence

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets.columns import Sheet
from qingfeng.core.spreadsheets.reading import Reading, Row
from qingfeng.evaluation.scoring.plain import SchemeFault
from qingfeng.evaluation.workbook import scheme_sheets as sheets

BY_TITLE = {
    "维度": sheets.DIMENSIONS,
    "指标": sheets.INDICATORS,
    "渠道": sheets.CHANNELS,
    "降等": sheets.DOWNGRADES,
    "调整项": sheets.ADJUSTMENTS,
    "等次": sheets.GRADES,
    "名额": sheets.QUOTAS,
    "测评选项": sheets.ANSWERS,
}
BY_FIELD = {  # a channel's fault that stands in another sheet
    "department": sheets.REVIEWERS,
    "substitute": sheets.REVIEWERS,
    "group": sheets.GROUPS,
    "score": sheets.ANSWERS,
}


def place(found: Reading, fault: SchemeFault) -> Fault:
    """Return the fault with its sheet, row and column; the head row where it belongs to no single row."""
    if fault.path in {"方案", "参数"} or "[" in fault.path:
        return _basic(found, fault)
    title, code = _split(fault.path)
    if title in sheets.TABLES.values():
        key = next(slug for slug, word in sheets.TABLES.items() if word == title)
        rows = [row for row in found.table(sheets.TABLE).rows if row["table"] == key]
        return _at(sheets.TABLE, _first(rows, fault, code), fault)
    sheet = BY_TITLE[title]
    if title == "渠道" and code:
        return _in_channel(found, fault, code)
    return _at(sheet, _first(found.table(sheet).rows, fault, code), fault)


def _split(path: str) -> tuple[str, str]:
    """Split a path into the title of its table and a code."""
    titles = sorted([*BY_TITLE, *sheets.TABLES.values()], key=len, reverse=True)
    title = next((title for title in titles if path.startswith(title)), "指标")
    return title, path[len(title) :]


def _in_channel(found: Reading, fault: SchemeFault, code: str) -> Fault:
    """Place a fault on the channel, its term, its rule, its item or its scorer."""
    channel, *inner = code.split("·")
    if len(inner) > 1 and inner[1] != "替代":
        rows = [r for r in found.table(sheets.RULES).rows if (r["channel"], r["term"]) == (channel, inner[0])]
        return _at(sheets.RULES, next((r for r in rows if r["code"] == inner[1]), None), fault)
    for sheet in (sheets.TERMS, sheets.ITEMS):
        rows = [row for row in found.table(sheet).rows if row["channel"] == channel]
        match = next((row for row in rows if inner and row["code"] == inner[0]), None)
        if match is not None:
            return _at(sheet, match, fault)
    sheet = BY_FIELD.get(fault.field, sheets.CHANNELS)
    key = "code" if sheet is sheets.CHANNELS else "channel"
    rows = [row for row in found.table(sheet).rows if row[key] == channel]
    if not rows and sheet is sheets.ANSWERS:
        return _at(sheet, None, fault)  # the answers of the whole scheme
    if not rows:
        sheet, rows = sheets.CHANNELS, [r for r in found.table(sheets.CHANNELS).rows if r["code"] == channel]
    quoted = [row for row in rows if any(f"“{row[k]}”" in fault.sentence for k in sheet.by_key if row[k])]
    found_rows = quoted or rows
    return _at(sheet, found_rows[0] if found_rows else None, fault)


def _first(rows: Sequence[Row], fault: SchemeFault, code: str) -> Row | None:
    """Return the row of a code; else the last row that the sentence quotes (the repeated one)."""
    listed = list(rows)
    if code:
        return next((row for row in listed if row["code"] == code), None)
    quoted = [row for row in listed if any(f"“{v}”" in fault.sentence for v in row.values.values() if v)]
    return quoted[-1] if quoted else None


def _at(sheet: Sheet, row: Row | None, fault: SchemeFault) -> Fault:
    column = sheet.by_key.get(fault.field)
    expected = fault.sentence.rstrip("。")
    if row is None:
        return Fault(sheet.name, 1, column.label if column else "", "", expected)
    key = column.key if column else sheet.columns[0].key
    return row.fault("code" if column is None and "code" in sheet.by_key else key, expected)


def _basic(found: Reading, fault: SchemeFault) -> Fault:
    """Place a fault of the whole scheme on its line, or on the sheet whose sum is wrong."""
    if fault.field == "weight":
        return _at(sheets.DIMENSIONS, None, fault)
    rows = [row for row in found.table(sheets.BASICS).rows if row["item"] == fault.field]
    if not rows:
        return Fault(sheets.BASICS.name, 1, fault.path, "", fault.sentence.rstrip("。"))
    return rows[0].fault("value", fault.sentence.rstrip("。"))
