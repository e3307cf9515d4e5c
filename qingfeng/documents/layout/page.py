"""Paper, type area, character grid and page numbers (GB/T 9704-2012, 5.1, 5.2, 7.5)."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Length, Mm, Pt, Twips

from qingfeng.documents.layout import boxes, ooxml
from qingfeng.documents.layout.ooxml import Face, Shape

WIDTH, HEIGHT = Mm(210), Mm(297)
TOP, BOTTOM, INNER, OUTER = Mm(37), Mm(35), Mm(28), Mm(26)
TYPE_WIDTH, TYPE_HEIGHT = Mm(156), Mm(225)
NUMBER_SIZE = Pt(14)  # 四号
NUMBER_LINE = Pt(16)
DASH_BELOW = Mm(7)  # 7.5: the dash stands 7 mm below the type area
# The dash stands in the middle of its line, so the line begins half of itself higher.
NUMBER_TOP = Length(DASH_BELOW - NUMBER_LINE // 2)


def prepare(document: Document) -> None:
    """Make the document's first section a page of the standard, with odd and even pages."""
    document.settings.odd_and_even_pages_header_footer = True
    _stay_uncompressed(document)
    portrait(document.sections[0])


def portrait(section: Section) -> None:
    """Set upright A4 with its margins and grid."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = INNER, OUTER
    section.header_distance = Mm(15)
    section.footer_distance = Length(BOTTOM - NUMBER_TOP - NUMBER_LINE)
    _grid(section)


def landscape(section: Section) -> None:
    """Set A4 on its side: the upright page turned clockwise, heads of tables at its left edge."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = HEIGHT, WIDTH
    section.top_margin, section.bottom_margin = INNER, OUTER
    section.left_margin, section.right_margin = BOTTOM, TOP
    section.header_distance = section.footer_distance = Mm(8)
    _grid(section)


def next_section(document: Document, *, on_side: bool, even: bool = False) -> Section:
    """Begin a new page, upright or on its side; on the next even page where asked."""
    section: Section = document.add_section(WD_SECTION.EVEN_PAGE if even else WD_SECTION.NEW_PAGE)
    (landscape if on_side else portrait)(section)
    return section


def number(section: Section, *, font: str) -> None:
    """Put “— 1 —” under the type area: odd pages right, even pages left, one character in."""
    face = Face(font, NUMBER_SIZE)
    on_side = section.orientation == WD_ORIENT.LANDSCAPE
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        if on_side:
            ooxml.shape(paragraph, Shape(line=Pt(1)))
            _turned_number(paragraph, face, odd=odd)
            continue
        indent = NUMBER_SIZE.twips / ooxml.CHAR.twips
        side = (
            Shape(ooxml.RIGHT, NUMBER_LINE, right=indent)
            if odd
            else Shape(ooxml.LEFT, NUMBER_LINE, left=indent)
        )
        _dashed_number(ooxml.shape(paragraph, side), face)


def unnumbered(section: Section) -> None:
    """Leave the page number out: a blank page and the page of the imprint carry none."""
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False


def _dashed_number(paragraph: Any, face: Face) -> None:
    ooxml.dress(paragraph.add_run("— "), face)
    ooxml.field(paragraph, "PAGE", face)
    ooxml.dress(paragraph.add_run(" —"), face)


def _turned_number(paragraph: Any, face: Face, *, odd: bool) -> None:
    """Keep the number where it stands on upright pages: on the left edge of the sheet on its side."""
    length = Mm(30)
    left = Length(BOTTOM - NUMBER_TOP - NUMBER_LINE)
    top = Length(WIDTH - OUTER - NUMBER_SIZE - length) if odd else Length(INNER + NUMBER_SIZE)
    place = boxes.Place(NUMBER_LINE, length, left=left, top=top, turned=True)
    box = boxes.Box(paragraph, place, name="页码", serial=101 if odd else 102)
    _dashed_number(
        ooxml.shape(box.add_paragraph(), Shape(ooxml.RIGHT if odd else ooxml.LEFT, NUMBER_LINE)), face
    )


def _grid(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(ooxml.element("docGrid", type="lines", linePitch=ooxml.LINE.twips))


def _stay_uncompressed(document: Document) -> None:
    """Stop programs from squeezing punctuation and from hyphenating: a line holds 28 characters."""
    settings = document.settings.element
    control = ooxml.element("characterSpacingControl", val="doNotCompress")
    for old in settings.findall(qn("w:characterSpacingControl")):
        settings.remove(old)
    compat = settings.find(qn("w:compat"))
    if compat is None:
        settings.append(control)
    else:
        compat.addprevious(control)


def type_width(*, on_side: bool) -> Twips:
    """Give the width between the margins."""
    return Twips(Emu(TYPE_HEIGHT if on_side else TYPE_WIDTH).twips)
