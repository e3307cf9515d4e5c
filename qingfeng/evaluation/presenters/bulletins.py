"""The bulletin of a round in words: how far it is, and what the document says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.decisions.enums import ApprovalState
from qingfeng.documents.enums import DocumentState
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.queries import committee
from qingfeng.evaluation.scoring.bulletin import Section

OPEN = (DocumentState.DRAFT, DocumentState.EDITED)
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Line:
    """One document of the round."""

    title: str
    state: str
    number: str
    issued: str
    recipients: int
    url: str
    is_open: bool


def line(document: OfficialDocument, recipients: int) -> Line:
    return Line(
        title=document.title,
        state=document.get_state_display(),
        number=document.number_text,
        issued=clock.spoken(document.issued_at),
        recipients=recipients,
        url=reverse("documents:detail", args=[document.pk]),
        is_open=document.state in OPEN,
    )


def lines(rows: Iterable[Any]) -> list[Line]:
    """Return the documents of `queries.bulletins.counted`, newest first."""
    return [line(row, row.recipient_count) for row in rows]


def title(found: Sequence[Line], *, is_approved: bool) -> str:
    """Say how far the bulletin is."""
    if found and found[0].number:
        return f"通报已印发：{found[0].number}"
    if found and found[0].is_open:
        return "通报已起草，等核改印发"
    return "结果已审定，可以起草通报" if is_approved else "还不能起草通报，先经常委会审定"


@dataclass(frozen=True)
class ApprovalWords:
    """Where the bulletin stands before the leaders, and whether it may be put before them now."""

    sentence: str
    is_granted: bool
    may_ask: bool


def approval_of(document: OfficialDocument) -> ApprovalWords:
    missing, found = committee.missing_approval(document), committee.approval_of(document)
    is_open = found is not None and found.state in {ApprovalState.PENDING, ApprovalState.GRANTED}
    return ApprovalWords(missing or "领导已签批同意，可以印发", not missing, not is_open)


def numbered(sections: Sequence[Section]) -> list[tuple[str, Section]]:
    """Number the sections as the document does."""
    return [(f"{NUMERALS[place]}、{section.heading}", section) for place, section in enumerate(sections)]
