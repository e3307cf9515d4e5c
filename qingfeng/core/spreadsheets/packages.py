"""Look into an .xlsx before it is read: what would break, flood or mislead the reader is refused by name.

The fast reader lays a sheet out as one rectangle, so two cells far apart ask for billions of cells; and it
shows a formula error as a blank. The scan walks the XML once, in bounded memory, and finds both.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from qingfeng.core.errors import Refused
from qingfeng.core.spreadsheets.columns import Limits

NOT_A_WORKBOOK = "这个文件不是 Excel 工作簿。请上传 .xlsx 文件（WPS 或 Excel 里“另存为 .xlsx”）。"
OLD_FORMAT = "这是旧版格式（.xls 或 .et）的表格。请在 WPS 或 Excel 里“另存为 .xlsx”后再上传。"
ENCRYPTED = "工作簿加了打开密码，平台读不了。请取消密码后再上传。"
DAMAGED = "工作簿已损坏，平台读不了。请用 WPS 或 Excel 打开、重新保存后再上传。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_CHUNK = 256 * 1024


@dataclass
class Part:
    """What the scan saw of one worksheet: cells with formula errors."""

    errors: list[str] = field(default_factory=list)


def inspect(content: bytes, limits: Limits) -> dict[str, Part]:
    """Return what was seen of each sheet, by its name. Raises `Refused` for a file that must not be read."""
    if len(content) > limits.bytes:
        raise Refused(f"文件超过 {limits.bytes // 1024 // 1024} MB，请拆开后分次上传。")
    if content.startswith(_OLE):
        raise Refused(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in content else OLD_FORMAT)
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _scan(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as failure:
        raise Refused(DAMAGED) from failure
    except (expat.ExpatError, UnicodeError, ValueError, KeyError) as failure:
        raise Refused(DAMAGED) from failure


def _scan(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Part]:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:
        raise Refused(NOT_A_WORKBOOK)
    if len(entries) > limits.parts or len(names) != len(entries):
        raise Refused(DAMAGED)
    left, parts = limits.unpacked, {}
    for entry in entries:
        body = _unpacked(archive, entry, left)
        left -= len(body)
        if b"sheetData" in body:
            parts[entry.filename] = _Walk(limits).over(body)
    targets = _targets(archive)
    return {name: parts.get(path, Part()) for name, path in targets.items()}


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Read a part whole, its checksum with it, but never more than is left of the limit."""
    pieces, size = [], 0
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > left:
                raise Refused("工作簿展开后过大，请删去多余的行、列和图片后再上传。")
            pieces.append(piece)
    return b"".join(pieces)


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Map each sheet's name to the path of its XML."""
    relations = {
        row["Id"]: row["Target"]
        for row in _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
        if "Id" in row and "Target" in row
    }
    found = {}
    for row in _elements(archive.read("xl/workbook.xml"), "sheet"):
        link = next((value for key, value in row.items() if key.split(":")[-1] == "id" and ":" in key), "")
        target = relations.get(link, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[row.get("name", "")] = path
    return found


def _elements(body: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(body, True)
    return found


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Refused(DAMAGED)

    parser.EntityDeclHandler = refuse
    return parser


class _Walk:
    """Walk over one worksheet, counting the rows and columns a reader would have to hold."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.part = Part()
        self.row = self.column = 0
        self.cell = ""

    def over(self, body: bytes) -> Part:
        parser = _parser()
        parser.StartElementHandler = self.start
        parser.Parse(body, True)
        return self.part

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self.begin_cell(attributes)
        elif name in {"v", "is", "f"}:
            self.hold()

    def begin_cell(self, attributes: dict[str, str]) -> None:
        match = _CELL.fullmatch(attributes.get("r", "").upper())
        if match:
            self.column = _column_number(match.group(1))
            self.row = int(match.group(2))
        else:
            self.column += 1
        self.cell = f"{_column_name(self.column)}{self.row}"
        if attributes.get("t") == "e" and len(self.part.errors) < 100:
            self.part.errors.append(self.cell)

    def hold(self) -> None:
        if self.row > self.limits.rows + 1:
            raise Refused(f"有工作表超过 {self.limits.rows} 行，请拆开后分次上传。")
        if self.column > self.limits.columns:
            raise Refused(f"有工作表超过 {self.limits.columns} 列，请删去多余的列后再上传。")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_name(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_place(cell: str) -> tuple[int, int]:
    """Return (row, column) of a cell's name, both from 1."""
    match = _CELL.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return int(match.group(2)), _column_number(match.group(1))
