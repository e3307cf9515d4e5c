from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from qingfeng.accounts.models import Grant, KnownPlace, User
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference, reference_to
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.notifications.enums import Urgency
from qingfeng.notifications.models import Message, MessageQuerySet

_COUNTED = "_unread_messages"


def visible_to(user: Actor) -> MessageQuerySet:
    """Return the user's own messages: an inbox is read by nobody else."""
    return Message.objects.filter(recipient=user.pk)


READ_STATES = (("unread", "未读"), ("read", "已读"))


def inbox(user: Actor) -> QuerySet[Message]:
    """Return the user's messages with their senders, and `urgency_place` to sort by."""
    places = [When(urgency=value, then=Value(place)) for place, value in enumerate(Urgency.values)]
    ranked = Case(*places, default=Value(0), output_field=IntegerField())
    return visible_to(user).select_related("sender").annotate(urgency_place=ranked)


def in_state(messages: QuerySet[Message], state: str) -> QuerySet[Message]:
    """Keep the messages that are read, or those that are not."""
    return messages.filter(read_at__isnull=state == "unread")


def unread_count(user: Any) -> int:
    """Return how many messages the user has not read; counted once for each request's user object."""
    known = getattr(user, _COUNTED, None)
    if known is None:
        known = visible_to(user).unread().count()
        setattr(user, _COUNTED, known)
    return int(known)


def holders(role: str, date: dt.date, *, unit: int | None = None) -> list[User]:
    """Return the active users who hold the role on the date; with a unit, those whose grant reaches it."""
    if role in ADMIN_ROLES:
        return list(User.objects.filter(seat__role=role, is_active=True))
    grants = Grant.objects.active_on(date).filter(role=role)
    if unit is not None:
        grants = grants.filter(Q(unit=unit) | Q(unit__isnull=True))
    people = User.objects.filter(pk__in=grants.values("user"), is_active=True, seat__isnull=True)
    return list(people.order_by("pk"))


def holders_by_unit(role: str, date: dt.date, units: Iterable[int]) -> dict[int, list[User]]:
    """Map each unit's id to the active users who hold the role for it by name, in one query."""
    grants = Grant.objects.active_on(date).filter(
        role=role, unit__in=list(units), user__is_active=True, user__seat__isnull=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for grant in grants.select_related("user").order_by("user_id"):
        if grant.unit_id is not None and grant.user not in found[grant.unit_id]:
            found[grant.unit_id].append(grant.user)
    return dict(found)


def place(place_id: int) -> KnownPlace:
    return KnownPlace.objects.select_related("user").get(pk=place_id)


@dataclass(frozen=True)
class Paper:
    """An official document as a message speaks of it: its number, where it is read, and who is told."""

    number: str
    link: str
    subject: Reference
    readers: list[User]


def paper(document_id: int, date: dt.date) -> Paper:
    """Return a document with the heads and liaison officers of the units it was issued to."""
    document = OfficialDocument.objects.get(pk=document_id)
    units = [unit for unit in document.recipients.values_list("unit_id", flat=True) if unit]
    found = [holders_by_unit(role, date, units) for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON)]
    readers = {user.pk: user for each in found for users in each.values() for user in users}
    return Paper(
        document.number_text,
        reverse("documents:detail", args=[document.pk]),
        reference_to(document),
        list(readers.values()),
    )
