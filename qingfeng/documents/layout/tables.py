"""Tables on the page: ruled ones whose head is repeated, and bare ones for the mark."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Length, Pt, Twips
from docx.table import Table, _Cell

from qingfeng.documents.layout import ooxml
from qingfeng.documents.layout.ooxml import Face, Shape

SIZES = (Pt(14), Pt(12), Pt(10.5), Pt(9), Pt(7.5), Pt(6.5))  # 四号, 小四, 五号, 小五, 六号, 小六
PADDING = Twips(57)  # 1 mm left and right of a cell's text
TIGHT = Twips(20)  # the same where letters are smaller than 五号
RULE = 4  # eighths of a point
FIGURE_SLACK = 2
LONG_ROWS = 25  # beyond, 五号 or smaller: a list that is looked up, not read


def columns(text: str) -> int:
    """Measure a text in half-width columns: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _room(text: str) -> int:
    """Measure a cell; figures get two columns more, since a fallback font's are wider, and never break."""
    return columns(text) + (FIGURE_SLACK if text.isascii() and text else 0)


def natural_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Measure each column: its longest cell up to 24 columns, and half of its head, which may wrap."""
    cells = zip(*rows, strict=True) if rows else [[""] for _ in head]
    return tuple(
        max(4, (columns(name) + 1) // 2, min(24, max((_room(cell) for cell in column), default=0)))
        for name, column in zip(head, cells, strict=True)
    )


def fitting_size(widths: Sequence[int], available: Length, sizes: Sequence[Length] = SIZES) -> Length | None:
    """Find the largest of the sizes at which the columns fit; none where even the smallest is too wide."""
    for size in sizes:
        if sum(width * size.twips / 2 + 2 * padding(size).twips for width in widths) <= available.twips:
            return size
    return None


def padding(size: Length) -> Length:
    """Give the space beside a cell's text."""
    return PADDING if size >= SIZES[2] else TIGHT


def ruled(
    document: Document,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    available: Length,
    font: str,
    head_font: str,
) -> Table:
    """Add a ruled table over the whole width whose head is repeated on each page."""
    widths = natural_widths(head, rows)
    sizes = SIZES[2:] if len(rows) > LONG_ROWS else SIZES
    size = fitting_size(widths, available, sizes) or SIZES[-1]
    table = _bare(document, len(rows) + 1, len(head), padding(size))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _rule(table)
    _column_widths(
        table, _shares([width * size.twips / 2 + 2 * padding(size).twips for width in widths], available)
    )
    for cell, name in zip(table.rows[0].cells, head, strict=True):
        _fill(cell, name, Face(head_font, size), ooxml.CENTRE)
    for row, texts in zip(list(table.rows)[1:], rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, text, Face(font, size), ooxml.LEFT if columns(text) > 16 else ooxml.CENTRE)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(ooxml.element("cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(ooxml.element("tblHeader"))
    return table


def bare(document: Document, rows: int, widths: Sequence[Length]) -> Table:
    """Add a table without lines."""
    table = _bare(document, rows, len(widths))
    _column_widths(table, widths)
    return table


def _rule(table: Table) -> None:
    drawn = ooxml.element("tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        drawn.append(ooxml.element(edge, val="single", sz=RULE, space=0, color="000000"))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(drawn)


def _bare(document: Document, rows: int, count: int, beside: Length = PADDING) -> Table:
    table: Table = document.add_table(rows, count)
    table.autofit = False
    properties = table._tbl.tblPr
    for name in ("tblStyle", "tblLook"):
        for old in properties.findall(qn(f"w:{name}")):
            properties.remove(old)
    margins = ooxml.element("tblCellMar")
    for edge in ("left", "right"):
        margins.append(ooxml.element(edge, w=beside.twips, type="dxa"))
    properties.append(margins)
    return table


def _shares(widths: Sequence[float], available: Length) -> tuple[Length, ...]:
    total = sum(widths)
    return tuple(Twips(int(available.twips * width / total)) for width in widths)


def _column_widths(table: Table, widths: Sequence[Length]) -> None:
    total = sum(width.twips for width in widths)
    width = table._tbl.tblPr.find(qn("w:tblW"))
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(total))
    for column, size in zip(table.columns, widths, strict=True):
        column.width = Twips(size.twips)
    for row in table.rows:
        for cell, size in zip(row.cells, widths, strict=True):
            cell.width = Twips(size.twips)


def _fill(cell: _Cell, text: str, face: Face, align: Any) -> None:
    line = Pt(face.size.pt * 1.35)
    paragraph = ooxml.shape(cell.paragraphs[0], Shape(align, line, before=Pt(2), after=Pt(2)))
    ooxml.dress(paragraph.add_run(text), face)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
