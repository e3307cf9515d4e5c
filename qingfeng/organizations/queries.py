from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from qingfeng.core.actors import Actor
from qingfeng.core.roles import COMMISSION_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import ImportDraft, Person, Post, PostQuerySet, Unit, UnitQuerySet

SEE_ALL_UNITS = (*COMMISSION_ROLES, Role.CHECKUP_MEMBER, Role.SECURITY_ADMIN)
"""The security administrator picks units by name for grants; he reads no people."""


def visible_to(user: Actor) -> UnitQuerySet:
    """Return the units whose page the user may open: all for the commission, one's own for unit people."""
    if user.holds(*SEE_ALL_UNITS):
        return Unit.objects.all()  # type: ignore[no-any-return]
    return Unit.objects.filter(pk__in=user.units_for(*UNIT_BOUND_ROLES))  # type: ignore[no-any-return]


def people_visible_to(user: Actor) -> QuerySet[Person]:
    """Return the people whose page the user may open: those who hold or held a post in the units in scope."""
    if user.holds(*COMMISSION_ROLES):
        return Person.objects.all()
    return Person.objects.filter(posts__unit__in=user.units_for(*UNIT_BOUND_ROLES)).distinct()


def posts_visible_to(user: Actor) -> PostQuerySet:
    """Return the posts in scope; of a person with posts elsewhere, unit people see those in their units."""
    if user.holds(*COMMISSION_ROLES):
        return Post.objects.all()
    return Post.objects.filter(unit__in=user.units_for(*UNIT_BOUND_ROLES))


@dataclass(frozen=True)
class UnitName:
    """What every signed-in person may know of an evaluated unit."""

    id: int
    code: str
    short_name: str
    unit_class: str


def evaluated_names(date: dt.date) -> list[UnitName]:
    """Return the names of the units evaluated on the date, in the order of the lists."""
    rows = in_order(Unit.objects.active_on(date).evaluated())
    return [UnitName(*row) for row in rows.values_list("pk", "code", "short_name", "unit_class")]


def in_order(units: UnitQuerySet) -> UnitQuerySet:
    """Order units by class (as the classes are listed), place and code."""
    places = [When(unit_class=value, then=Value(place)) for place, value in enumerate(UnitClass.values)]
    ranked = units.annotate(class_place=Case(*places, default=Value(99), output_field=IntegerField()))
    return ranked.order_by("class_place", "sort_order", "code")  # type: ignore[no-any-return]


def active_on(date: dt.date) -> UnitQuerySet:
    """Return the units in existence on the date (first and last day inclusive)."""
    return Unit.objects.active_on(date)  # type: ignore[no-any-return]


def evaluated_on(date: dt.date) -> UnitQuerySet:
    """Return the units in existence and evaluated on the date."""
    return Unit.objects.active_on(date).evaluated()  # type: ignore[no-any-return]


def choosable(date: dt.date, keep: int | None = None) -> UnitQuerySet:
    """Return the units to choose from on the date, and the one already chosen (`keep`) though it ended."""
    in_use = Unit.objects.active_on(date)
    return in_use | Unit.objects.filter(pk=keep) if keep else in_use  # type: ignore[no-any-return]


def with_relatives(units: UnitQuerySet) -> UnitQuerySet:
    """Read parent and successor in the same query, for a list or a page."""
    return units.select_related("parent", "successor")  # type: ignore[no-any-return]


def children_of(unit: Unit, date: dt.date) -> UnitQuerySet:
    return in_order(Unit.objects.active_on(date).filter(parent=unit))


def stored(unit: Unit) -> Unit:
    """Return the unit as it is stored now."""
    return Unit.objects.get(pk=unit.pk)  # type: ignore[no-any-return]


def predecessors_of(unit: Unit) -> UnitQuerySet:
    return Unit.objects.filter(successor=unit).order_by("active_to", "code")  # type: ignore[no-any-return]


def ancestors_of(unit: Unit) -> list[Unit]:
    """Return the bodies the unit belongs to, topmost first."""
    return list(unit.ancestors())


def successor_of(unit: Unit, date: dt.date) -> Unit | None:
    """Return the unit that stands for this one on the date: itself while it exists, then its successors.

    None where it had not begun, or ended without a successor.
    """
    return next(iter(Unit.objects.filter(pk__in=filter(None, [successors_on(date).get(unit.pk)]))), None)


def successors_on(date: dt.date) -> dict[int, int | None]:
    """Map every unit's id to the id of the unit that stands for it on the date, in one query."""
    rows = {
        row[0]: row[1:] for row in Unit.objects.values_list("pk", "active_from", "active_to", "successor_id")
    }
    found: dict[int, int | None] = {}
    for start in rows:
        at: int | None = start
        for _ in range(len(rows) + 1):
            if at is None or rows[at][1] is None or rows[at][1] >= date:
                break
            at = rows[at][2]
        begun = at is not None and rows[at][0] <= date
        found[start] = at if begun else None
    return found


_MAIN_POST_FIRST = ("person_id", "is_concurrent", "-is_head", "-is_leader", "-held_from", "pk")


