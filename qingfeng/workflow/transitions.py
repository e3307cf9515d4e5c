"""One literal table per machine: transitions, and nothing that touches the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Transition:
    """A named step from one of some states to a state."""

    name: str
    from_: frozenset[str]
    to: str
    label: str

    def __init__(self, name: str, *, from_: Iterable[str], to: str, label: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "from_", frozenset(str(state) for state in from_))
        object.__setattr__(self, "to", str(to))
        object.__setattr__(self, "label", label)


@dataclass(frozen=True)
class Machine:
    """The transitions of one kind of thing, with its states in their order (slug, label)."""

    kind: str
    title: str
    states: tuple[tuple[str, str], ...]
    initial: str
    transitions: tuple[Transition, ...]


MACHINES: dict[str, Machine] = {}


def machine(
    kind: str, title: str, states: Iterable[tuple[str, str]], initial: str, transitions: Iterable[Transition]
) -> Machine:
    """Declare a machine. Raises ValueError where a transition names a state that does not exist."""
    made = Machine(
        kind, title, tuple((str(s), str(label)) for s, label in states), str(initial), tuple(transitions)
    )
    known = {slug for slug, _ in made.states}
    for step in made.transitions:
        if not step.from_ | {step.to} <= known:
            raise ValueError(f"{kind}.{step.name} names an unknown state")
    MACHINES[kind] = made
    return made
