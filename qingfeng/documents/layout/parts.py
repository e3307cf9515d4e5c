"""The parts of an official document, top to bottom, each where GB/T 9704-2012 section 7 puts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt, Twips

from qingfeng.documents.layout import boxes, ooxml, page, tables, titles
from qingfeng.documents.layout.fonts import Fonts
from qingfeng.documents.layout.ooxml import CENTRE, CHAR, CHARACTERS, LEFT, LINE, Face, Shape

MARK_BELOW = Mm(35)  # 7.2.4: upper edge of the mark to the upper edge of the type area
RULE_BELOW_NUMBER = Pt(9)  # 7.2.7: 4 mm from the number; the rest lies inside the number's own line
LARGEST_MARK, SMALLEST_MARK = 52, 30  # points
TITLE_SIZE, TITLE_LINE = Pt(22), Pt(34)  # 二号
SMALL = Pt(14)  # 四号
IMPRINT_LETTERS = 26  # 四号 letters between the imprint's first letter and its right edge
SEAL_ROOM = (
    2  # blank lines above the signature, so that a seal of 42 mm begins at most one line below the text
)
NUMBER_PLACE = "【发文字号】"  # what a draft carries until it is issued
NUMERALS = "零一二三四五六七八九"


def chinese_numeral(value: int) -> str:
    """Write 1 to 9999 in Chinese numerals. Raises ValueError for others."""
    if not 1 <= value <= 9999:
        raise ValueError(f"no heading has the number {value}")
    digits = [int(digit) for digit in str(value)]
    found, is_gap = "", False
    for digit, place in zip(digits, ("千", "百", "十", "")[-len(digits) :], strict=True):
        if digit:
            found += ("零" if is_gap else "") + NUMERALS[digit] + place
        is_gap = not digit
    return found.removeprefix("一") if 10 <= value <= 19 else found


def heading_number(level: int, value: int) -> str:
    """Write the number of a heading: 一、（一）1.（1）."""
    return {
        1: f"{chinese_numeral(value)}、",
        2: f"（{chinese_numeral(value)}）",
        3: f"{value}.",
        4: f"（{value}）",
    }[level]


def chinese_date(day: date) -> str:
    """Write a date in Arabic figures without leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def blank(document: Document, count: int = 1) -> None:
    """Leave whole lines empty."""
    for _ in range(count):
        ooxml.shape(document.add_paragraph(), Shape())


def mark(document: Document, bodies: Sequence[str], word: str, *, urgency: str, fonts: Fonts) -> None:
    """Write the red name of the issuing body, 35 mm below the upper edge of the type area."""
    name = bodies[0] + word
    size = _mark_size(
        max(
            titles.width(name) if len(bodies) == 1 else titles.width(body) + titles.width(word)
            for body in bodies
        )
    )
    height = Pt(size.pt * 1.02)
    space: Length = MARK_BELOW
    if urgency:
        ooxml.write(document, urgency, Face(fonts.first), Shape(LEFT))
        space = Length(space - LINE)
    ooxml.shape(document.add_paragraph(), Shape(line=space))
    face = Face(fonts.mark, size, ooxml.RED)
    if len(bodies) == 1:
        ooxml.write(document, name, face, Shape(CENTRE, height))
    else:
        _joint_mark(document, bodies, word, face)


def _mark_size(letters: float) -> Length:
    points = (page.TYPE_WIDTH.pt - 8) / letters
    return Pt(int(max(SMALLEST_MARK, min(LARGEST_MARK, points))))


def _joint_mark(document: Document, bodies: Sequence[str], word: str, face: Face) -> None:
    """Stack the names of bodies that issue together, and centre the word 文件 beside them."""
    names = max(titles.width(body) for body in bodies) * face.size.pt + 8
    beside = titles.width(word) * face.size.pt + 8 if word else 0
    table = tables.bare(document, len(bodies), [Pt(names), Pt(beside)] if word else [Pt(names)])
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row, body in zip(table.rows, bodies, strict=True):
        cell = ooxml.shape(row.cells[0].paragraphs[0], Shape(ooxml.DISTRIBUTE, Pt(face.size.pt * 1.2)))
        ooxml.dress(cell.add_run(body), face)
    if word:
        merged = table.cell(0, 1).merge(table.cell(len(bodies) - 1, 1))
        merged.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        for extra in merged.paragraphs[1:]:
            extra._element.getparent().remove(extra._element)
        ooxml.dress(
            ooxml.shape(merged.paragraphs[0], Shape(CENTRE, Pt(face.size.pt * 1.2))).add_run(word), face
        )


def number_line(document: Document, number: str, signer: str, *, fonts: Fonts) -> None:
    """Write the number two lines below the mark, and the red line 4 mm below it."""
    blank(document, 2)
    face = Face(fonts.body)
    height = Pt(20)
    if signer:
        paragraph = ooxml.write(document, number or NUMBER_PLACE, face, Shape(LEFT, height, left=1, right=1))
        paragraph.paragraph_format.tab_stops.add_tab_stop(
            Twips(round((CHARACTERS - 1) * CHAR.twips)), WD_TAB_ALIGNMENT.RIGHT
        )
        ooxml.dress(paragraph.add_run("\t签发人："), face)
        ooxml.dress(paragraph.add_run(signer), Face(fonts.second))
    else:
        paragraph = ooxml.write(document, number or NUMBER_PLACE, face, Shape(CENTRE, height))
    ooxml.rule(paragraph, bottom=12, space=round(RULE_BELOW_NUMBER.pt), colour="E60012")


