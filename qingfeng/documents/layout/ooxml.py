"""The words of WordprocessingML that python-docx does not speak, on the grid of GB/T 9704-2012."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph
from docx.text.run import Run

# GB/T 9704-2012, 5.2.1 and 5.2.3: the type area is 156 mm × 225 mm and holds 22 lines of 28 characters.
LINES, CHARACTERS = 22, 28
LINE = Twips(579)  # 225 mm / 22 = 579.8 twips, rounded down so that the 22nd line fits
CHAR = Twips(315)  # 156 mm / 28 = 315.9 twips, rounded down so that the 28th character fits
BODY = Pt(16)  # 三号
NOTHING = Pt(0)
# 28 letters of 16 pt are 2 mm too wide. A character grid (linesAndChars with a negative w:charSpace) closes
# them up in Word, but LibreOffice gives a letter wider than its cell two cells; tracking works everywhere.
TRACKING = CHAR.twips - BODY.twips
RED = RGBColor(0xE6, 0x00, 0x12)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
JUSTIFY, DISTRIBUTE = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.DISTRIBUTE


class Container(Protocol):
    """Anything that paragraphs can be added to: a document, a cell, a footer."""

    def add_paragraph(self, text: str = ..., style: Any = ...) -> Paragraph: ...


@dataclass(frozen=True, slots=True)
class Face:
    """A font, its size, and how the letters stand."""

    font: str
    size: Length = BODY
    colour: RGBColor | None = None
    scale: int = 100  # width of a letter in per cent of its design

    @property
    def tracking(self) -> int:
        """Give what is added between letters, in twips: the body's letters close up to 28 on a line."""
        return TRACKING if self.size == BODY else 0


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph stands on the grid; indents count characters of the body."""

    align: WD_ALIGN_PARAGRAPH = JUSTIFY
    line: Length = LINE
    first: float = 0  # may be negative: a hanging indent
    left: float = 0
    right: float = 0
    before: Length = NOTHING
    after: Length = NOTHING
    keep_next: bool = False
    keep_lines: bool = False
    gaps: bool = True  # programs widen the joint of Chinese letters and figures; off where a place is counted


def element(tag: str, **attributes: str | int) -> Any:
    """Make one w: element with w: attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def dress(run: Run, face: Face) -> Run:
    """Set the face on Latin and East Asian letters alike."""
    run.font.size = face.size
    run.font.name = face.font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face.font)
    if face.colour is not None:
        run.font.color.rgb = face.colour
    properties = run._element.get_or_add_rPr()
    _insert(properties, element("spacing", val=face.tracking), ("w:w", "w:kern", "w:position", "w:sz"))
    if face.scale != 100:
        _insert(properties, element("w", val=face.scale), ("w:kern", "w:position", "w:sz"))
    return run


def shape(paragraph: Paragraph, form: Shape) -> Paragraph:
    """Set alignment, exact line and indents."""
    layout = paragraph.paragraph_format
    layout.alignment = form.align
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = form.line
    layout.space_before, layout.space_after = form.before, form.after
    layout.keep_with_next, layout.keep_together = form.keep_next, form.keep_lines
    layout.widow_control = False  # a page holds 22 lines, whatever they are
    # Every line is exact; on the grid of the section LibreOffice would round each of them up to whole lines.
    grid = element("snapToGrid", val=0)
    _insert(
        paragraph._element.get_or_add_pPr(),
        grid,
        ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"),
    )
    if not form.gaps:
        for script in ("autoSpaceDE", "autoSpaceDN"):
            _insert(
                paragraph._element.get_or_add_pPr(), element(script, val=0), ("w:snapToGrid", "w:spacing")
            )
    if form.first or form.left or form.right:
        layout.first_line_indent = Twips(round(form.first * CHAR.twips))
        layout.left_indent = Twips(round(form.left * CHAR.twips))
        layout.right_indent = Twips(round(form.right * CHAR.twips))
    return paragraph


def write(container: Container, text: str, face: Face, form: Shape) -> Paragraph:
    """Add one paragraph of one face."""
    paragraph = shape(container.add_paragraph(), form)
    dress(paragraph.add_run(text), face)
    return paragraph


def field(paragraph: Paragraph, instruction: str, face: Face) -> None:
    """Add a field, such as PAGE, that the reader's program works out."""
    for kind, content in (
        ("begin", None),
        (None, instruction),
        ("separate", None),
        ("text", "1"),
        ("end", None),
    ):
        run = dress(paragraph.add_run(), face)
        if kind == "text":
            run.text = str(content)
        elif kind is None:
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {content} "
            run._element.append(code)
        else:
            run._element.append(element("fldChar", fldCharType=kind))


def rule(paragraph: Paragraph, *, colour: str = "000000", space: int = 0, **eighths: int) -> None:
    """Draw lines on the named edges of a paragraph, as wide as the type area."""
    borders = element("pBdr")
    for edge in ("top", "bottom"):
        if edge in eighths:
            borders.append(element(edge, val="single", sz=eighths[edge], space=space, color=colour))
    _insert(
        paragraph._element.get_or_add_pPr(),
        borders,
        ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def _insert(parent: Any, child: Any, successors: tuple[str, ...]) -> None:
    """Put the child where the schema wants it: before the first of its successors."""
    for existing in parent:
        if existing.tag in {qn(name) for name in successors}:
            existing.addprevious(child)
            return
    parent.append(child)
