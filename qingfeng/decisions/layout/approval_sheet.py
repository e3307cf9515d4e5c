"""The printed form of an approval (呈批表): one table, as officials sign it on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row

from qingfeng.documents.layout import fonts, ooxml, packing, page
from qingfeng.documents.layout.ooxml import Face, Shape

WIDTHS = (Mm(26), Mm(34), Mm(20), Mm(26), Mm(15), Mm(35))
BODY = Face(fonts.STANDARD.body, Pt(14))
LABEL = Face(fonts.STANDARD.first, Pt(14))
SMALL = Face(fonts.STANDARD.body, Pt(12))
LINE = Pt(22)


@dataclass(frozen=True)
class Signature:
    """One leader's place: his office, what he wrote, his name and the date; empty to be signed."""

    place: str
    opinion: str = ""
    text: str = ""
    name: str = ""
    stands_in_for: str = ""
    date: dt.date | None = None

    @property
    def said(self) -> list[str]:
        """Put the opinion before the words, unless they begin with it."""
        text = self.text.strip()
        if not self.opinion or text.startswith(self.opinion):
            return text.splitlines()
        return [f"{self.opinion}。{text}" if text else f"{self.opinion}。"]


@dataclass(frozen=True)
class Sheet:
    """Everything that the form says."""

    body_name: str
    title: str
    office: str
    asked_by: str
    asked_on: dt.date
    body: str
    papers: Sequence[str]
    signatures: Sequence[Signature]
    remark: str = ""


def render(sheet: Sheet) -> bytes:
    """Lay the form out as a .docx; the same sheet gives the same bytes."""
    document = docx.Document()
    page.prepare(document)
    heading = Face(fonts.STANDARD.title, Pt(22))
    ooxml.write(document, f"{sheet.body_name}呈批表", heading, Shape(ooxml.CENTRE, Pt(34), after=Pt(10)))
    table = _table(document, 4 + len(sheet.signatures) + 1)
    rows = list(table.rows)
    _labelled(rows[0], "事  项", [sheet.title], height=Mm(14))
    _six(rows[1], sheet)
    _labelled(rows[2], "拟办意见", sheet.body.splitlines(), height=Mm(52), is_text=True)
    _labelled(rows[3], "附  件", list(sheet.papers) or ["无"], height=Mm(12))
    for row, signature in zip(rows[4:-1], sheet.signatures, strict=True):
        _signed(row, signature)
    _labelled(rows[-1], "备  注", [sheet.remark], height=Mm(14))
    return packing.pack(document, title=sheet.title, author=sheet.body_name, dated=sheet.asked_on)


def spoken(date: dt.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def _table(document: Any, count: int) -> Table:
    table: Table = document.add_table(count, len(WIDTHS))
    table.autofit = False
    borders = ooxml.element("tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(ooxml.element(edge, val="single", sz=6, space=0, color="000000"))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = width
    return table


def _labelled(row: _Row, label: str, lines: Sequence[str], *, height: Mm, is_text: bool = False) -> None:
    wide = row.cells[1].merge(row.cells[-1])
    _tall(row, height)
    _fill(row.cells[0], label, LABEL, ooxml.CENTRE)
    form = Shape(ooxml.JUSTIFY if is_text else ooxml.LEFT, LINE, first=2 if is_text else 0)
    _write(wide, [line for line in lines if line.strip()] or [""], BODY, form)
    wide.vertical_alignment = WD_ALIGN_VERTICAL.TOP if is_text else WD_ALIGN_VERTICAL.CENTER


def _six(row: _Row, sheet: Sheet) -> None:
    """Office, who asked, and when, side by side."""
    _tall(row, Mm(12))
    words = ("承办部门", sheet.office, "呈批人", sheet.asked_by, "日期", spoken(sheet.asked_on))
    for place, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
        face = LABEL if place % 2 == 0 else SMALL if place == len(words) - 1 else BODY
        _fill(cell, text, face, ooxml.CENTRE)


def _signed(row: _Row, signature: Signature) -> None:
    wide = row.cells[1].merge(row.cells[-1])
    _tall(row, Mm(30))
    _fill(row.cells[0], f"{signature.place}批示", LABEL, ooxml.CENTRE)
    said = signature.said
    _write(wide, said or [""], BODY, Shape(ooxml.LEFT, LINE))
    name = signature.name
    if signature.stands_in_for:
        name = f"{name}（代{signature.stands_in_for}）"
    date = spoken(signature.date) if signature.date else "年    月    日"
    foot = f"签名：{name or '            '}    {date}"
    ooxml.write(wide, foot, SMALL, Shape(ooxml.RIGHT, LINE, before=Pt(6)))
    wide.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM if not said else WD_ALIGN_VERTICAL.CENTER


def _tall(row: _Row, height: Mm) -> None:
    row.height, row.height_rule = height, WD_ROW_HEIGHT_RULE.AT_LEAST
    row._tr.get_or_add_trPr().append(ooxml.element("cantSplit"))


def _fill(cell: _Cell, text: str, face: Face, align: Any) -> None:
    _write(cell, [text], face, Shape(align, LINE))
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER


def _write(cell: _Cell, lines: Sequence[str], face: Face, form: Shape) -> None:
    first, *others = lines
    paragraph = ooxml.shape(cell.paragraphs[0], form)
    ooxml.dress(paragraph.add_run(first), face)
    for line in others:
        ooxml.write(cell, line, face, form)
