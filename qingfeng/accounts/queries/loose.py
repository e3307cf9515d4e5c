"""Grants that hang on nothing any more: the unit ended or merged, or the person's post is over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from qingfeng.accounts.models import Grant
from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Post


@dataclass(frozen=True)
class Loose:
    """A grant that is to be ended, and why."""

    grant: Grant
    why: str


def loose_grants(user: Actor, date: dt.date) -> list[Loose]:
    """Return the grants of today that are to be ended, for the security administrator; none for others."""
    if not user.holds(Role.SECURITY_ADMIN):
        return []
    rows = Grant.objects.active_on(date).own().select_related("user__person", "unit__successor")
    grants = list(rows.order_by("user__name", "pk"))
    posts = _posts([grant.user.person_id for grant in grants if grant.user.person_id])
    found = [(grant, _why(grant, posts.get(grant.user.person_id or 0, []), date)) for grant in grants]
    return [Loose(grant, why) for grant, why in found if why]


def choosable(found: list[Loose]) -> QuerySet[Grant]:
    rows = Grant.objects.filter(pk__in=[each.grant.pk for each in found])
    return rows.select_related("user", "unit").order_by("user__name", "pk")


def _posts(people: list[int]) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(person__in=people).select_related("unit").order_by("held_to", "pk"):
        found[post.person_id].append(post)
    return found


def _why(grant: Grant, posts: list[Post], date: dt.date) -> str:
    unit = grant.unit
    if unit is not None and unit.active_to is not None and unit.active_to < date:
        merged = f"，并入{unit.successor}" if unit.successor else ""
        return f"{unit}已于 {unit.active_to:%Y-%m-%d} 停用{merged}"
    ended = [post for post in posts if post.held_to is not None and post.held_to < date]
    current = [post for post in posts if post not in ended and post.held_from <= date]
    here = [post for post in ended if unit is not None and post.unit_id == unit.pk]
    if here and not any(post.unit_id == here[-1].unit_id for post in current):
        return f"在{here[-1].unit}的职务“{here[-1].title}”已于 {here[-1].held_to:%Y-%m-%d} 免去"
    if ended and not current:
        return f"最后的职务“{ended[-1].title}”已于 {ended[-1].held_to:%Y-%m-%d} 免去"
    return ""
