"""Tell what a file is by its content, and refuse what does not belong in a file of a commission.

The name says nothing: it is only used to keep the ending among those that a kind may carry.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath

import olefile

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE
LARGEST_UNPACKED = 400 * MEGABYTE
MOST_MEMBERS = 5000
MOST_RATIO = (
    200  # a page of blanks packs 1:1000; a real office file of more than a megabyte stays under 1:100
)
NAME_LENGTH = 120


class UnsuitableFile(Exception):
    """Say in the user's words why a file is not taken and what to do instead."""


@dataclass(frozen=True, slots=True)
class _Traits:
    label: str
    endings: tuple[str, ...]
    media_type: str


class Kind(Enum):
    """What a file can be."""

    PDF = _Traits("PDF", ("pdf",), "application/pdf")
    OFD = _Traits("OFD 版式文件", ("ofd",), "application/ofd")
    DOCX = _Traits(
        "Word 文档", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    XLSX = _Traits(
        "Excel 表格", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    PPTX = _Traits(
        "演示文稿", ("pptx",), "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    )
    DOC = _Traits("Word 97 或 WPS 文档", ("doc", "wps"), "application/msword")
    XLS = _Traits("Excel 97 或 WPS 表格", ("xls", "et"), "application/vnd.ms-excel")
    JPEG = _Traits("图片", ("jpg", "jpeg"), "image/jpeg")
    PNG = _Traits("图片", ("png",), "image/png")
    GIF = _Traits("图片", ("gif",), "image/gif")
    TIFF = _Traits("扫描图片", ("tif", "tiff"), "image/tiff")
    MP4 = _Traits("视频", ("mp4",), "video/mp4")
    TEXT = _Traits("文本", ("txt", "csv"), "text/plain")

    @property
    def label(self) -> str:
        """Name the kind in the user's words."""
        return self.value.label

    @property
    def media_type(self) -> str:
        """Give the type that a download names."""
        return self.value.media_type

    def safe_name(self, name: str) -> str:
        """Give the name a download carries: no folders, no control letters, an ending of this kind."""
        plain = re.sub(
            r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069<>:\"/\\|?*]", "", PurePath(name).name
        ).strip(" .")
        stem, _, ending = plain.rpartition(".")
        if stem and ending.lower() in self.value.endings:
            return f"{stem[:NAME_LENGTH]}.{ending.lower()}"
        return f"{(plain or '未命名')[:NAME_LENGTH]}.{self.value.endings[0]}"


ACCEPTED = "可以上传 PDF、OFD、Word、Excel、PPT（pptx）、WPS 文字和表格、图片、MP4 视频和纯文本"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
)
_REFUSED = (
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"\xca\xfe\xba\xbe", "程序文件"),
    (b"#!", "脚本文件"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "快捷方式"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf'\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ\x00", "压缩包"),
)
_PACKED = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("ppt/presentation.xml", Kind.PPTX),
    ("OFD.xml", Kind.OFD),
)
_MARKUP = re.compile(
    r"^\s*(<!doctype|<html|<head|<body|<script|<svg|<\?xml|<\?php|<xsl|<math|<iframe)", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def sniff(content: bytes, *, largest: int = LARGEST) -> Kind:
    """Tell the kind of a file; raises UnsuitableFile where it is empty, too large, or of no accepted kind."""
    if not content:
        raise UnsuitableFile("文件是空的，请检查后重新上传。")
    if len(content) > largest:
        size, limit = _megabytes(len(content)), _megabytes(largest)
        raise UnsuitableFile(f"文件有 {size}，超过 {limit} 的上限，请压缩或拆分后再上传。")
    refused = next((what for magic, what in _REFUSED if content.startswith(magic)), None)
    if refused is not None:
        raise UnsuitableFile(f"这是{refused}，不能上传。{ACCEPTED}。")
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), None) or _unpack(content)


def _unpack(content: bytes) -> Kind:
    if content.startswith(_OLE):
        return _old_office(content)
    if content.startswith(b"PK"):
        return _packed(content)
    if content[4:8] == b"ftyp":
        return Kind.MP4
    return _text(content)


def decode(content: bytes) -> str | None:
    """Read bytes as UTF-8 or as GBK, the two in which offices write; none where neither fits."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _text(content: bytes) -> Kind:
    text = decode(content)
    if text is None or _CONTROL.search(text):
        raise UnsuitableFile(f"认不出这是什么文件。{ACCEPTED}。")
    if _MARKUP.match(text):
        raise UnsuitableFile(f"这是网页或矢量图文件，不能上传。{ACCEPTED}。")
    return Kind.TEXT


def _old_office(content: bytes) -> Kind:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as parts:
            names = {"/".join(path) for path in parts.listdir()}
    except (OSError, ValueError, IndexError) as broken:
        raise UnsuitableFile("文件已损坏，打不开。请用 WPS 或 Word 打开后另存一份再上传。") from broken
    tops = {name.split("/")[0] for name in names}
    if "EncryptedPackage" in tops:
        raise UnsuitableFile("文件设有打开密码，系统无法检查。请取消密码后再上传。")
    if tops & {"Macros", "_VBA_PROJECT_CUR", "VBA"}:
        raise UnsuitableFile("文件里有宏，不能上传。请另存为不带宏的 docx 或 xlsx 后再上传。")
    if "WordDocument" in tops:
        return Kind.DOC
    if tops & {"Workbook", "Book"}:
        return Kind.XLS
    raise UnsuitableFile("这种旧格式不能上传。请用 WPS 或 Office 另存为 docx、xlsx、pptx 或 PDF 后再上传。")


def _packed(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as broken:
        raise UnsuitableFile("文件已损坏，打不开。请用 WPS 或 Office 打开后另存一份再上传。") from broken
    _guard_size(entries, packed=len(content))
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnsuitableFile("文件设有打开密码，系统无法检查。请取消密码后再上传。")
    kind = next((kind for part, kind in _PACKED if part in names), None)
    if kind is None:
        raise UnsuitableFile(f"这是压缩包，不能上传，请解压后逐个上传。{ACCEPTED}。")
    if any(name.lower().endswith("vbaproject.bin") for name in names) or _says_macro(content):
        raise UnsuitableFile("文件里有宏，不能上传。请另存为不带宏的 docx 或 xlsx 后再上传。")
    return kind


def _guard_size(entries: list[zipfile.ZipInfo], *, packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > 20 * MEGABYTE and unpacked > MOST_RATIO * packed
    if len(entries) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or too_dense:
        raise UnsuitableFile("文件展开后过大，系统不予打开。请删减内容或转为 PDF 后再上传。")


def _says_macro(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        try:
            types = parts.read("[Content_Types].xml")
        except (KeyError, zipfile.BadZipFile, zlib.error):
            return False
    return b"macroEnabled" in types or b"vbaProject" in types


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} MB" if size >= 10 * MEGABYTE else f"{size / MEGABYTE:.1f} MB"
