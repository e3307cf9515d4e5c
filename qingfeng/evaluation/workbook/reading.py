"""Read a round's workbook or a scheme's workbook.

All or nothing, every fault with sheet, row and column.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from qingfeng.core.errors import Fault, FaultyWorkbook
from qingfeng.core.spreadsheets import cells, reading
from qingfeng.core.spreadsheets.columns import Limits, Sheet
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.workbook import round_reading, round_sheets, scheme_reading, scheme_sheets

SHEETS = (*round_sheets.SHEETS, *scheme_sheets.SHEETS)
LIMITS = Limits(bytes=64 * 1024 * 1024, unpacked=600 * 1024 * 1024, rows=1_000_000)


def read(source: bytes | Path) -> Inputs:
    """Read scheme and round from one workbook.

    Raises FaultyWorkbook with every fault (its column is the letter and the heading), Refused where the
    file is no workbook.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    found = reading.read(content, SHEETS, LIMITS)
    scheme, faults = scheme_reading.scheme_from(found)
    inputs: Inputs | None = None
    if scheme is not None:
        inputs, more = round_reading.inputs_from(found, scheme)
        faults = faults + more
    _insist(content, SHEETS, found.faults + faults)
    assert inputs is not None
    return inputs


def read_scheme(source: bytes | Path) -> schemes.Scheme:
    """Read a scheme from the sheets that ``writing.write_scheme`` writes.

    Sheets of a round beside them are ignored.

    Raises as ``read``.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    found = reading.read(content, scheme_sheets.SHEETS, LIMITS)
    scheme, faults = scheme_reading.scheme_from(found)
    _insist(content, scheme_sheets.SHEETS, found.faults + faults)
    assert scheme is not None
    return scheme


def _insist(content: bytes, sheets: Sequence[Sheet], faults: list[Fault]) -> None:
    """Raise FaultyWorkbook with the faults in the order of the workbook, each column with its letter."""
    if not faults:
        return
    letters = _letters(content, {fault.sheet for fault in faults})
    order = {sheet.name: place for place, sheet in enumerate(sheets)}
    told = [_with_letter(fault, letters.get(fault.sheet, {})) for fault in dict.fromkeys(faults)]
    raise FaultyWorkbook(sorted(told, key=lambda f: (order.get(f.sheet, -1), f.row, f.column, f.expected)))


def _with_letter(fault: Fault, letters: dict[str, str]) -> Fault:
    letter = letters.get(fault.column)
    if letter is None:
        return fault
    return Fault(fault.sheet, fault.row, f"{letter} {fault.column}", fault.value, fault.expected)


def _letters(content: bytes, names: set[str]) -> dict[str, dict[str, str]]:
    """Return the letter of each heading, by sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found: dict[str, dict[str, str]] = {}
    for name in names & set(book.sheet_names):
        lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=1)
        head = [cells.text_of(cell) for cell in lines[0]] if lines else []
        found[name] = {heading: letter_of(place) for place, heading in enumerate(head)}
    return found


def letter_of(place: int) -> str:
    """Return the letter of a column, from 0: A, B, … Z, AA."""
    text = ""
    while place >= 0:
        text, place = chr(65 + place % 26) + text, place // 26 - 1
    return text
