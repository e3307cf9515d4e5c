"""One generic reference: a kind slug and an id, for rows that may point at anything (ADR 0003)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reference:
    kind: str
    id: int


def kind_of(subject: Any) -> str:
    """Return the stable slug a model declares as `kind`; raises AttributeError where it declares none."""
    return str(subject.kind)


def reference_to(subject: Any) -> Reference:
    return Reference(kind=kind_of(subject), id=int(subject.pk))
