"""Read what stands on the first page of a file: its text, its header, its text boxes."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
import python_calamine
from lxml import etree

from qingfeng.documents.gateways import sniffing, word97
from qingfeng.documents.gateways.sniffing import Kind, UnsuitableFile

PARAGRAPHS = 60  # more than a first page holds
ROWS = 12
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SCAN = "这个文件没有可识别的文字（扫描件、图片或视频），系统查不出密级标志，请人工核对。"
_LOCKED = "文件设有打开密码，系统无法检查。请取消密码后再上传。"
_BROKEN = "文件已损坏，打不开。请用 WPS、Word 或 PDF 软件打开后另存一份再上传。"


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The regions of a first page; `unread` says why there are none."""

    regions: tuple[str, ...]
    unread: str = ""


def read(content: bytes, kind: Kind) -> FirstPage:
    """Read the first page; raises UnsuitableFile where the file is broken or opens with a password only."""
    reader = _READERS.get(kind)
    if reader is None:
        return FirstPage((), _SCAN)
    regions = tuple(region for region in reader(content) if region.strip())
    return FirstPage(regions, "" if regions or kind is not Kind.PDF else _SCAN)


def _pdf(content: bytes) -> tuple[str, ...]:
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        if document.is_encrypted and not document.decrypt(""):
            raise UnsuitableFile(_LOCKED)
        page = document.pages[0]
        return page.extract_text(), page.extract_text(extraction_mode="layout")
    except UnsuitableFile:
        raise
    except Exception as broken:  # pypdf lets the errors of many layers through
        raise UnsuitableFile(_BROKEN) from broken


def _docx(content: bytes) -> Iterator[str]:
    with _opened(content) as parts:
        body = _xml(parts, "word/document.xml").find(f"{_W}body")
        headers = [
            _xml(parts, name) for name in parts.namelist() if re.fullmatch(r"word/header\d*\.xml", name)
        ]
    if body is None:
        raise UnsuitableFile(_BROKEN)
    yield "\n".join(_line(block) for block in list(body)[:PARAGRAPHS])
    for root in (body, *headers):
        for box in root.iter(f"{_W}txbxContent"):
            yield "\n".join(_line(paragraph) for paragraph in box)
        for watermark in root.iter("{urn:schemas-microsoft-com:vml}textpath"):
            yield watermark.get("string", "")
    for header in headers:
        yield "\n".join(_line(paragraph) for paragraph in header)


def _line(block: Any) -> str:
    """Give a paragraph as it reads, and a table as one line a row; boxes inside are regions of their own."""
    if block.tag == f"{_W}tbl":
        rows = block.iter(f"{_W}tr")
        return "\n".join("\t".join(_line(cell) for cell in row.iter(f"{_W}tc")) for row in rows)
    words = []
    for part in block.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        if part.tag == f"{_W}tab" and part.getparent().tag == f"{_W}tabs":
            continue
        if _box(part) is _box(block):
            words.append({f"{_W}t": part.text or "", f"{_W}tab": "\t"}.get(part.tag, "\n"))
    return "".join(words)


def _box(part: Any) -> Any:
    return next(part.iterancestors(f"{_W}txbxContent"), None)


def _sheet(content: bytes) -> Iterator[str]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(nrows=ROWS) if workbook.sheet_names else []
    except python_calamine.PasswordError as locked:
        raise UnsuitableFile(_LOCKED) from locked
    except python_calamine.CalamineError as broken:
        raise UnsuitableFile(_BROKEN) from broken
    yield "\n".join("\t".join(str(cell) for cell in row) for row in rows)
    for row in rows:
        yield from (str(cell) for cell in row)


def _xlsx(content: bytes) -> Iterator[str]:
    yield from _sheet(content)
    with _opened(content) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                for header in _xml(parts, name).iter("{*}oddHeader", "{*}firstHeader", "{*}evenHeader"):
                    yield re.sub(r'&[LCR]|&"[^"]*"|&\d+|&[A-Z]', "\n", header.text or "")


def _pptx(content: bytes) -> Iterator[str]:
    with _opened(content) as parts:
        first = _xml(parts, "ppt/presentation.xml").find(".//{*}sldId")
        links = _xml(parts, "ppt/_rels/presentation.xml.rels")
        name = first.get(f"{_R}id") if first is not None else None
        target = next((link.get("Target", "") for link in links if link.get("Id") == name), "")
        if not target:
            return
        slide = _xml(parts, posixpath.normpath(posixpath.join("ppt", target)).lstrip("/"))
    for shape in slide.iter("{*}txBody"):
        paragraphs = shape.iter(f"{_A}p")
        yield "\n".join("".join(part.text or "" for part in p.iter(f"{_A}t")) for p in paragraphs)


def _ofd(content: bytes) -> Iterator[str]:
    with _opened(content) as parts:
        pages = [name for name in parts.namelist() if re.search(r"Pages?/Page_?\d+/Content\.xml$", name)]
        if not pages:
            return
        first = min(pages, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])
        root = _xml(parts, first)
    lines: dict[int, list[tuple[float, str]]] = {}
    for text in root.iter("{*}TextObject"):
        left, top = (float(number) for number in text.get("Boundary", "0 0").split()[:2])
        words = "".join(code.text or "" for code in text.iter("{*}TextCode"))
        lines.setdefault(round(top), []).append((left, words))
    yield "\n".join("\t".join(words for _, words in sorted(lines[top])) for top in sorted(lines))


def _doc(content: bytes) -> tuple[str, ...]:
    try:
        return word97.regions(content)
    except word97.EncryptedWord as locked:
        raise UnsuitableFile(_LOCKED) from locked
    except (OSError, ValueError) as broken:
        raise UnsuitableFile(_BROKEN) from broken


def _plain(content: bytes) -> tuple[str, ...]:
    return (sniffing.decode(content) or "",)


def _opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def _xml(parts: zipfile.ZipFile, name: str) -> Any:
    """Parse one part without entities, network or huge trees; raises UnsuitableFile where it is broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(parts.read(name), parser)
    except (etree.XMLSyntaxError, KeyError, zipfile.BadZipFile, EOFError) as broken:
        raise UnsuitableFile(_BROKEN) from broken


_READERS: dict[Kind, Callable[[bytes], Iterator[str] | tuple[str, ...]]] = {
    Kind.PDF: _pdf,
    Kind.DOCX: _docx,
    Kind.XLSX: _xlsx,
    Kind.XLS: _sheet,
    Kind.PPTX: _pptx,
    Kind.OFD: _ofd,
    Kind.DOC: _doc,
    Kind.TEXT: _plain,
}
