"""Lay a composed bulletin out as an official document (.docx, GB/T 9704-2012)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from qingfeng.documents.layout import official
from qingfeng.evaluation.scoring.bulletin import Bulletin, Section

NOBODY = "（发文机关）"


def render(bulletin: Bulletin, parameters: Mapping[str, str], *, dated: date) -> bytes:
    """Return the .docx. ``parameters`` are those of the workbook (body, number, recipients, dated.

    Copies, office).

    ``dated`` stands where the parameters give no date.
    """
    given = parameters.get("dated")
    day = date.fromisoformat(given) if given else dated
    body = parameters.get("body") or NOBODY
    table = official.Table(bulletin.table_head, bulletin.table_rows)
    office = parameters.get("office")
    copies = _names(parameters.get("copies", ""))
    return official.render(
        official.OfficialText(
            mark=official.Mark((body,)),
            title=bulletin.title,
            blocks=tuple(block for section in bulletin.sections for block in _blocks(section)),
            signed_by=(body,),
            dated=day,
            number=parameters.get("number", ""),
            recipients=_names(parameters.get("recipients", "")),
            annexes=(official.Annex(bulletin.annex_title, (table,)),),
            imprint=official.Imprint(office, day, copies) if office else None,
        )
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[；;]", text) if part.strip())


def _blocks(section: Section) -> list[official.Block]:
    found: list[official.Block] = [official.Heading(1, section.heading)]
    for lead, text in section.paragraphs:
        found.append(official.Heading(2, f"{lead}。", text) if lead else official.Paragraph(text))
    return found
