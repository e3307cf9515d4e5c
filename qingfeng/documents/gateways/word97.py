"""Read the text of Word 97–2003 and WPS files, as far as the search for a marking needs it.

Source: [MS-DOC], 2.5 (the file information block) and 2.4.1 (how text is found by the piece table).
"""

from __future__ import annotations

import io
import re
import struct

import olefile

_SIGNATURE = 0xA5EC
_ENCRYPTED, _FIRST_TABLE = 0x0100, 0x0200
# Offsets of the lengths of the parts, in their order in the text: main, notes, headers, macros, comments,
# end notes, text boxes, text boxes of headers.
_PARTS = (0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64, 0x68)
_HEADERS, _BOXES, _HEADER_BOXES = 2, 6, 7
_CLX = 0x01A2
_FIELD_CODE = re.compile(r"\x13[^\x14\x15]*\x14?")


class EncryptedWord(Exception):
    """The file opens with a password only."""


def regions(content: bytes) -> tuple[str, ...]:
    """Give the main text, headers and text boxes; raises EncryptedWord, or ValueError where it is broken."""
    with olefile.OleFileIO(io.BytesIO(content)) as parts:
        stream = parts.openstream("WordDocument").read()
        if len(stream) < _CLX + 8 or _number(stream, 0, "<H") != _SIGNATURE:
            raise ValueError("no Word 97 text")
        flags = _number(stream, 0x0A, "<H")
        if flags & _ENCRYPTED:
            raise EncryptedWord
        table = parts.openstream("1Table" if flags & _FIRST_TABLE else "0Table").read()
    text = "".join(_pieces(stream, table))
    lengths = [_number(stream, offset, "<i") for offset in _PARTS]
    found = []
    for place in (0, _HEADERS, _BOXES, _HEADER_BOXES):
        start = sum(lengths[:place])
        found.append(_readable(text[start : start + lengths[place]]))
    return tuple(part for part in found if part.strip())


def _number(stream: bytes, offset: int, form: str) -> int:
    try:
        return int(struct.unpack_from(form, stream, offset)[0])
    except struct.error as short:
        raise ValueError("the file ends too early") from short


def _pieces(stream: bytes, table: bytes) -> list[str]:
    start, length = _number(stream, _CLX, "<I"), _number(stream, _CLX + 4, "<I")
    clx = table[start : start + length]
    at = 0
    while at < len(clx) and clx[at] == 1:  # formatting that pieces share
        at += 3 + _number(clx, at + 1, "<H")
    if at >= len(clx) or clx[at] != 2:
        raise ValueError("no piece table")
    size = _number(clx, at + 1, "<I")
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    places = [_number(plc, 4 * place, "<I") for place in range(count + 1)]
    return [
        _piece(stream, _number(plc, 4 * (count + 1) + 8 * place + 2, "<I"), places[place + 1] - places[place])
        for place in range(count)
    ]


def _piece(stream: bytes, where: int, length: int) -> str:
    offset = where & 0x3FFFFFFF
    if where & 0x40000000:
        return stream[offset // 2 : offset // 2 + length].decode("cp1252", "replace")
    return stream[offset : offset + 2 * length].decode("utf-16-le", "replace")


def _readable(text: str) -> str:
    shown = _FIELD_CODE.sub("", text)
    return re.sub(r"[\x00-\x08\x0e-\x1f]", "\t", re.sub(r"[\r\x0b\x0c]", "\n", shown)).replace("\x15", "")
