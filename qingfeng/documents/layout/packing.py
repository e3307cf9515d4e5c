"""Write a document so that the same text gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip can name


def pack(document: Document, *, title: str, author: str, dated: date) -> bytes:
    """Save with fixed properties and without the clock."""
    properties = document.core_properties
    moment = datetime(dated.year, dated.month, dated.day)
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = moment
    properties.revision, properties.language, properties.comments = 1, "zh-CN", ""
    raw = io.BytesIO()
    document.save(raw)
    return without_clock(raw.getvalue())


def without_clock(content: bytes) -> bytes:
    """Repack an office file so that no entry names a moment."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, source.read(name), compresslevel=6)
    return packed.getvalue()
