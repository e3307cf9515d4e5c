from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from qingfeng.accounts.models import User
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference
from qingfeng.notifications import queries, rules
from qingfeng.notifications.enums import Urgency
from qingfeng.notifications.models import Message

BATCH = 500


@dataclass(frozen=True)
class Letter:
    """A message to be sent: words without case facts, and a link inside the platform."""

    recipient: User
    title: str
    body: str = ""
    link: str = ""
    urgency: str = Urgency.ORDINARY
    subject: Reference | None = None


def send(
    *,
    recipients: Iterable[User],
    title: str,
    body: str = "",
    link: str = "",
    by: Actor,
    at: dt.datetime,
    subject: Reference | None = None,
    urgency: str = Urgency.ORDINARY,
) -> int:
    """Send the same message to several people and return how many got it, as `send_letters` does."""
    letters = [Letter(person, title, body, link, urgency, subject) for person in recipients]
    return send_letters(letters=letters, by=by, at=at)


def send_to_role(
    *,
    role: str,
    title: str,
    body: str = "",
    link: str = "",
    by: Actor,
    at: dt.datetime,
    unit: int | None = None,
    subject: Reference | None = None,
    urgency: str = Urgency.ORDINARY,
) -> int:
    """Send a message to everybody who holds the role (for the unit, by id) and return how many got it."""
    recipients = queries.holders(role, timezone.localdate(at), unit=unit)
    return send(
        recipients=recipients,
        title=title,
        body=body,
        link=link,
        by=by,
        at=at,
        subject=subject,
        urgency=urgency,
    )


@transaction.atomic
def send_letters(*, letters: Iterable[Letter], by: Actor, at: dt.datetime) -> int:
    """Send many messages at once and return how many were sent.

    A person gets the same letter once; a disabled account gets none. Raises ValueError for a link that leads
    out of the platform: that is a programmer's mistake.
    """
    wanted = list(dict.fromkeys(letter for letter in letters if letter.recipient.is_active))
    for letter in wanted:
        if letter.link and not _is_inside(letter.link):
            raise ValueError("a message links to a path inside the platform")
    Message.objects.bulk_create(
        [
            Message(
                recipient=letter.recipient,
                sender_id=by.pk,
                title=letter.title,
                body=letter.body,
                link=letter.link,
                urgency=letter.urgency,
                subject_kind=letter.subject.kind if letter.subject else "",
                subject_id=letter.subject.id if letter.subject else None,
                sent_at=at,
            )
            for letter in wanted
        ],
        batch_size=BATCH,
    )
    return len(wanted)


def _is_inside(link: str) -> bool:
    return link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)


@transaction.atomic
def mark_read(*, message: Message, by: Actor, at: dt.datetime) -> None:
    """Note when a message was first read. Raises `Denied` for another person's message."""
    rules.read_message.check(by, message)
    queries.visible_to(by).unread().filter(pk=message.pk).update(read_at=at)


@transaction.atomic
def mark_all_read(*, by: Actor, at: dt.datetime) -> int:
    """Note that all of one's own messages sent up to now are read, and return how many were not."""
    return queries.visible_to(by).unread().filter(sent_at__lte=at).update(read_at=at)
