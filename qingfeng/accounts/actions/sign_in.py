"""What the audit book keeps of the way in: who, from where, whether it worked. Never what was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession

from qingfeng.accounts import gateways
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import policy
from qingfeng.audit import actions as audit
from qingfeng.audit.enums import Outcome
from qingfeng.core import references


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


def note_presence(*, session_key: str | None, at: dt.datetime) -> None:
    """Keep when a session was last used, for the list of sessions."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)