def unit_of(person: Person, date: dt.date) -> Unit | None:
    """Return the unit a person belonged to on the date ("at the time of the act"), or None.

    Of several posts the main one counts: not a concurrent one, then head before leader before others, then
    the one taken up last.
    """
    return units_of_people([person.pk], date).get(person.pk)


def units_of_people(people: Iterable[int], date: dt.date) -> dict[int, Unit]:
    """Map each person's id to the unit he belonged to on the date, as `unit_of`, in one query."""
    posts = Post.objects.held_on(date).filter(person__in=list(people)).select_related("unit")
    found: dict[int, Unit] = {}
    for post in posts.order_by(*_MAIN_POST_FIRST):
        found.setdefault(post.person_id, post.unit)
    return found


def heads_on(date: dt.date, units: Iterable[int]) -> dict[int, Post]:
    """Map each unit's id to the post of its head on the date, the person with it."""
    posts = Post.objects.held_on(date).filter(unit__in=list(units), is_head=True).select_related("person")
    return {post.unit_id: post for post in posts.order_by("-held_from", "-pk")}


def posts_by_time(unit: Unit, date: dt.date) -> dict[str, list[Post]]:
    """Return the posts in the unit held on the date (`now`, the head first), before it and after it."""
    found: dict[str, list[Post]] = {"now": [], "past": [], "coming": []}
    posts = Post.objects.filter(unit=unit).select_related("person")
    for post in posts.order_by("-is_head", "-is_leader", "held_from", "pk"):
        if post.held_to is not None and post.held_to < date:
            found["past"].append(post)
        else:
            found["coming" if post.held_from > date else "now"].append(post)
    found["past"].sort(key=lambda post: (post.held_to or date, post.held_from), reverse=True)
    return found


def posts_of(person: Person, posts: PostQuerySet) -> PostQuerySet:
    """Return a person's posts among those in scope, open ones first, the latest first."""
    mine = posts.filter(person=person).select_related("unit")
    return mine.annotate(is_over=Q(held_to__isnull=False)).order_by("is_over", "-held_from", "-pk")


def people_with_posts(people: QuerySet[Person], posts: PostQuerySet, date: dt.date) -> QuerySet[Person]:
    """Attach to each person the posts held on the date among those in scope, as `current_posts`."""
    held = posts.held_on(date).select_related("unit").order_by(*_MAIN_POST_FIRST)
    return people.prefetch_related(Prefetch("posts", queryset=held, to_attr="current_posts"))


UNIT_STATES = (("open", "在用"), ("closed", "已停用"), ("coming", "未启用"))


def in_state(units: Any, state: str, date: dt.date) -> Any:
    """Keep the units in existence on the date, ended before it, or not begun yet."""
    if state == "open":
        return units.active_on(date)
    return units.filter(active_to__lt=date) if state == "closed" else units.filter(active_from__gt=date)


def size(units: UnitQuerySet, date: dt.date) -> tuple[int, int]:
    """Return how many of the units exist on the date, and how many of those are evaluated."""
    row = units.active_on(date).aggregate(
        total=Count("pk"), evaluated=Count("pk", filter=Q(is_evaluated=True))
    )
    return row["total"], row["evaluated"]


PERSON_STATES = (("now", "在任"), ("left", "已离任"))


def people_in_state(people: QuerySet[Person], state: str, date: dt.date) -> QuerySet[Person]:
    """Keep the people who hold a post on the date, or those who hold none."""
    in_post = Q(pk__in=Post.objects.held_on(date).values("person"))
    return people.filter(in_post if state == "now" else ~in_post)


def people_in_unit(people: QuerySet[Person], unit: str, date: dt.date) -> QuerySet[Person]:
    """Keep the people who hold a post in the unit (its id as text) on the date."""
    return people.filter(pk__in=Post.objects.held_on(date).filter(unit=int(unit)).values("person"))


def open_posts(unit: Unit, after: dt.date) -> PostQuerySet:
    """Return the posts in the unit that reach beyond the date."""
    return Post.objects.filter(unit=unit).filter(Q(held_to__isnull=True) | Q(held_to__gt=after))


def open_children(unit: Unit, after: dt.date) -> UnitQuerySet:
    """Return the units below this one that exist beyond the date."""
    lasting = Q(active_to__isnull=True) | Q(active_to__gt=after)
    return Unit.objects.filter(lasting, parent=unit)  # type: ignore[no-any-return]


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(code__in=list(codes))}


def draft_of(user: Actor, token: UUID, now: dt.datetime) -> QuerySet[ImportDraft]:
    """Return the user's own draft, while it lasts."""
    return ImportDraft.objects.filter(token=token, uploader_id=user.pk, expires_at__gt=now)


def changed_since(stored: Any, seen: dict[str, Any]) -> Sequence[tuple[str, Any, Any]]:
    """Return (label, stored, seen) of the fields whose stored value differs from what an editor sends."""
    found = []
    for name, value in seen.items():
        field = stored._meta.get_field(name)
        display = getattr(stored, f"get_{name}_display", None)
        current = getattr(stored, name)
        if current != value:
            found.append((str(field.verbose_name), display() if display else current, value))
    return found
