from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.organizations import rules
from qingfeng.organizations.actions import locking
from qingfeng.organizations.models import Person, Post, Unit

CODE_TAKEN = "人员编号“{code}”已被使用，请核对是否同一人"


@transaction.atomic
def add_person(*, code: str, name: str, by: Actor, at: dt.datetime, is_party_member: bool = True) -> Person:
    """Add a person. Raises `Denied`, and `Refused` for a taken code."""
    rules.edit_people.check(by)
    person = Person(code=code, name=name, is_party_member=is_party_member)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as failure:
        raise Refused(CODE_TAKEN.format(code=code)) from failure
    _record("person.add", person, by=by, at=at)
    return person


@transaction.atomic
def edit_person(*, person: Person, revision: int, by: Actor, at: dt.datetime, **fields: Any) -> Person:
    """Change a person's code, name or party membership.

    `revision` is the one the editor saw. Raises `Denied`, `Conflict` where another editor was faster, and
    `Refused` for a taken code.
    """
    rules.edit_people.check(by)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.revision != revision:
        raise Conflict
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, fields[name])
    locked.revision += 1
    try:
        with transaction.atomic():
            locked.save(update_fields=[*changed, "revision"])
    except IntegrityError as failure:
        raise Refused(CODE_TAKEN.format(code=locked.code)) from failure
    _record("person.edit", locked, by=by, at=at, fields=changed)
    return locked


@transaction.atomic
def appoint(
    *,
    person: Person,
    unit: Unit,
    title: str,
    held_from: dt.date,
    by: Actor,
    at: dt.datetime,
    held_to: dt.date | None = None,
    is_leader: bool = False,
    is_head: bool = False,
    is_concurrent: bool = False,
) -> Post:
    """Give a person a post in a unit; a head leads as well.

    Raises `Denied`, and `Refused` where the unit has another head at the time, the person holds the same
    post already, or the unit ends before the post does.
    """
    rules.edit_people.check(by)
    post = Post(
        person=person, unit=locking.hold_unit(unit.pk), title=title, held_from=held_from, held_to=held_to,
        is_leader=is_leader or is_head, is_head=is_head, is_concurrent=is_concurrent,
    )  # fmt: skip
    _insist_on_post(post)
    post.save(force_insert=True)
    _record("post.appoint", post, by=by, at=at, person=person.pk, unit=unit.pk)
    return post


@transaction.atomic
def leave(*, post: Post, last_day: dt.date, by: Actor, at: dt.datetime) -> Post:
    """End a post on a day. Raises `Denied`, and `Refused` for a post that is over or began later."""
    rules.edit_people.check(by)
    unit = locking.hold_unit(post.unit_id)
    locked = Post.objects.select_for_update().get(pk=post.pk)
    locked.unit = unit
    if locked.held_to is not None and locked.held_to < timezone.localdate(at):
        raise Refused("这项任职已经结束")
    if last_day < locked.held_from:
        raise Refused(f"免职日期不能早于任职日期（{locked.held_from:%Y-%m-%d}）")
    locked.held_to = last_day
    _insist_on_post(locked)
    locked.save(update_fields=["held_to"])
    _record("post.leave", locked, by=by, at=at, person=locked.person_id, unit=locked.unit_id)
    return locked


@transaction.atomic
def correct_post(*, post: Post, by: Actor, at: dt.datetime, **fields: Any) -> Post:
    """Correct what was entered wrongly: title, is_leader, is_head, is_concurrent, held_from, held_to.

    Raises `Denied`, and `Refused` as `appoint` does.
    """
    rules.edit_people.check(by)
    unit = locking.hold_unit(post.unit_id)
    locked = Post.objects.select_for_update().get(pk=post.pk)
    locked.unit = unit
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, fields[name])
    locked.is_leader = locked.is_leader or locked.is_head
    _insist_on_post(locked)
    if changed:
        locked.save(update_fields=[*changed, "is_leader"])
    _record("post.correct", locked, by=by, at=at, fields=changed)
    return locked


def _record(action: str, subject: Person | Post, *, by: Actor, at: dt.datetime, **detail: Any) -> None:
    audit.record(action=action, by=by, at=at, subject=references.reference_to(subject), detail=detail)


def _insist_on_post(post: Post) -> None:
    """Refuse reversed dates, a post beyond its unit's end, a second head, and the same post twice."""
    unit = post.unit
    if post.held_to is not None and post.held_to < post.held_from:
        raise Refused("免职日期不能早于任职日期")
    if unit.active_to is not None and (post.held_to is None or post.held_to > unit.active_to):
        raise Refused(f"“{unit.short_name}”已于 {unit.active_to:%Y-%m-%d} 停用，任职不能晚于这一天")
    others = _at_the_same_time(post)
    if post.is_head:
        head = others.filter(is_head=True).select_related("person").first()
        if head is not None:
            raise Refused(
                f"“{unit.short_name}”在这段时间已有主要负责人{head.person.name}，"
                f"{head.held_from:%Y-%m-%d} 起任职；同一时间只能有一名，请先免去原任"
            )
    if others.filter(person=post.person_id, title=post.title).exists():
        raise Refused(f"该同志在“{unit.short_name}”已任“{post.title}”，任期重叠")


def _at_the_same_time(post: Post) -> Any:
    others = Post.objects.filter(unit=post.unit_id).exclude(pk=post.pk)
    others = others.filter(Q(held_to__isnull=True) | Q(held_to__gte=post.held_from))
    return others if post.held_to is None else others.filter(held_from__lte=post.held_to)