def title(document: Document, text: str, *, fonts: Fonts, blank_above: int = 2) -> None:
    """Write the title two lines below the red line, broken by phrases."""
    blank(document, blank_above)
    for line in titles.lines(text):
        ooxml.write(document, line, Face(fonts.title, TITLE_SIZE), Shape(CENTRE, TITLE_LINE, keep_next=True))


def recipients(document: Document, names: Sequence[str], *, fonts: Fonts) -> None:
    """Name the main recipients one line below the title, from the left edge, closed by a colon."""
    blank(document)
    ooxml.write(document, f"{'，'.join(names)}：", Face(fonts.body), Shape())


def paragraph(document: Document, text: str, *, fonts: Fonts) -> None:
    """Write a paragraph of the body, indented by two characters."""
    ooxml.write(document, text, Face(fonts.body), Shape(first=2))


def heading(document: Document, level: int, text: str, runs_on: str, *, fonts: Fonts) -> None:
    """Write a heading of level 1 to 4; what runs on behind it stands in the body's face."""
    font = {1: fonts.first, 2: fonts.second, 3: fonts.body, 4: fonts.body}[level]
    written = ooxml.write(document, text, Face(font), Shape(first=2, keep_next=not runs_on))
    if runs_on:
        ooxml.dress(written.add_run(runs_on), Face(fonts.body))


def attachments(document: Document, names: Sequence[str], *, fonts: Fonts) -> None:
    """List the attachments one line below the text, two characters in, without closing marks."""
    blank(document)
    numbered = [f"{place}．{name}" if len(names) > 1 else name for place, name in enumerate(names, 1)]
    hang = 1.5 if len(names) > 1 else 0
    for place, text in enumerate(numbered):
        first = -3 - hang if place == 0 else -hang
        label = "附件：" if place == 0 else ""
        ooxml.write(
            document, label + text, Face(fonts.body), Shape(first=first, left=5 + hang, keep_next=True)
        )


def signature(document: Document, bodies: Sequence[str], dated: date, *, fonts: Fonts) -> None:
    """Write the signing bodies centred over the date, which ends four characters from the right edge."""
    for _ in range(SEAL_ROOM):
        ooxml.shape(document.add_paragraph(), Shape(keep_next=True))
    written = chinese_date(dated)
    middle = CHARACTERS - max(4 + titles.width(written) / 2, titles.width(bodies[-1]) / 2)
    for start in range(0, len(bodies), 2):
        row = bodies[start : start + 2]
        line = ooxml.shape(document.add_paragraph(), Shape(LEFT, keep_next=True, keep_lines=True))
        for body, stop in zip(row, (CHARACTERS - middle, middle)[-len(row) :], strict=True):
            line.paragraph_format.tab_stops.add_tab_stop(
                Twips(round(stop * CHAR.twips)), WD_TAB_ALIGNMENT.CENTER
            )
            ooxml.dress(line.add_run(f"\t{body}"), Face(fonts.body))
    free = CHARACTERS - middle - titles.width(written) / 2
    ooxml.write(document, written, Face(fonts.body), Shape(ooxml.RIGHT, right=free, gaps=False))


def note(document: Document, text: str, *, fonts: Fonts) -> None:
    """Write the note in brackets below the date, two characters in (7.3.6)."""
    ooxml.write(document, f"（{text}）", Face(fonts.body), Shape(LEFT, left=2))


def annex_head(document: Document, label: str, name: str, *, fonts: Fonts) -> None:
    """Write 附件 and its number at the top left, and the annex's title on the third line."""
    ooxml.write(document, label, Face(fonts.first), Shape(LEFT, keep_next=True))
    title(document, name, fonts=fonts, blank_above=1)
    blank(document)


def imprint(document: Document, copies: Sequence[str], office: str, printed: date, *, fonts: Fonts) -> None:
    """Pin the imprint to the foot of the last page: copies, printing office and date, between three lines."""
    face, line = Face(fonts.body, SMALL), Pt(24)
    one = SMALL.twips / CHAR.twips  # one character of 四号
    thick, thin = 8, 6  # 0.35 mm and 0.25 mm (7.4.1), in eighths of a point
    text = f"抄送：{'，'.join(copies)}。" if copies else ""
    lines = 1 + (ceil((titles.width(text) + 3) / IMPRINT_LETTERS) if copies else 0)
    anchor = ooxml.shape(document.add_paragraph(), Shape(line=Pt(1)))
    box = boxes.Box(anchor, boxes.Place(page.TYPE_WIDTH, Pt(line.pt * lines + 10)), name="版记", serial=201)
    if copies:
        # Where the lines are indented their rules would be too; so rules stand on lines of their own.
        ooxml.rule(ooxml.shape(box.add_paragraph(), Shape(line=Pt(1))), top=thick)
        form = Shape(line=line, left=4 * one, first=-3 * one, right=one, after=Pt(3))
        ooxml.write(box, text, face, form)
    ooxml.rule(ooxml.shape(box.add_paragraph(), Shape(line=Pt(1))), top=thin if copies else thick)
    last = ooxml.shape(box.add_paragraph(), Shape(LEFT, line, left=one, right=one, after=Pt(3)))
    stop = Twips(page.TYPE_WIDTH.twips - SMALL.twips)
    last.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
    ooxml.dress(last.add_run(f"{office}\t{chinese_date(printed)}印发"), face)
    ooxml.rule(ooxml.shape(box.add_paragraph(), Shape(line=Pt(1))), top=thick)


def caption(document: Document, text: str, *, fonts: Fonts) -> None:
    """Write the name of a table above it."""
    ooxml.write(document, text, Face(fonts.first, SMALL), Shape(CENTRE, keep_next=True))
