"""Search over units, people and documents, each within the person's scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.documents.queries import official
from qingfeng.organizations import queries as organizations

SHOWN = 10


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Section:
    """The hits of one kind, and whether there are more than are shown."""

    label: str
    hits: list[Hit]
    has_more: bool


def search(user: User, words: str) -> list[Section]:
    """Return what the words are found in, kind by kind; nothing for empty words."""
    if not words:
        return []
    found = (("单位", _units(user, words)), ("人员", _people(user, words)), ("文书", _documents(user, words)))
    return [Section(label, hits[:SHOWN], len(hits) > SHOWN) for label, hits in found if hits]


def _units(user: User, words: str) -> list[Hit]:
    condition = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__iexact=words)
    rows = organizations.in_order(organizations.visible_to(user).filter(condition))
    return [
        Hit(row.name, row.get_unit_class_display(), reverse("organizations:detail", args=[row.pk]))
        for row in rows[: SHOWN + 1]
    ]


def _people(user: User, words: str) -> list[Hit]:
    rows = organizations.people_visible_to(user).filter(Q(name__icontains=words) | Q(code__iexact=words))
    return [
        Hit(row.name, row.code, reverse("organizations:person", args=[row.pk]))
        for row in rows.order_by("code")[: SHOWN + 1]
    ]


def _documents(user: User, words: str) -> list[Hit]:
    rows = official.register(user).filter(Q(title__icontains=words) | Q(number_text__icontains=words))
    return [
        Hit(row.title, row.number_text or "未编号", reverse("documents:detail", args=[row.pk]))
        for row in rows.order_by("-pk")[: SHOWN + 1]
    ]
