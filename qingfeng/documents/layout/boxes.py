"""Text boxes pinned to a page: for what stands at a fixed place, whatever the text does.

A table or frame pinned to the foot would be simpler, but LibreOffice 7.4 drops the place of the one and,
where its paragraphs carry lines, that of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length
from docx.text.paragraph import Paragraph

from qingfeng.documents.layout import ooxml

_NAMESPACES = (
    f"{nsdecls('w', 'wp', 'a')} "
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands on its page; without `top` it ends at the lower edge of the type area."""

    width: Length
    height: Length
    left: Length | None = None
    top: Length | None = None
    turned: bool = False


class Box:
    """The inside of a text box, to which paragraphs are added."""

    def __init__(self, anchor: Paragraph, place: Place, *, name: str, serial: int) -> None:
        drawing = parse_xml(_markup(place, name=name, serial=serial))
        anchor.add_run()._element.append(drawing)
        self._content: Any = drawing.find(f".//{qn('w:txbxContent')}")
        self._parent: Any = anchor._parent

    def add_paragraph(self, text: str = "", style: Any = None) -> Paragraph:
        """Add an empty paragraph."""
        inner = ooxml.element("p")
        self._content.append(inner)
        return Paragraph(inner, self._parent)


def _markup(place: Place, *, name: str, serial: int) -> str:
    width, height = int(place.width), int(place.height)
    return f"""<mc:AlternateContent {_NAMESPACES}><mc:Choice Requires="wps"><w:drawing>
    <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{serial}" behindDoc="0"
      locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>{_position(place)}
    <wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>
    {"<wp:wrapNone/>" if place.turned else "<wp:wrapTopAndBottom/>"}
    <wp:docPr id="{serial}" name="{name}"/><wp:cNvGraphicFramePr/>
    <a:graphic><a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/>
    <wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
    <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
    <wps:txbx><w:txbxContent/></wps:txbx>
    <wps:bodyPr {'vert="vert" ' if place.turned else ""}wrap="square" lIns="0" tIns="0" rIns="0" bIns="0"
      anchor="{"t" if place.turned else "b"}"/>
    </wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"""


def _position(place: Place) -> str:
    if place.left is None or place.top is None:
        return (
            '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
            '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
        )
    return (
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{int(place.left)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{int(place.top)}</wp:posOffset></wp:positionV>'
    )
