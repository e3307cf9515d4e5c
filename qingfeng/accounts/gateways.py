"""Failed sign-ins, counted in the database cache, so that every process of the web server sees them.

Each try takes a numbered slot by `cache.add` before the password is looked at: the insert is atomic, so many
tries at once cannot pass one free slot.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.cache import cache

MAX_SLOTS = 10
"""The most failures a commission may allow (bound of the setting)."""


def _key(username: str, part: str) -> str:
    digest = hashlib.sha256(username.strip().lower().encode()).hexdigest()[:40]
    return f"sign-in:{digest}:{part}"


def locked_until(username: str, now: dt.datetime) -> dt.datetime | None:
    """Return when the lock on the name ends, or None where it is open."""
    until: dt.datetime | None = cache.get(_key(username, "lock"))
    return until if until is not None and until > now else None


def take_slot(username: str, *, limit: int, window: dt.timedelta) -> int:
    """Take the next of `limit` tries within the window; return its number from 1, or 0 where none is left."""
    for slot in range(1, limit + 1):
        if cache.add(_key(username, str(slot)), 1, window.total_seconds()):
            return slot
    return 0


def lock(username: str, *, now: dt.datetime, duration: dt.timedelta) -> dt.datetime:
    """Lock the name and return until when."""
    until = now + duration
    cache.set(_key(username, "lock"), until, duration.total_seconds())
    return until


def forget(username: str) -> None:
    """Open the name again and give back all tries."""
    cache.delete_many([_key(username, part) for part in ("lock", *map(str, range(1, MAX_SLOTS + 1)))])


CODE_SECONDS = 120
"""Longer than a code of the authenticator can be valid: three steps of 30 seconds (RFC 6238, tolerance 1)."""


def _code_key(user_id: int, code: str) -> str:
    digest = hashlib.sha256(f"{user_id}:{code.strip()}".encode()).hexdigest()[:40]
    return f"factor-code:{digest}"


def is_code_used(user_id: int, code: str) -> bool:
    return cache.get(_code_key(user_id, code)) is not None


def take_code(user_id: int, code: str) -> bool:
    """Use a code of the second factor up; say whether it was not used before, in any process."""
    return bool(cache.add(_code_key(user_id, code), 1, CODE_SECONDS))
