"""Which lines of a unit's explanation can be appealed, and what stands behind each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qingfeng.evaluation.enums import AppealSubject, ProposalState
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.queries import portraits
from qingfeng.evaluation.scoring.explanation import Explanation, Node

MEASURED = {"ratio", "linear", "rank", "minmax", "min_max"}


@dataclass(frozen=True)
class Point:
    """One line that can be appealed: its key, what it is, and its words as the unit reads them."""

    key: str
    kind: AppealSubject
    subject_id: int | None
    indicator: str
    channel: str
    line: str
    title: str
    sentences: tuple[str, ...]
    reason: str


def key_of(node: Node, channel: str) -> str:
    """Return the key of a line of a channel; empty for one that rests on nothing of its own."""
    if node.kind == "review":
        return f"{AppealSubject.REVIEW}:{node.code}"
    if node.kind == "fact" and node.reason == "counted":
        return f"{AppealSubject.FACT}:{node.code}"
    if node.kind == "group":
        return f"{AppealSubject.TALLY}:{channel}:{node.code}"
    is_measured = node.kind == "term" and node.data.get("term") in MEASURED and node.value is not None
    if is_measured or (node.kind == "rule" and node.data.get("is_counted") and node.contribution):
        return f"{AppealSubject.VALUE}:{channel}:{node.code}"
    return ""


def adjustment_key(pk: int) -> str:
    return f"{AppealSubject.ADJUSTMENT}:{pk}"


def of_result(result: UnitResult) -> dict[str, Point]:
    """Return a result's points by their keys, in the order of its explanation."""
    explanation = portraits.explanation_of(result)
    found = {point.key: point for point in _of_indicators(explanation)}
    for node, row in zip(explanation.adjustments, adjustments_of(result), strict=False):
        key = adjustment_key(row.pk)
        found[key] = Point(
            key=key,
            kind=AppealSubject.ADJUSTMENT,
            subject_id=row.pk,
            indicator="",
            channel="",
            line=row.code,
            title=_adjustment_title(str(row.get_adjustment_kind_display()), node.name),
            sentences=(node.sentence,),
            reason=row.reason,
        )
    return found


def _adjustment_title(kind: str, name: str) -> str:
    return name if name == kind else f"{kind}：{name}"


def adjustments_of(result: UnitResult) -> list[Adjustment]:
    """Return the approved adjustments behind a result, in the order in which its explanation names them."""
    rows = Adjustment.objects.filter(round_unit=result.round_unit, state=ProposalState.APPROVED)
    index = {name: place for place, name in enumerate(_codes(result))}
    return sorted(rows, key=lambda row: (index.get(row.code, -1), row.thousandths, row.reason, row.reference))


def _codes(result: UnitResult) -> list[str]:
    explanation = portraits.explanation_of(result)
    return list(dict.fromkeys(node.code for node in explanation.adjustments))


def _of_indicators(explanation: Explanation) -> Iterator[Point]:
    for indicator in explanation.indicators():
        for channel in indicator.children:
            yield from _of_nodes(channel.children, indicator, channel, ())


def _of_nodes(
    nodes: tuple[Node, ...], indicator: Node, channel: Node, above: tuple[Node, ...]
) -> Iterator[Point]:
    for node in nodes:
        key = key_of(node, channel.code)
        if key:
            yield _point(key, node, indicator, channel, above)
        yield from _of_nodes(node.children, indicator, channel, (*above, node))


def _point(key: str, node: Node, indicator: Node, channel: Node, above: tuple[Node, ...]) -> Point:
    kind = AppealSubject(key.split(":", maxsplit=1)[0])
    who = next((entry.name for entry in above if entry.kind == "scorer"), "")
    what = {
        AppealSubject.REVIEW: f"{who}评审",
        AppealSubject.FACT: f"事实“{node.name}”",
        AppealSubject.VALUE: f"数据“{node.name}”",
        AppealSubject.TALLY: f"{node.name}测评票数",
    }[kind]
    below = tuple(child.sentence for child in node.children if child.sentence)
    return Point(
        key=key,
        kind=kind,
        subject_id=int(node.code) if kind in {AppealSubject.REVIEW, AppealSubject.FACT} else None,
        indicator=indicator.code,
        channel=channel.code,
        line=node.code,
        title=f"{indicator.code} {indicator.name}：{what}"[:200],
        sentences=(indicator.sentence, channel.sentence, node.sentence, *below),
        reason=str(node.data.get("reason") or ""),
    )
