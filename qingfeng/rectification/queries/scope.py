"""Who sees which items and institutions. Every list and page of this app starts here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.rectification.models.institutions import Institution, InstitutionQuerySet
from qingfeng.rectification.models.items import Item, ItemQuerySet

WHOLE = (Role.SECRETARY, Role.DEPUTY_LEADER, Role.CONDUCT_OFFICE, Role.SUPERVISION_OFFICE)
"""Leaders and the offices that keep the whole list."""

OF_UNIT = (Role.UNIT_HEAD, Role.UNIT_LIAISON)
"""Those who put right, for their own unit."""

WATCHING = (Role.STATIONED_GROUP, Role.TOWN_COMMISSION)
"""Those outside the commission's house who may verify, for the units they were given."""

VERIFYING = (*sorted(COMMISSION_ROLES), *WATCHING)


@dataclass(frozen=True)
class Origin:
    """What a kind of origin says of itself: its name, who else reads its items, and where it is shown.

    `ids_visible_to(user)` returns the ids of the origins that the user reads; `address(id)` the page of one.
    """

    label: str
    ids_visible_to: Callable[[Any], QuerySet[Any]]
    address: Callable[[int], str]


ORIGINS: dict[str, Origin] = {}
"""Declared in `shell/wiring.py` through `let_see`."""


def let_see(kind: str, origin: Origin) -> None:
    """Declare a kind of origin: its items are read by those who read the origin, beside whom we know."""
    ORIGINS[kind] = origin


def origin_label(kind: str) -> str:
    found = ORIGINS.get(kind)
    return found.label if found else "其他"


def origin_choices() -> list[tuple[str, str]]:
    return [(kind, origin.label) for kind, origin in ORIGINS.items()]


def origin_address(item: Any, user: Any) -> str:
    """Return where the origin of an item or institution is shown, or an empty string out of its scope."""
    found = ORIGINS.get(item.origin_kind)
    if found is None or not found.ids_visible_to(user).filter(pk=item.origin_id).exists():
        return ""
    return found.address(item.origin_id)


def is_whole(user: Any) -> bool:
    return bool(user.holds(*WHOLE))


def units_of(user: Any) -> set[int]:
    """Return the ids of the units for which the user puts right."""
    return set(user.units_for(*OF_UNIT))


def items_visible_to(user: Any) -> ItemQuerySet:
    """Return the items in scope: all; one's own units'; what one opened, verifies, or reads the origin of."""
    rows = Item.objects.all()
    if user.pk is None:
        return rows.none()
    if is_whole(user):
        return rows
    condition = Q(unit__in=units_of(user)) | verified_by(user)
    if user.holds(*VERIFYING):
        condition |= Q(opened_by=user.pk)
        for kind, origin in ORIGINS.items():
            condition |= Q(origin_kind=kind, origin_id__in=origin.ids_visible_to(user).values("pk"))
    return rows.filter(condition)


def verified_by(user: Any) -> Q:
    """Return the condition that an item is for the user to verify, in person or by an office he holds."""
    if not user.holds(*VERIFYING):
        return Q(pk__in=[])
    offices = [role for role in sorted(COMMISSION_ROLES) if user.holds(role)]
    condition = Q(verifier=user.pk) | Q(verifier_role__in=offices)
    for role in WATCHING:
        condition |= Q(verifier_role=role, unit__in=user.units_for(role))
    return condition


def institutions_visible_to(user: Any) -> InstitutionQuerySet:
    """Return the institutions in scope: all; one's own units'; those that answer an item in scope."""
    rows = Institution.objects.all()
    if user.pk is None:
        return rows.none()
    if is_whole(user):
        return rows
    answering = Q(answers__item__in=items_visible_to(user))
    return rows.filter(Q(unit__in=units_of(user)) | answering).distinct()
