"""Where an indicator's points come from, as a page shows it: the explanation's own sentences, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.queries.appeal_points import key_of
from qingfeng.evaluation.queries.behind import Behind
from qingfeng.evaluation.scoring import words
from qingfeng.evaluation.scoring.explanation import Node

FULL = 1 - 1e-9
NAMED = {"scorer", "review", "group", "term"}
"""Kinds whose sentence does not begin with their name."""


@dataclass(frozen=True)
class FactRecord:
    """The ledger's entry behind a fact: what it rests on, when, and whether the reader may open it."""

    pk: int
    reference: str
    act_date: dt.date
    effective_date: dt.date
    reason: str
    is_open: bool


@dataclass(frozen=True)
class Step:
    """One line of an explanation with the lines below it; `quiet` are rules under which nothing was found."""

    kind: str
    lead: str
    sentence: str
    note: str
    took: bool
    fact: FactRecord | None
    below: tuple[Step, ...]
    quiet: tuple[str, ...]
    point: str = ""


@dataclass(frozen=True)
class Source:
    """One channel of an indicator: its share, what it brought, and the lines it follows from."""

    code: str
    name: str
    share: str
    who: str
    points: float | None
    weight: float | None
    sentence: str
    steps: tuple[Step, ...]


def sources(indicator: Node, behind: Behind) -> tuple[Source, ...]:
    """Return an indicator's channels with every line of their explanation."""
    return tuple(_source(channel, behind) for channel in indicator.children)


def _source(channel: Node, behind: Behind) -> Source:
    return Source(
        code=channel.code,
        name=channel.name,
        share=words.points(channel.weight or 0.0),
        who=str(channel.data.get("supplier") or channel.data.get("question") or ""),
        points=channel.contribution,
        weight=channel.effective_weight,
        sentence=channel.sentence,
        steps=tuple(_step(node, channel, behind) for node in channel.children),
    )


def _step(node: Node, channel: Node, behind: Behind) -> Step:
    shown = [child for child in node.children if not _is_quiet(child)]
    return Step(
        kind=node.kind,
        lead=node.name if node.kind in NAMED else "",
        sentence=node.sentence,
        note=_note(node, channel, behind),
        took=takes(node),
        fact=_fact(node, behind),
        below=tuple(_step(child, channel, behind) for child in shown),
        quiet=tuple(child.sentence for child in node.children if _is_quiet(child)),
        point=open_point(key_of(node, channel.code), behind),
    )


def open_point(key: str, behind: Behind) -> str:
    """Return the key of a line that may be appealed now and is not appealed yet; empty for others."""
    taken = any(row.point == key for row in behind.appeals)
    return key if behind.may_appeal and not taken else ""


def _is_quiet(node: Node) -> bool:
    return node.kind == "rule" and not node.contribution and not node.children


def _note(node: Node, channel: Node, behind: Behind) -> str:
    """Say a group's weight, or how the scorer scored all units."""
    if node.kind == "group":
        return f"权重 {words.points(node.weight or 0.0)}"
    stat = behind.scorers.get((channel.code, node.code)) if node.kind == "scorer" else None
    if stat is None:
        return ""
    mean, spread = words.points(stat["mean"]), words.points(stat["spread"])
    return f"该部门评 {stat['count']} 个单位，平均得分率 {mean}%，离散度 {spread}%"


def takes(node: Node) -> bool:
    """Say whether a line takes points away."""
    if node.kind in {"rule", "fact"}:
        return (node.contribution or 0.0) > 0 and node.data.get("effect") != "award"
    if node.kind == "finding":
        return node.reason == "counted" and node.data["effect"] == "deduct"
    return node.value is not None and node.value < FULL


def _fact(node: Node, behind: Behind) -> FactRecord | None:
    row: Fact | None = behind.facts.get(node.code) if node.kind == "fact" else None
    if row is None:
        return None
    return FactRecord(
        row.pk,
        row.reference_text,
        row.act_date,
        row.effective_date,
        str(node.data.get("reason") or ""),
        row.pk in behind.open_facts,
    )


def losses(indicator: Node) -> list[str]:
    """Return the sentences of an indicator that say where its points went."""
    return list(dict.fromkeys(text for channel in indicator.children for text in _channel_losses(channel)))


def _channel_losses(channel: Node) -> Iterator[str]:
    if channel.value is None or channel.value >= FULL:
        return
    found = [] if channel.data["channel"] == "ballot" else list(_deepest(channel.children))
    if found:
        yield from found
    else:
        yield f"{channel.name}：{_bare(channel.sentence)}"


def _deepest(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the deepest lines that took points, each once."""
    for node in nodes:
        below = list(_deepest(node.children))
        if below:
            yield from below
        elif takes(node) and node.kind != "scorer":
            yield _bare(node.sentence)


def _bare(sentence: str) -> str:
    return sentence.rstrip("。")


def basis_of(indicator: Node) -> str:
    """Name the channels that lost points, and who stands behind the only one."""
    lost = [entry for entry in indicator.children if entry.value is not None and entry.value < FULL]
    if len(lost) != 1:
        return " + ".join(entry.name for entry in lost)
    data: Mapping[str, Any] = lost[0].data
    takers = [node.name for node in lost[0].children if node.kind == "scorer" and takes(node)]
    who = str(data.get("supplier") or "、".join(takers))
    return f"{lost[0].name} · {who}" if who else lost[0].name
