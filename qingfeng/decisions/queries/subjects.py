"""What the apps above say about the things they put before the leaders, known here by kind and id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.core.roles import Role

Readers = Callable[[Any], Iterable[int]]
"""The ids of a kind whose decisions a user may read: a values list (a subquery) or a set."""
MayAsk = Callable[[Any, int], bool]
NameOf = Callable[[int], tuple[str, str]]
"""The name of a thing and the address of its page, by id; the page guards itself."""


@dataclass(frozen=True)
class SubjectKind:
    """A kind of thing that is put before leaders or committee, as its owner declares it in the wiring.

    `roles` is the proposed order of signing, which the commission may replace; `may_ask` says who may put one
    before the leaders or the committee from this app's own pages.
    """

    kind: str
    label: str
    roles: Sequence[Role]
    name_of: NameOf | None = None
    may_ask: MayAsk | None = None


KINDS: dict[str, SubjectKind] = {}
READERS: dict[str, Readers] = {}


def label_of(kind: str) -> str:
    known = KINDS.get(kind)
    return known.label if known else "其他事项"


def name_of(kind: str, pk: int) -> tuple[str, str]:
    """Return name and address of a thing, or two empty strings where its owner declares none."""
    known = KINDS.get(kind)
    return known.name_of(pk) if known and known.name_of else ("", "")


def may_ask(user: Any, kind: str, pk: int) -> bool:
    known = KINDS.get(kind)
    return bool(known and known.may_ask and known.may_ask(user, pk))
