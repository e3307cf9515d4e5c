"""Find a marking of state secrecy at the head of a first page or in a file name.

Source: GB/T 9704-2012, 7.2.2, and 国家秘密载体保密管理规定: the degree stands at the top of the first page,
with ★ and a term behind it, or alone. The words 保密 and 秘密 in running text mark nothing: 做好保密工作
is said everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_LINE = 200  # a marking stands in a short line or at its beginning
HEAD_LINES = 8  # 份号, 密级, 紧急程度, the issuing body over up to three lines, the number, and one to spare

_STAR = r"[★☆✩✪⭐*＊※]"
_DEGREE = r"(?:绝\s*密|机\s*密|秘\s*密)(?:\s*级)?"
_NUMBER = r"(?:[0-9]+|[一二三四五六七八九十百]+)"
_TERM = (
    rf"(?:长\s*期|永\s*久|(?:{_NUMBER}\s*年)?\s*(?:{_NUMBER}\s*个?月)?|(?:至\s*)?[0-9]{{4}}\s*年[0-9]{{1,2}}\s*月(?:[0-9]{{1,2}}\s*日)?"
    r"|[一-龥]{0,6}[前后](?:解密)?)"
)
_STARRED = rf"{_DEGREE}\s*{_STAR}+\s*{_TERM}"
_COPY = r"(?:(?:份\s*号\s*[:：]?\s*|N[Oo][.:：]?\s*|第\s*)?[0-9]{1,8}(?:\s*[号份])?)"
_URGENCY = r"(?:特\s*急|加\s*急|急\s*件|平\s*急|特\s*提|急)"
_LABEL = r"(?:密\s*级\s*[:：]?\s*)"
_OPEN, _CLOSE = r"[【\[（(〔〖]", r"[】\]）)〕〗]"
_BARE = rf"(?:{_OPEN}\s*)?{_LABEL}?(?:{_STARRED}|{_DEGREE})(?:\s*{_CLOSE})?"

# A line that holds nothing but a marking, a copy number and an urgency.
_ALONE = re.compile(
    rf"\s*(?:{_COPY}\s+)?{_BARE}(?:\s*[,，、;；]?\s*{_URGENCY})?(?:\s+{_COPY})?\s*", re.IGNORECASE
)
# A starred marking at an edge of a line: programs join what stands left and right on the page.
_AT_EDGE = re.compile(rf"(?:^|\s){_LABEL}?{_STARRED}(?:\s*{_URGENCY})?(?:\s|$)")
_LABELLED = re.compile(rf"(?:^|\s){_LABEL}{_DEGREE}(?:\s|$)")
# The end of a phrase that a narrow title may break before 秘密 or 机密.
_BROKEN_PHRASE = re.compile(r"(?:国家|商业|工作|个人|技术|保守|泄露|泄漏|涉及|的|和|与|及|、)$")

_IN_NAME = re.compile(
    rf"{_DEGREE}\s*{_STAR}"
    rf"|{_OPEN}\s*{_LABEL}?{_DEGREE}\s*{_CLOSE}"
    rf"|^\s*{_DEGREE}(?:\s*$|[-_—.·+]|\s+)"
    rf"|[-_—·+]\s*{_DEGREE}\s*$"
    rf"|{_LABEL}{_DEGREE}"
)


@dataclass(frozen=True, slots=True)
class Marking:
    """A marking, as it was found, and where."""

    words: str
    where: str


def in_page(regions: Iterable[str]) -> Marking | None:
    """Find a marking at the head of any region of a first page: its body, its header, a text box."""
    for region in regions:
        found = in_head(region)
        if found is not None:
            return Marking(found, "首页")
    return None


def in_head(text: str) -> str | None:
    """Find a marking in the first lines of a text."""
    lines = [line[:LONGEST_LINE] for line in text.splitlines() if line.strip()]
    before = ""
    for line in map(_plain, lines[:HEAD_LINES]):
        if _marks(line, before):
            return " ".join(line.split())[:40]
        before = line.strip()
    return None


def in_name(name: str) -> Marking | None:
    """Find a marking in a file name, its ending aside."""
    plain = _plain(name)
    stem = plain.rpartition(".")[0] or plain
    return Marking(name[:40], "文件名") if _IN_NAME.search(stem) else None


def _marks(line: str, before: str) -> bool:
    if _ALONE.fullmatch(line):
        starred = re.search(_STAR, line) is not None
        return starred or not _BROKEN_PHRASE.search(before)
    return bool(_AT_EDGE.search(line) or _LABELLED.search(line))


def _plain(text: str) -> str:
    """Fold full-width letters and odd blanks, so that “机　密★１０年” reads like “机 密★10年”."""
    folded = unicodedata.normalize("NFKC", text.replace("＊", "*"))
    return re.sub(r"[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f]", "", folded)
