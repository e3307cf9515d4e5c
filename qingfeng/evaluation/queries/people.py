from __future__ import annotations

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Post

BELONGING = (Role.UNIT_HEAD, Role.UNIT_LIAISON, Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER)
"""Roles of people who work in the unit that they hold them for."""


def units_of(user: Actor) -> set[int]:
    """Return the units a person works in, by role or by post: those he may not score."""
    if user.pk is None:
        return set()
    posts = Post.objects.held_on(clock.today()).filter(person__user=user.pk)
    return user.units_for(*BELONGING) | set(posts.values_list("unit_id", flat=True))


def by_id(user_id: int | None) -> User | None:
    """Return the user with the id, or None for the platform itself."""
    return None if user_id is None else User.objects.filter(pk=user_id).first()
