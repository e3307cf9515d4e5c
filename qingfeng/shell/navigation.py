"""The side navigation: which pages a person finds there, by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from qingfeng.accounts.models import User
from qingfeng.core.roles import Role

OFFICERS = (
    Role.SECRETARY,
    Role.DEPUTY_LEADER,
    Role.COMMITTEE_CLERK,
    Role.OFFICE,
    Role.CONDUCT_OFFICE,
    Role.CASE_OFFICE,
    Role.SUPERVISION_OFFICE,
    Role.INVESTIGATION_OFFICE,
    Role.ADJUDICATION_OFFICE,
    Role.REFORM_OFFICE,
    Role.PETITION_OFFICE,
)
UNIT_PEOPLE = (Role.UNIT_HEAD, Role.UNIT_LIAISON)
ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@dataclass(frozen=True)
class Place:
    """A page of the navigation: its label, URL name, group, and the roles that find it there."""

    label: str
    url_name: str
    group: str
    roles: tuple[str, ...] = ()
    count: Callable[[User], int] | None = None


@dataclass
class Item:
    label: str
    url: str
    count: int
    is_active: bool


@dataclass
class Group:
    label: str
    items: list[Item] = field(default_factory=list)


def compose(places: tuple[Place, ...], user: User, path: str) -> list[Group]:
    """Return the groups with the places open to the user, the longest matching one marked active."""
    groups: dict[str, Group] = {}
    for place in places:
        if place.roles and not user.holds(*place.roles):
            continue
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:  # an app that is not installed yet has no place
            continue
        count = place.count(user) if place.count else 0
        group = groups.setdefault(place.group, Group(place.group))
        group.items.append(Item(place.label, url, count, is_active=False))
    items = [item for group in groups.values() for item in group.items]
    matching = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    if matching:
        max(matching, key=lambda item: len(item.url)).is_active = True
    return list(groups.values())
