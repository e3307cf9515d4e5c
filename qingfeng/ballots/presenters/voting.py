"""What a voter reads: the sentences, and the questions drawn once for each urn."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from qingfeng.ballots.queries import voting

STYLE = "qingfeng/ballot.css"
ENTER = "/b/"


@dataclass(frozen=True)
class Sentence:
    """A plain sentence under its title, and where to go on, if anywhere."""

    title: str
    text: str
    again: str = ""


USED = Sentence(
    "这张测评码已经投过票了",
    "每张只能投一次，票已经封存，不能再改，也不能再看。您要是没有投过，请告诉纪委监委：可能有人用了您的纸条。",
)
USED_AGAIN = Sentence(
    "这张测评码已经投过票了", "一张测评码只算一票。刚才这一次没有重复计算，也没有改动已经收到的票。"
)
FOREIGN = Sentence(
    "这一页不是从本站打开的",
    "为防止有人冒名，这一次没有收下。请重新扫纸条上的二维码，或者输入测评码再填一次。",
    ENTER,
)
NOWHERE = Sentence("没有这个页面", "请扫纸条上的二维码，或者输入测评码。", ENTER)
BROKEN = Sentence(
    "刚才没有办成",
    "不能确定您的票有没有收到。请按“返回”再提交一次：要是已经收到，会告诉您，不会重复计算。一直不行，请找发码的人。",
)
TITLES = {
    voting.UNKNOWN: ("没有这张测评码", ENTER),
    voting.MISTYPED: ("测评码不对", ENTER),
    voting.VOID: ("这张测评码已经作废", ""),
}
COUNTED = Sentence("您的票已计入汇总", "公布的名单里有这个回执号。它只说明票在里面，不说明您是怎么选的。")
WITHHELD = Sentence(
    "您的票在票箱里，没有计入汇总",
    "您所在群体的有效票太少，公布出来会让人猜出谁投了什么，所以这个群体的票都不公布、不计分。",
)
ABSENT = Sentence(
    "没有这个回执号",
    "投票截止、开箱以后才查得到。已经公布了还查不到，请对照再输一遍；确实没有，请告诉纪委监委，不用说选了什么。",
    "/b/receipt/",
)
STILL = "请收好纸条，开始以后再扫一次二维码，测评码不变。"
LATER = "公布回执号和各题汇总以后，可以向纪委监委查询。"


def refused(reason: str) -> Sentence:
    """Return the page of a code that cannot be used, from the reason in plain words."""
    if reason == voting.USED:
        return USED
    if reason in TITLES:
        title, again = TITLES[reason]
        return Sentence(title, reason, again)
    hints = {"投票还没有开始。": STILL, "投票已经截止。": LATER}
    return Sentence(reason.rstrip("。"), hints.get(reason, "请收好纸条，等候通知。"))


@lru_cache(maxsize=1)
def style() -> bytes:
    """Return the voters' style sheet as it was built."""
    found = finders.find(STYLE)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(STYLE) as file:
        return bytes(file.read())


@lru_cache(maxsize=1)
def style_url() -> str:
    """Return its address under /b/, new whenever the sheet is."""
    return f"/b/style.css?v={hashlib.sha256(style()).hexdigest()[:8]}"


@lru_cache(maxsize=1)
def _thanks() -> tuple[str, str]:
    """Return the page of thanks before and after the receipt, drawn once."""
    mark = "RECEIPT"
    drawn = render_to_string("ballots/vote/vote_thanks.html", {"style": style_url(), "receipt": mark})
    before, _, after = drawn.partition(mark)
    return before, after


def thanks(receipt: str) -> str:
    """Return the page of thanks. The receipt is one that we made: letters, digits and hyphens."""
    before, after = _thanks()
    return f"{before}{escape(receipt)}{after}"


_drawn: dict[tuple[object, ...], SafeString] = {}
KEPT = 64
"""Urns and groups whose questions a process keeps drawn: they never change once the urn is open."""


def questions_of(found: voting.Paper) -> SafeString:
    """Return the questions with nothing chosen, drawn once for each urn and group."""
    if found.asked.publics is None:
        return draw(found, {}, ())
    key = (found.asked.publics, found.asked.group)
    if key not in _drawn:
        if len(_drawn) >= KEPT:
            _drawn.clear()
        _drawn[key] = draw(found, {}, ())
    return _drawn[key]


def draw(found: voting.Paper, chosen: Mapping[str, str], missing: Container[int]) -> SafeString:
    """Draw the questions with what was chosen; those without an answer are marked.

    A plain loop: 36 × 4 buttons by form widgets take three times as long a page.
    """
    lines = [
        {
            "number": number,
            "code": question["code"],
            "text": question["text"],
            "is_missing": number in missing,
            "answers": [
                {
                    "code": answer["code"],
                    "label": answer["label"],
                    "is_chosen": chosen.get(question["code"]) == answer["code"],
                }
                for answer in found.urn.answers_of(question)
            ],
        }
        for number, question in enumerate(found.questions, start=1)
    ]
    return render_to_string("ballots/vote/vote_questions.html", {"questions": lines})


@dataclass(frozen=True)
class Heading:
    """What stands above and below the questions."""

    title: str
    unit: str
    group: str
    total: int
    unsure: str
    longest: int


def heading(found: voting.Paper) -> Heading:
    """Say whom a paper is about, who is asked, and which answer is no vote (不了解)."""
    urn, asked = found.urn, found.asked
    unsure = next((str(entry["label"]) for entry in urn.answers if not entry["is_valid"]), "")
    return Heading(
        urn.title, asked.unit_name, asked.group_name, len(asked.questions), unsure, urn.comment_limit
    )
