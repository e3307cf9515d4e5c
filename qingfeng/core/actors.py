"""Who acts: a typed protocol that every app below and above `accounts` can name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


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


@dataclass(frozen=True)
class SystemActor:
    """The platform itself: scheduled jobs act as it, and it holds no role."""

    pk: None = None
    display_name: str = "系统"
    is_system: bool = True

    def holds(self, *roles: str, unit: Any = None) -> bool:
        return False

    def units_for(self, *roles: str) -> set[int]:
        return set()


SYSTEM = SystemActor()
