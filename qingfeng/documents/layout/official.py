"""Official documents to GB/T 9704-2012: plain data in, a .docx that WPS and Word can edit out.

Sources: GB/T 9704-2012 sections 5 to 8 (page, grid, parts);
党政机关公文处理工作条例 第九条 (which parts there are).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Length

from qingfeng.documents.layout import fonts as faces
from qingfeng.documents.layout import ooxml, packing, page, parts, tables
from qingfeng.documents.layout.fonts import Fonts

MOST_COLUMNS = 63  # what Word can hold


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4, numbered by the layout; `runs_on` goes on behind it in the body's face."""

    level: Literal[1, 2, 3, 4]
    text: str
    runs_on: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head is repeated on each page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError where a row does not fit its head."""
        if not 0 < len(self.head) <= MOST_COLUMNS:
            raise ValueError(f"表格应有 1 至 {MOST_COLUMNS} 列，现有 {len(self.head)} 列。")
        for place, row in enumerate(self.rows, 1):
            if len(row) != len(self.head):
                raise ValueError(f"表格第 {place} 行有 {len(row)} 格，表头有 {len(self.head)} 列。")


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own, turned where asked or, with None, where a table is too wide."""

    title: str
    blocks: tuple[Block, ...]
    on_side: bool | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The red name at the head: one body or several that issue together, and the word behind."""

    bodies: tuple[str, ...]
    word: str = "文件"


@dataclass(frozen=True, slots=True)
class Imprint:
    """The foot of the last page."""

    office: str
    printed: date
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialText:
    """Everything that a document says; the layout adds nothing but numbers of headings, pages and annexes."""

    mark: Mark
    title: str
    blocks: tuple[Block, ...]
    signed_by: tuple[str, ...]
    dated: date
    number: str = ""  # 云纪通〔2026〕1号; empty while it is a draft
    signer: str = ""  # only for documents that go upwards
    urgency: Literal["", "特急", "加急"] = ""
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    note: str = ""
    imprint: Imprint | None = None
    fonts: Fonts = field(default=faces.STANDARD)

    def __post_init__(self) -> None:
        """Raise ValueError where a part that the standard requires is empty."""
        required = {
            "发文机关标志": self.mark.bodies,
            "标题": self.title.strip(),
            "发文机关署名": self.signed_by,
        }
        for name, value in required.items():
            if not value:
                raise ValueError(f"公文缺少{name}。")


def render(text: OfficialText) -> bytes:
    """Lay the text out as a .docx; the same text gives the same bytes."""
    document = _empty(text.fonts)
    page.prepare(document)
    page.number(document.sections[0], font=text.fonts.number)
    _head(document, text)
    _blocks(document, text.blocks, fonts=text.fonts, on_side=False)
    if text.annexes:
        parts.attachments(
            document, [annex.title.replace("\n", "") for annex in text.annexes], fonts=text.fonts
        )
    parts.signature(document, text.signed_by, text.dated, fonts=text.fonts)
    if text.note:
        parts.note(document, text.note, fonts=text.fonts)
    on_side = _annexes(document, text)
    if text.imprint is not None:
        _imprint(document, text.imprint, fonts=text.fonts, after_side=on_side)
    return packing.pack(
        document, title=text.title.replace("\n", ""), author=text.signed_by[0], dated=text.dated
    )


def lies_on_side(annex: Annex) -> bool:
    """Tell whether an annex is turned: as its author says, or when a table stands upright only below 五号."""
    if annex.on_side is not None:
        return annex.on_side
    upright = page.type_width(on_side=False)
    for block in annex.blocks:
        if isinstance(block, Table):
            size = tables.fitting_size(tables.natural_widths(block.head, block.rows), upright)
            if size is None or size < tables.SIZES[2]:
                return True
    return False


def _empty(fonts: Fonts) -> Document:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = fonts.body, ooxml.BODY
    normal.paragraph_format.line_spacing = ooxml.LINE
    normal.paragraph_format.space_after = 0
    properties = normal.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), fonts.body)
    properties.find(qn("w:sz")).addprevious(
        ooxml.element("spacing", val=ooxml.TRACKING)
    )  # what is typed in later
    return document


def _head(document: Document, text: OfficialText) -> None:
    parts.mark(document, text.mark.bodies, text.mark.word, urgency=text.urgency, fonts=text.fonts)
    parts.number_line(document, text.number, text.signer, fonts=text.fonts)
    parts.title(document, text.title, fonts=text.fonts)
    if text.recipients:
        parts.recipients(document, text.recipients, fonts=text.fonts)
    else:
        parts.blank(document)


def _blocks(document: Document, blocks: Sequence[Block], *, fonts: Fonts, on_side: bool) -> None:
    counts = [0, 0, 0, 0]
    available: Length = page.type_width(on_side=on_side)
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            numbered = parts.heading_number(block.level, counts[block.level - 1]) + block.text
            parts.heading(document, block.level, numbered, block.runs_on, fonts=fonts)
        elif isinstance(block, Paragraph):
            parts.paragraph(document, block.text, fonts=fonts)
        else:
            if block.caption:
                parts.caption(document, block.caption, fonts=fonts)
            tables.ruled(
                document, block.head, block.rows, available=available, font=fonts.body, head_font=fonts.first
            )


def _annexes(document: Document, text: OfficialText) -> bool:
    """Write each annex on pages of its own, and tell whether the last page lies on its side."""
    on_side = False
    for place, annex in enumerate(text.annexes, 1):
        on_side = lies_on_side(annex)
        section = page.next_section(document, on_side=on_side)
        page.number(section, font=text.fonts.number)
        label = f"附件{place}" if len(text.annexes) > 1 else "附件"
        parts.annex_head(document, label, annex.title, fonts=text.fonts)
        _blocks(document, annex.blocks, fonts=text.fonts, on_side=on_side)
    return on_side


def _imprint(document: Document, imprint: Imprint, *, fonts: Fonts, after_side: bool) -> None:
    if after_side:
        page.unnumbered(page.next_section(document, on_side=False, even=True))
        parts.blank(document)
    parts.imprint(document, imprint.copies, imprint.office, imprint.printed, fonts=fonts)
