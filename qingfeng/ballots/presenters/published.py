"""Words and figures of what is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingfeng.ballots.models import Urn
from qingfeng.ballots.queries.mixed import Counted
from qingfeng.ballots.queries.turnout import Turnout

SHOWN = 400
"""Receipts on the page; all of them are in the published file."""


@dataclass(frozen=True)
class Share:
    """One answer's votes, and their share of all answers to the question as CSS writes it."""

    label: str
    votes: int
    percent: str


@dataclass(frozen=True)
class Line:
    """One question's answers; `note` says why nothing is shown."""

    number: int
    text: str
    shares: list[Share]
    total: int
    note: str = ""


@dataclass(frozen=True)
class Group:
    """One pool's answers, or why they are withheld."""

    name: str
    turnout: str
    lines: list[Line]
    note: str = ""


def title(turnouts: Sequence[Turnout]) -> str:
    """Return the sentence of the page."""
    withheld = sum(entry.pool.is_withheld for entry in turnouts)
    shown = len(turnouts) - withheld
    return f"{shown} 个群体已计票" + (f"，{withheld} 个票数不足、不公布" if withheld else "")


def found(is_counted: bool | None) -> str:
    """Say what is known of a receipt."""
    if is_counted is None:
        return "没有这个回执号。请再核对一遍；确实没有，请告诉纪委监委，不用说选了什么。"
    if is_counted:
        return "有这个回执号，这张票已计入汇总。"
    return "有这个回执号。它所在的群体有效票太少，为了不让人猜出谁投了什么，没有计入汇总。"


def withheld(turnouts: Sequence[Turnout], minimum: int) -> list[str]:
    """Name the pools whose answers are not shown."""
    return [
        f"{entry.pool.unit.short_name} · {entry.pool.group_name}（有效票不足 {minimum} 张）"
        for entry in turnouts
        if entry.pool.is_withheld
    ]


def _shares(urn: Urn, votes: Any) -> tuple[list[Share], int]:
    total = int(votes.sum())
    labels = [str(entry["label"]) for entry in urn.answers]
    made = [
        Share(label, int(count), f"{100 * int(count) / total:.1f}" if total else "0")
        for label, count in zip(labels, votes, strict=True)
    ]
    return made, total


def _lines(urn: Urn, table: Any, note: str) -> list[Line]:
    lines = []
    for number, question in enumerate(urn.questions, start=1):
        shares, total = _shares(urn, table[number - 1])
        lines.append(Line(number, question["text"], shares, total, "" if total else note))
    return lines


def questions(urn: Urn, counts: Counted) -> list[Line]:
    """Return each question's answers over all pools that are counted."""
    shape = (len(urn.questions), len(urn.answers))
    table = counts.table.sum(axis=0) if counts.pools else np.zeros(shape, np.int32)
    return _lines(urn, table, "有效票不足，不公布")


def groups(urn: Urn, entries: Sequence[Turnout], counts: Counted) -> list[Group]:
    """Return one unit's pools with their answers."""
    place = {pk: at for at, pk in enumerate(counts.pools)}
    made = []
    for entry in entries:
        at = place.get(entry.pool.pk)
        if at is None:
            note = f"有效票不足 {urn.minimum} 张：票太少时能猜出谁投了什么，所以不公布、不计分。"
            made.append(Group(entry.pool.group_name, entry.words, [], note))
            continue
        note = f"这一题有效票不足 {urn.minimum} 张，不公布"
        made.append(Group(entry.pool.group_name, entry.words, _lines(urn, counts.table[at], note)))
    return made
