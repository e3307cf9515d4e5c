from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.organizations import queries, rules
from qingfeng.organizations.actions import locking
from qingfeng.organizations.models import Unit

CODE_TAKEN = "编码“{code}”已被使用，请换一个编码"


@transaction.atomic
def add_unit(
    *,
    code: str,
    name: str,
    short_name: str,
    unit_class: str,
    active_from: dt.date,
    by: Actor,
    at: dt.datetime,
    parent: Unit | None = None,
    is_evaluated: bool = True,
    sort_order: int = 0,
) -> Unit:
    """Add a unit to the tree. Raises `Denied`, and `Refused` for a taken code or name or a closed parent."""
    rules.edit_units.check(by)
    if parent is not None:
        (parent,) = locking.hold_tree(parent)
    unit = Unit(
        code=code, name=name, short_name=short_name, unit_class=unit_class, parent=parent,
        active_from=active_from, is_evaluated=is_evaluated, sort_order=sort_order,
    )  # fmt: skip
    _insist_on_place(unit, parent)
    _insist_on_name(unit)
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as failure:
        raise Refused(CODE_TAKEN.format(code=code)) from failure
    _record("unit.add", unit, by=by, at=at)
    return unit


@transaction.atomic
def edit_unit(*, unit: Unit, revision: int, by: Actor, at: dt.datetime, **fields: Any) -> Unit:
    """Change code, name, short_name, unit_class, parent, active_from, is_evaluated or sort_order.

    `revision` is the one the editor saw. Raises `Denied`, `Conflict` where another editor was faster, and
    `Refused` for a taken code or name, dates reversed, a closed parent, or a parent below the unit.
    """
    rules.edit_units.check(by)
    (locked,) = locking.hold_tree(unit)
    if locked.revision != revision:
        raise Conflict
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, fields[name])
    if locked.active_to is not None and locked.active_to < locked.active_from:
        raise Refused(f"启用日期不能晚于停用日期（{locked.active_to:%Y-%m-%d}）")
    if "parent" in changed:
        _insist_on_place(locked, locked.parent and queries.stored(locked.parent))
    _insist_on_name(locked)
    try:
        with transaction.atomic():
            _save(locked, changed)
    except IntegrityError as failure:
        raise Refused(CODE_TAKEN.format(code=locked.code)) from failure
    _record("unit.edit", locked, by=by, at=at, fields=changed)
    return locked


@transaction.atomic
def close_unit(*, unit: Unit, last_day: dt.date, by: Actor, at: dt.datetime) -> Unit:
    """End a unit without successor, and with it the posts still held. Raises `Denied`, `Refused`."""
    (locked,) = locking.hold_tree(unit)
    rules.close_unit.check(by, locked)
    if queries.open_children(locked, last_day).exists():
        raise Refused("该单位还有未停用的下级单位，请先停用下级单位，或改归其他上级")
    _end(locked, last_day)
    _save(locked, ["active_to"])
    _record("unit.close", locked, by=by, at=at)
    return locked


@transaction.atomic
def merge_unit(*, unit: Unit, into: Unit, last_day: dt.date, by: Actor, at: dt.datetime) -> Unit:
    """End a unit and name its successor, to which the units below it pass; posts still held end with it.

    Raises `Denied`, and `Refused` for a merger into itself, in a circle, or into a unit that does not exist
    on the day after.
    """
    locked, successor = locking.hold_tree(unit, into)
    rules.close_unit.check(by, locked)
    if locked.pk == successor.pk:
        raise Refused("单位不能并入自己")
    if locked.pk in _chain(successor):
        raise Refused(f"“{successor.short_name}”已经并入本单位，不能再反过来合并")
    day_after = last_day + dt.timedelta(days=1)
    if not Unit.objects.active_on(day_after).filter(pk=successor.pk).exists():
        raise Refused(f"“{successor.short_name}”在 {day_after:%Y-%m-%d} 没有启用，不能作为并入单位")
    _end(locked, last_day)
    locked.successor = successor
    _pass_children(locked, successor, last_day)
    _save(locked, ["active_to", "successor"])
    _record("unit.merge", locked, by=by, at=at, successor=successor.pk)
    return locked


@transaction.atomic
def reopen_unit(*, unit: Unit, by: Actor, at: dt.datetime) -> Unit:
    """Undo a closing or merger; posts that ended with it stay ended. Raises `Denied`, `Refused`."""
    (locked,) = locking.hold_tree(unit)
    rules.reopen_unit.check(by, locked)
    locked.active_to = locked.successor = None
    _insist_on_place(locked, locked.parent)
    _insist_on_name(locked)
    _save(locked, ["active_to", "successor"])
    _record("unit.reopen", locked, by=by, at=at)
    return locked


def _save(unit: Unit, names: list[str]) -> None:
    unit.revision += 1
    unit.save(update_fields=[*names, "revision"])


def _record(action: str, unit: Unit, *, by: Actor, at: dt.datetime, **detail: Any) -> None:
    audit.record(action=action, by=by, at=at, subject=references.reference_to(unit), detail=detail)


def _insist_on_place(unit: Unit, parent: Unit | None) -> None:
    """Refuse a parent that is the unit, stands below it, or ends before it."""
    if parent is None:
        return
    if unit.pk is not None and unit.pk in {parent.pk, *(above.pk for above in queries.ancestors_of(parent))}:
        raise Refused("上级单位不能是本单位或本单位的下级")
    if parent.active_to is not None and (unit.active_to is None or unit.active_to > parent.active_to):
        raise Refused(f"上级单位“{parent.short_name}”已于 {parent.active_to:%Y-%m-%d} 停用，请另选")


def _insist_on_name(unit: Unit) -> None:
    """Refuse the full name of another unit that exists at the same time."""
    others = Unit.objects.filter(name=unit.name).exclude(pk=unit.pk)
    others = others.exclude(active_to__lt=unit.active_from)
    if unit.active_to is not None:
        others = others.exclude(active_from__gt=unit.active_to)
    if others.exists():
        raise Refused(f"已有全称为“{unit.name}”的单位，请核对是否重复")


def _end(unit: Unit, last_day: dt.date) -> None:
    """Set the last day and end the posts that reach beyond it."""
    if last_day < unit.active_from:
        raise Refused(f"停用日期不能早于启用日期（{unit.active_from:%Y-%m-%d}）")
    beyond = queries.open_posts(unit, last_day)
    later = beyond.filter(held_from__gt=last_day).count()
    if later:
        raise Refused(f"有 {later} 项任职在停用日期之后才开始，请先更正任职")
    unit.active_to = last_day
    beyond.update(held_to=last_day)


def _chain(unit: Unit) -> set[int]:
    """Return the ids of the unit's successors, one after another."""
    links = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    seen: set[int] = set()
    at: int | None = unit.pk
    while at is not None and at not in seen:
        seen.add(at)
        at = links.get(at)
    return seen - {unit.pk}


def _pass_children(unit: Unit, successor: Unit, last_day: dt.date) -> None:
    """Move the units below to the successor; where it stands below itself, its branch moves up first."""
    branch = {successor.pk, *(above.pk for above in queries.ancestors_of(successor))}
    for child in queries.open_children(unit, last_day):
        child.parent = unit.parent if child.pk in branch else successor
        _save(child, ["parent"])
