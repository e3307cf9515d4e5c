"""What the audit book keeps of the way in: who, from where, whether it worked. Never what was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from qingfeng.accounts import gateways
from qingfeng.accounts.events import SignedInFromNewPlace
from qingfeng.accounts.models import KnownPlace, User
from qingfeng.accounts.queries import policy
from qingfeng.audit import actions as audit
from qingfeng.audit.enums import Outcome
from qingfeng.core import events, references


def note_success(
    *, action: str, user: User | None, at: dt.datetime, address: str, detail: dict[str, Any] | None = None
) -> None:
    """Write that a step of signing in or out was taken."""
    subject = references.reference_to(user) if user else None
    audit.record(action=action, by=user, at=at, subject=subject, address=address, detail=detail)


def note_failure(*, action: str, username: str, at: dt.datetime, address: str) -> None:
    """Write that a step failed; a login name that is nobody's is not kept, it may be a password."""
    known = User.objects.filter(username=username.strip().lower()).first()
    audit.record(
        action=action,
        by=None,
        at=at,
        subject=references.reference_to(known) if known else None,
        outcome=Outcome.FAILED,
        address=address,
        detail={"known": known is not None},
    )


def take_try(*, username: str, at: dt.datetime) -> int:
    """Count a try before the password is looked at; return how many are left after it, or -1 where locked."""
    limit, duration = policy.lockout()
    if gateways.locked_until(username, at):
        return -1
    slot = gateways.take_slot(username, limit=limit, window=duration)
    if not slot:
        gateways.lock(username, now=at, duration=duration)
        return -1
    return limit - slot


def lock(*, username: str, at: dt.datetime, address: str) -> None:
    """Lock a name whose tries are used up."""
    gateways.lock(username, now=at, duration=policy.lockout()[1])
    note_failure(action="sign_in.lock", username=username, at=at, address=address)


def locked_until(*, username: str, at: dt.datetime) -> dt.datetime | None:
    return gateways.locked_until(username, at)


def give_tries_back(*, username: str) -> None:
    """Start counting anew after a right password."""
    gateways.forget(username)


FACTOR = ":factor"
"""Behind a login name, which cannot hold a colon: the tries of its second factor are counted apart."""


def take_factor_try(*, user: User, at: dt.datetime) -> int:
    """Count a try of the second factor before it is looked at, as `take_try` does for the password."""
    return take_try(username=user.username + FACTOR, at=at)


def is_code_used(*, user: User, code: str) -> bool:
    return gateways.is_code_used(user.pk, code)


def use_code(*, user: User, code: str) -> bool:
    """Use a right code up and start counting anew; say whether it was fresh (RFC 6238, 5.2)."""
    if not gateways.take_code(user.pk, code):
        return False
    gateways.forget(user.username + FACTOR)
    return True


def lock_factor(*, user: User, at: dt.datetime, address: str) -> None:
    """Lock the second factor of a person whose tries are used up."""
    gateways.lock(user.username + FACTOR, now=at, duration=policy.lockout()[1])
    note_failure(action="sign_in.factor_lock", username=user.username, at=at, address=address)


@transaction.atomic
def note_place(*, user: User, at: dt.datetime, address: str, browser: str) -> None:
    """Keep from where and with what the person signed in, and publish it where it is new to him.

    The first place of an account is not new: there is nothing to compare it with.
    """
    was_known = KnownPlace.objects.filter(user=user).exists()
    place, is_new = KnownPlace.objects.get_or_create(
        user=user, address=address, browser=browser, defaults={"first_at": at, "last_at": at}
    )
    if not is_new:
        KnownPlace.objects.filter(pk=place.pk).update(last_at=at)
    elif was_known:
        events.publish(SignedInFromNewPlace(place_id=place.pk))


def note_presence(*, session_key: str | None, at: dt.datetime) -> None:
    """Keep when a session was last used, for the list of sessions."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


@transaction.atomic
def clear_sessions(*, at: dt.datetime) -> int:
    """Drop the sessions that have expired, and their lines in the lists of sessions; return how many."""
    count, _ = Session.objects.filter(expire_date__lt=at).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    return count
