"""What an import would do: every record created, changed or closed, with the fields before and after."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from qingfeng.core.spreadsheets import reading
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.organizations.workbook import checking, parsing, sheets
from qingfeng.organizations.workbook.records import PersonRecord, PostRecord, Record, Records, UnitRecord

R = TypeVar("R", UnitRecord, PersonRecord, PostRecord)


class Effect(Enum):
    CREATED = "新增"
    CHANGED = "变更"
    CLOSED = "停用或免职"


@dataclass(frozen=True)
class Difference:
    """One field: its heading, and what stands there before and after, as written in the workbook."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change(Generic[R]):
    """One record that the import would write."""

    sheet: str
    row: int
    effect: Effect
    label: str
    before: R | None
    after: R
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All changes, in the order of sheets and rows."""

    units: tuple[Change[UnitRecord], ...]
    people: tuple[Change[PersonRecord], ...]
    posts: tuple[Change[PostRecord], ...]

    @property
    def by_sheet(self) -> dict[str, Sequence[Change[Any]]]:
        return {sheets.UNITS.name: self.units, sheets.PEOPLE.name: self.people, sheets.POSTS.name: self.posts}

    @property
    def changes(self) -> list[Change[Any]]:
        return [*self.units, *self.people, *self.posts]

    def counts(self) -> dict[str, dict[Effect, int]]:
        """Return how many records of each sheet are created, changed, closed."""
        return {
            name: {effect: sum(change.effect is effect for change in changes) for effect in Effect}
            for name, changes in self.by_sheet.items()
        }

    @property
    def digest(self) -> str:
        """Return a fingerprint: the same changes from the same starting point, the same digest."""
        body = repr(sorted((c.sheet, repr(c.before), repr(c.after)) for c in self.changes))
        return hashlib.sha256(body.encode()).hexdigest()


def plan(content: bytes, held: Records) -> Plan:
    """Work out what the workbook would change.

    Raises `Refused` where the file cannot be read and `FaultyWorkbook` with every fault.
    """
    read = reading.read(content, sheets.SHEETS)
    parsed, faults = parsing.parse(read, held)
    after = Records(
        units={**held.units, **parsed.stated.units},
        people={**held.people, **parsed.stated.people},
        posts={**held.posts, **parsed.stated.posts},
    )
    read.faults += [*faults, *checking.check(after, parsed)]
    read.insist(sheets.SHEETS)
    posts = _changes(sheets.POSTS, parsed.stated.posts, held.posts, parsed.post_rows)
    return Plan(
        units=tuple(_changes(sheets.UNITS, parsed.stated.units, held.units, parsed.unit_rows)),
        people=tuple(_changes(sheets.PEOPLE, parsed.stated.people, held.people, parsed.person_rows)),
        posts=tuple(dataclasses.replace(change, label=_post_label(change.after, after)) for change in posts),
    )


def _changes(
    sheet: Sheet, stated: Mapping[Any, R], held: Mapping[Any, R], rows: Mapping[Any, reading.Row]
) -> Iterator[Change[R]]:
    for key, after in stated.items():
        before = held.get(key)
        if before == after:
            continue
        yield Change(
            sheet=sheet.name,
            row=rows[key].number,
            effect=_effect(before, after),
            label=after.label,
            before=before,
            after=after,
            differences=_differences(sheet, before, after) if before else _contents(sheet, after),
        )


def _effect(before: Record | None, after: Record) -> Effect:
    if before is None:
        return Effect.CREATED
    return Effect.CLOSED if _end(before) is None and _end(after) is not None else Effect.CHANGED


def _end(record: Record) -> dt.date | None:
    if isinstance(record, UnitRecord):
        return record.active_to
    return record.held_to if isinstance(record, PostRecord) else None


def _differences(sheet: Sheet, before: Record, after: Record) -> tuple[Difference, ...]:
    found = []
    for column in sheet.columns:
        old, new = getattr(before, column.key), getattr(after, column.key)
        if old != new:
            found.append(Difference(column.label, _written(column, old), _written(column, new)))
    return tuple(found)


_IN_LABEL = frozenset({"code", "name", "short_name", "person", "unit", "title"})
"""What the label of a record says already."""


def _contents(sheet: Sheet, record: Record) -> tuple[Difference, ...]:
    """Return what a new record holds beside its label and what goes without saying."""
    columns = [column for column in sheet.columns if column.key not in _IN_LABEL]
    filled = [(column, getattr(record, column.key)) for column in columns]
    return tuple(
        Difference(column.label, "", _written(column, value))
        for column, value in filled
        if value != parsing.DEFAULTS.get(column.key)
    )


def _written(column: Column, value: Any) -> str:
    if value is None or value == "":
        return "（空）"
    if column.kind is Kind.YES_NO:
        return "是" if value else "否"
    if column.kind is Kind.CHOICE:
        return str(dict(column.choices).get(value, value))
    return str(value)


def _post_label(post: PostRecord, after: Records) -> str:
    """Word a post by the names of person and unit instead of their codes."""
    return f"{after.people[post.person].name}：{after.units[post.unit].short_name}{post.title}"
