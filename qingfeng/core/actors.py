"""Who acts: a typed protocol that every app below and above `accounts` can name."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

_deciding: ContextVar[bool] = ContextVar("deciding", default=False)


@runtime_checkable
class Actor(Protocol):
    """A person or the system, as rules, actions and the audit book see them."""

    @property
    def pk(self) -> Any: ...

    @property
    def display_name(self) -> str: ...

    @property
    def is_system(self) -> bool: ...

    def holds(self, *roles: str, unit: Any = None) -> bool:
        """Say whether one of the roles is held today; with `unit` (instance or id), for that unit."""
        ...

    def units_for(self, *roles: str) -> set[int]:
        """Return the ids of the units for which one of the roles is held by name."""
        ...

    def hands(self, on: dt.date | None = None) -> set[int]:
        """Return the ids of those whose hand is also this person's: today, and on the day given."""
        ...

    @property
    def acting_for(self) -> int | None:
        """Return the id of the absent person in whose place the last permission was found, or None."""
        ...


@dataclass(frozen=True)
class SystemActor:
    """The platform itself: scheduled jobs act as it, and it holds no role."""

    pk: None = None
    display_name: str = "系统"
    is_system: bool = True
    acting_for: None = None

    def holds(self, *roles: str, unit: Any = None) -> bool:
        return False

    def units_for(self, *roles: str) -> set[int]:
        return set()

    def hands(self, on: dt.date | None = None) -> set[int]:
        return set()


SYSTEM = SystemActor()


def is_same_hand(user: Actor, other_id: int | None, *, on: dt.date | None = None) -> bool:
    """Say whether what another person did counts as the user's own: nobody decides on his own work.

    An absent person and all who stand in for him are one hand, today and on the day the work was done (`on`).
    """
    if other_id is None or user.pk is None:
        return False
    return bool(other_id == user.pk) or other_id in user.hands(on)


@contextlib.contextmanager
def deciding() -> Iterator[None]:
    """Mark that a rule is being checked for an act: what it finds is on whose behalf the act is done."""
    token = _deciding.set(True)
    try:
        yield
    finally:
        _deciding.reset(token)


def is_deciding() -> bool:
    return _deciding.get()
