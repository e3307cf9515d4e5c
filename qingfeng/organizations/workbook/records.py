"""Units, people and posts as plain data, keyed by code: what a workbook says and what the platform holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnitRecord:
    """A unit; parent and successor by code, '' for none."""

    code: str
    name: str
    short_name: str
    unit_class: str
    active_from: dt.date
    parent: str = ""
    active_to: dt.date | None = None
    successor: str = ""
    is_evaluated: bool = True
    sort_order: int = 0

    @property
    def key(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        return f"{self.short_name}（{self.code}）"

    def lasts_beyond(self, date: dt.date | None) -> bool:
        """Say whether the unit exists after the date (None: for ever)."""
        return self.active_to is None if date is None else self.active_to is None or self.active_to > date


@dataclass(frozen=True)
class PersonRecord:
    code: str
    name: str
    is_party_member: bool = True

    @property
    def key(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        return f"{self.name}（{self.code}）"


PostKey = tuple[str, str, str, dt.date]


@dataclass(frozen=True)
class PostRecord:
    """A post; person and unit by code. Person, unit, title and first day say which post it is."""

    person: str
    unit: str
    title: str
    held_from: dt.date
    held_to: dt.date | None = None
    is_leader: bool = False
    is_head: bool = False
    is_concurrent: bool = False

    @property
    def key(self) -> PostKey:
        return (self.person, self.unit, self.title, self.held_from)

    @property
    def label(self) -> str:
        return f"{self.person} 任 {self.unit} {self.title}"

    def overlaps(self, other: PostRecord) -> bool:
        begins_in_time = other.held_to is None or self.held_from <= other.held_to
        return begins_in_time and (self.held_to is None or other.held_from <= self.held_to)


Record = UnitRecord | PersonRecord | PostRecord


@dataclass
class Records:
    """Everything the platform holds, or would hold after an import."""

    units: dict[str, UnitRecord] = field(default_factory=dict)
    people: dict[str, PersonRecord] = field(default_factory=dict)
    posts: dict[PostKey, PostRecord] = field(default_factory=dict)
