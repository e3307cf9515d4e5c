"""Put the number of a document where its draft keeps a place for it, however a program cut the runs."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from qingfeng.documents.layout import packing, parts


class NumberMissing(Exception):
    """The text has neither a place for the number nor the number."""


def fill(content: bytes, number: str) -> bytes:
    """Replace the place by the number; raises NumberMissing where the text carries neither."""
    document = docx.Document(io.BytesIO(content))
    found = [
        _swap(paragraph, parts.NUMBER_PLACE, number) for paragraph in document.element.body.iter(qn("w:p"))
    ]
    if any(found):
        return _saved(document)
    if number in text_of(document):
        return content
    raise NumberMissing


def clear(content: bytes, number: str) -> bytes:
    """Put the place back where the number stands, for a text that is issued anew."""
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.element.body.iter(qn("w:p")):
        _swap(paragraph, number, parts.NUMBER_PLACE)
    return _saved(document)


def text_of(document: Document) -> str:
    """Return all letters of the body without breaks."""
    return "".join(part.text or "" for part in document.element.body.iter(qn("w:t")))


def carries(content: bytes, number: str) -> bool:
    """Tell whether a text carries the number."""
    return number in text_of(docx.Document(io.BytesIO(content)))


def _swap(paragraph: Any, old: str, new: str) -> bool:
    """Replace the first occurrence in a paragraph, however it is cut into runs."""
    pieces = list(paragraph.iter(qn("w:t")))
    whole = "".join(piece.text or "" for piece in pieces)
    start = whole.find(old)
    if start < 0:
        return False
    end, at, is_written = start + len(old), 0, False
    for piece in pieces:
        text = piece.text or ""
        kept = [letter for place, letter in enumerate(text, at) if not start <= place < end]
        if not is_written and at <= start < at + len(text):
            kept.insert(start - at, new)
            is_written = True
        piece.text = "".join(kept)
        at += len(text)
    return True


def _saved(document: Document) -> bytes:
    raw = io.BytesIO()
    document.save(raw)
    return packing.without_clock(raw.getvalue())
