"""Describe the explanation of a unit's score as a tree of plain nodes.

The same for a page and for results.json.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """Explain one part of a score.

    ``kind`` is dimension, indicator, channel, scorer, review, finding, group, term, rule, fact or
    adjustment. ``weight`` is the scheme's (points; for a channel, scorer or group its relative weight),
    ``effective_weight`` the points it stands for after redistribution (None below the channel), ``value``
    0..1 (None: not applicable), ``contribution`` the points that it brings (for rules and facts the points
    taken, negative if given). ``reason`` is a stable slug, ``sentence`` Chinese. ``data`` holds all numbers
    that the value follows from, as decimal texts.
    """

    kind: str
    code: str
    name: str
    weight: float | None = None
    effective_weight: float | None = None
    value: float | None = None
    contribution: float | None = None
    reason: str = ""
    sentence: str = ""
    data: Data = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explain a unit's result in its quarter.

    ``total`` is the rounded text with two decimals, None where not scored.
    """

    unit: str
    unit_name: str
    grouping: str
    quarter: str
    total: str | None
    raw_total: float | None
    deduction: float
    bonus: float
    grade: str
    score_grade: str
    grade_reason: str
    rank: int
    ranked: int
    sentence: str
    grade_sentence: str
    alerts: tuple[str, ...]
    limits: Data
    dimensions: tuple[Node, ...]
    adjustments: tuple[Node, ...]

    def indicators(self) -> Iterator[Node]:
        """Yield the indicator nodes in the scheme's order."""
        for dimension in self.dimensions:
            yield from dimension.children

    def to_plain(self) -> dict[str, Any]:
        """Return JSON values; empty parts of nodes are left out."""
        found: dict[str, Any] = {
            entry.name: getattr(self, entry.name)
            for entry in dataclasses.fields(self)
            if entry.name not in {"dimensions", "adjustments"}
        }
        nodes = {
            name: [_plain(node) for node in getattr(self, name)] for name in ("dimensions", "adjustments")
        }
        return found | {"limits": dict(self.limits), "alerts": list(self.alerts)} | nodes


def _plain(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in dataclasses.fields(node):
        value = getattr(node, entry.name)
        if entry.name == "children":
            value = [_plain(child) for child in value]
        elif entry.name == "data":
            value = dict(value)
        if value not in (None, "", [], {}) or entry.name in {"value", "contribution"}:
            found[entry.name] = value
    return found


def from_plain(values: Mapping[str, Any]) -> Explanation:
    """Read an explanation that ``to_plain`` wrote, for example from results.json."""
    found = dict(values)
    for name in ("dimensions", "adjustments"):
        found[name] = tuple(_node(value) for value in values[name])
    return Explanation(**found | {"alerts": tuple(values["alerts"])})


def _node(values: Mapping[str, Any]) -> Node:
    children = tuple(_node(child) for child in values.get("children", ()))
    return Node(**{name: value for name, value in values.items() if name != "children"}, children=children)
