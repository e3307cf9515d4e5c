"""Whether what would be held after an import makes sense: the tree, the mergers, the posts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from qingfeng.core.errors import Fault
from qingfeng.organizations.workbook.parsing import Parsed
from qingfeng.organizations.workbook.records import PostRecord, Records, UnitRecord


def check(after: Records, parsed: Parsed) -> list[Fault]:
    """Return the faults of the whole, each at the row that states it."""
    return [
        *_tree(after, parsed),
        *_lifetimes(after, parsed),
        *_mergers(after, parsed),
        *_names(after, parsed),
        *_post_dates(after, parsed),
        *_left_in_post(after, parsed),
        *_overlaps(after, parsed),
    ]


def _tree(after: Records, parsed: Parsed) -> Iterator[Fault]:
    links = {code: unit.parent for code, unit in after.units.items()}
    for code, row in parsed.unit_rows.items():
        circle = _circle(code, links)
        if circle:
            yield row.fault("parent", f"上级关系绕成了圈：{' → '.join(circle)}")


def _circle(code: str, links: dict[str, str]) -> list[str]:
    """Return the way from a code back to itself, or nothing."""
    way, at = [code], links.get(code, "")
    while at and at not in way:
        way.append(at)
        at = links.get(at, "")
    return [*way, code] if at == code else []


def _lifetimes(after: Records, parsed: Parsed) -> Iterator[Fault]:
    below = defaultdict(list)
    for unit in after.units.values():
        below[unit.parent].append(unit)
    for code, row in parsed.unit_rows.items():
        unit = parsed.stated.units[code]
        if unit.active_to is not None and unit.active_to < unit.active_from:
            yield row.fault("active_to", f"停用日期早于启用日期（{unit.active_from:%Y-%m-%d}）")
        parent = after.units.get(unit.parent)
        if parent and parent.active_to and unit.lasts_beyond(parent.active_to):
            yield row.fault("parent", f"上级单位“{parent.short_name}”已于 {parent.active_to:%Y-%m-%d} 停用")
        if unit.active_to is None:
            continue
        lasting = [
            u for u in below[code] if u.lasts_beyond(unit.active_to) and u.code not in parsed.unit_rows
        ]
        if lasting:
            names = "、".join(sorted(u.short_name for u in lasting)[:5])
            yield row.fault(
                "active_to", f"还有 {len(lasting)} 个下级单位没有停用（{names}），请在本表一并写明"
            )


def _mergers(after: Records, parsed: Parsed) -> Iterator[Fault]:
    links = {code: unit.successor for code, unit in after.units.items()}
    for code, row in parsed.unit_rows.items():
        unit = parsed.stated.units[code]
        if not unit.successor:
            continue
        into = after.units.get(unit.successor)
        circle = _circle(code, links)
        if unit.successor == code:
            yield row.fault("successor", "单位不能并入自己")
        elif circle:
            yield row.fault("successor", f"并入关系绕成了圈：{' → '.join(circle)}")
        elif unit.active_to is None:
            yield row.fault("active_to", "填了并入单位，就要填停用日期")
        elif into is not None and not _exists_on(into, unit.active_to + dt.timedelta(days=1)):
            yield row.fault("successor", f"并入单位“{into.short_name}”在停用次日没有启用")


def _exists_on(unit: UnitRecord, date: dt.date) -> bool:
    return unit.active_from <= date and (unit.active_to is None or unit.active_to >= date)


def _names(after: Records, parsed: Parsed) -> Iterator[Fault]:
    by_name = defaultdict(list)
    for unit in after.units.values():
        by_name[unit.name].append(unit)
    for code, row in parsed.unit_rows.items():
        unit = parsed.stated.units[code]
        twins = [other for other in by_name[unit.name] if other.code != code and _coexist(unit, other)]
        if twins:
            codes = "、".join(sorted(twin.code for twin in twins))
            yield row.fault("name", f"与编码 {codes} 的单位同名，请核对是否重复")


def _coexist(one: UnitRecord, other: UnitRecord) -> bool:
    in_time = other.active_to is None or one.active_from <= other.active_to
    return in_time and (one.active_to is None or other.active_from <= one.active_to)


def _post_dates(after: Records, parsed: Parsed) -> Iterator[Fault]:
    for key, row in parsed.post_rows.items():
        post = parsed.stated.posts[key]
        unit = after.units.get(post.unit)
        if post.held_to is not None and post.held_to < post.held_from:
            yield row.fault("held_to", f"免职日期早于任职日期（{post.held_from:%Y-%m-%d}）")
        elif unit and unit.active_to and (post.held_to is None or post.held_to > unit.active_to):
            day = f"{unit.active_to:%Y-%m-%d}"
            yield row.fault("held_to", f"“{unit.short_name}”于 {day} 停用，请填不晚于这一天的免职日期")
        if post.is_head and not post.is_leader:
            yield row.fault("is_leader", "主要负责人也是班子成员，请填“是”或留空")


def _left_in_post(after: Records, parsed: Parsed) -> Iterator[Fault]:
    """Report units that end while posts no row speaks of go on."""
    for code, row in parsed.unit_rows.items():
        last = parsed.stated.units[code].active_to
        if last is None:
            continue
        left = [
            post
            for key, post in after.posts.items()
            if post.unit == code and key not in parsed.post_rows and (not post.held_to or post.held_to > last)
        ]
        if left:
            yield row.fault("active_to", f"还有 {len(left)} 项任职没有结束，请在“任职”表填写免职日期")


def _overlaps(after: Records, parsed: Parsed) -> Iterator[Fault]:
    by_unit: dict[str, list[PostRecord]] = defaultdict(list)
    for post in after.posts.values():
        by_unit[post.unit].append(post)
    for key, row in parsed.post_rows.items():
        post = parsed.stated.posts[key]
        others = [other for other in by_unit[post.unit] if other.key != key and post.overlaps(other)]
        heads = [other for other in others if other.is_head]
        if post.is_head and heads:
            who = _name(after, heads[0])
            yield row.fault("is_head", f"与{who}的任期重叠：同一单位同一时间只能有一名主要负责人")
        if any((other.person, other.title) == (post.person, post.title) for other in others):
            yield row.fault("held_from", "同一人在同一单位的同一职务，任期重叠")


def _name(after: Records, post: PostRecord) -> str:
    person = after.people.get(post.person)
    return f"“{person.name if person else post.person}”（{post.held_from:%Y-%m-%d} 起任职）"
