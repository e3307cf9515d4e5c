from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.organizations.models import Person, Post, Unit
from qingfeng.organizations.workbook import sheets
from qingfeng.organizations.workbook.planning import Change, Effect, Plan

SHOWN = 300
"""How many rows of a fault list or a preview a page shows; the rest is counted."""
MEASURE = {sheets.UNITS.name: "个单位", sheets.PEOPLE.name: "名人员", sheets.POSTS.name: "项任职"}
TONES = {Effect.CREATED: "good", Effect.CHANGED: "info", Effect.CLOSED: "warn"}


def period(start: dt.date, end: dt.date | None) -> str:
    """Word a span of days."""
    return f"{start:%Y-%m-%d} 至 {end:%Y-%m-%d}" if end else f"{start:%Y-%m-%d} 起"


def unit_state(unit: Unit, today: dt.date) -> str:
    if unit.active_from > today:
        return "未启用"
    if unit.active_to is not None and unit.active_to < today:
        return "已并入" if unit.successor_id else "已停用"
    return "在用" if unit.active_to is None else f"{unit.active_to:%Y-%m-%d} 停用"


@dataclass
class Node:
    """A unit in the tree, with the units below it and how many there are at all depths."""

    unit: Unit | None
    children: list[Node] = field(default_factory=list)
    size: int = 0

    @property
    def branches(self) -> list[Node]:
        return [child for child in self.children if child.children]

    @property
    def leaves(self) -> list[Node]:
        return [child for child in self.children if not child.children]


def tree(units: Iterable[Unit]) -> Node:
    """Return a node above the topmost units of those given, each with what stands below it."""
    nodes = {unit.pk: Node(unit) for unit in units}
    below = defaultdict(list)
    for node in nodes.values():
        parent = node.unit and node.unit.parent_id
        below[parent if parent in nodes else None].append(node)
    for pk, node in nodes.items():
        node.children = below[pk]
    whole = Node(None, below[None])
    _measure(whole)
    return whole


def _measure(node: Node) -> int:
    node.size = sum(1 + _measure(child) for child in node.children)
    return node.size


def unit_facts(unit: Unit, above: Sequence[Unit]) -> list[tuple[str, Any]]:
    return [
        ("编码", unit.code),
        ("类别", unit.get_unit_class_display()),
        ("隶属", " › ".join(body.short_name for body in above)),
        ("存续", period(unit.active_from, unit.active_to)),
        ("参加评价", "是" if unit.is_evaluated else "否"),
    ]


def post_words(posts: Iterable[Post]) -> str:
    return "；".join(
        f"{post.unit.short_name}{post.title}{'（兼）' if post.is_concurrent else ''}" for post in posts
    )


def current_words(person: Person) -> str:
    """Word the posts that `queries.people_with_posts` attached."""
    held: list[Post] = getattr(person, "current_posts", [])
    return post_words(held)


def post_state(post: Post, today: dt.date) -> str:
    """Return `now`, `past` or `coming`."""
    if post.held_to is not None and post.held_to < today:
        return "past"
    return "coming" if post.held_from > today else "now"


def person_title(person: Person, posts: Iterable[Post], today: dt.date) -> str:
    """Say in a sentence what a person is now."""
    held = [post for post in posts if post_state(post, today) == "now"]
    return f"{person.name}现任{post_words(held)}" if held else f"{person.name}目前没有任职"


def party_words(person: Person) -> str:
    return "是" if person.is_party_member else "否"


def person_facts(person: Person) -> list[tuple[str, Any]]:
    return [("人员编号", person.code), ("中共党员", party_words(person))]


@dataclass(frozen=True)
class FaultList:
    """The faults of a workbook as the page shows them."""

    title: str
    shown: Sequence[Fault]
    more: int


def fault_list(faults: Sequence[Fault]) -> FaultList:
    names = list(dict.fromkeys(fault.sheet for fault in faults))
    where = "、".join(f"“{name}”" for name in names)
    return FaultList(
        title=f"工作簿有 {len(faults)} 处错误，没有写入任何内容（{where}）",
        shown=faults[:SHOWN],
        more=max(len(faults) - SHOWN, 0),
    )


@dataclass(frozen=True)
class Section:
    """The changes of one sheet as the preview shows them."""

    name: str
    meta: str
    rows: Sequence[tuple[Change[Any], str]]
    more: int


def sections(plan: Plan) -> list[Section]:
    """Return the sheets with changes, each row with the tone of its effect."""
    counts = plan.counts()
    return [
        Section(
            name=name,
            meta="，".join(f"{effect.value} {number}" for effect, number in counts[name].items() if number),
            rows=[(change, TONES[change.effect]) for change in changes[:SHOWN]],
            more=max(len(changes) - SHOWN, 0),
        )
        for name, changes in plan.by_sheet.items()
        if changes
    ]


def plan_title(plan: Plan, *, done: bool = False) -> str:
    """Say in a sentence what the import does."""
    counts = plan.counts()
    parts = []
    for effect, verb in ((Effect.CREATED, "新增"), (Effect.CHANGED, "变更"), (Effect.CLOSED, "停用或免职")):
        things = [f"{row[effect]} {MEASURE[name]}" for name, row in counts.items() if row[effect]]
        parts += [f"{verb} {'、'.join(things)}"] if things else []
    return ("已" if done else "将") + "，".join(parts)
