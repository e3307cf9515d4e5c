from __future__ import annotations

import datetime as dt
import re
import secrets
import string
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingfeng.accounts import gateways, rules
from qingfeng.accounts.actions import sign_in
from qingfeng.accounts.enums import AccountChangeKind
from qingfeng.accounts.models import AccountChange, PasswordRecord, User
from qingfeng.accounts.queries import places
from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.organizations.models import Person

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
USERNAME_SENTENCE = "登录名用 3 至 40 个小写字母、数字、点、横线，以字母开头"
PASSWORD_LENGTH = 12
LETTERS = "abcdefghjkmnpqrstuvwxyz"
SIGNS = "#%+=?@"


@dataclass(frozen=True)
class Opened:
    """A new or reset account with its temporary password, which is stored nowhere and shown once."""

    user: User
    password: str


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    by: Actor,
    at: dt.datetime,
    reason: str,
    person: Person | None = None,
    encoded: str = "",
) -> Opened:
    """Open an account with a temporary password that must be changed at the first sign-in.

    `encoded` is the hash of a password settled elsewhere (a demo city, accounts moved over): then none is
    made and none must be changed. Raises `Denied`, and `Refused` where the name cannot be used.
    """
    rules.open_account.check(by)
    return create(username=username, name=name, by=by, at=at, reason=reason, person=person, encoded=encoded)


def create(
    *,
    username: str,
    name: str,
    by: Actor,
    at: dt.datetime,
    reason: str,
    person: Person | None = None,
    encoded: str = "",
) -> Opened:
    """Make the account; the caller has checked who may. Raises `Refused`."""
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise Refused(USERNAME_SENTENCE)
    if User.objects.filter(username=username).exists():
        raise Refused(f"登录名“{username}”已有人使用，请换一个")
    if person is not None and User.objects.filter(person=person).exists():
        raise Refused("此人已有账号，一人只开一个")
    password = "" if encoded else temporary_password()
    user = User.objects.create(
        username=username,
        name=name.strip(),
        person=person,
        password=encoded or make_password(password),
        must_change_password=not encoded,
        created_at=at,
    )
    PasswordRecord.objects.create(user=user, encoded=user.password, at=at)
    note(user, AccountChangeKind.OPENED, by=by, at=at, reason=reason)
    return Opened(user, password)


@transaction.atomic
def disable(*, account: User, by: Actor, at: dt.datetime, reason: str) -> None:
    """Close the account to sign-in and end its sessions; its grants stay on record. Raises `Denied`."""
    locked = _lock(account)
    rules.disable_account.check(by, locked)
    _set(account, is_active=False)
    _drop_sessions(account)
    note(account, AccountChangeKind.DISABLED, by=by, at=at, reason=reason)


@transaction.atomic
def enable(*, account: User, by: Actor, at: dt.datetime, reason: str) -> None:
    """Open a closed account again. Raises `Denied`."""
    locked = _lock(account)
    rules.enable_account.check(by, locked)
    _set(account, is_active=True)
    note(account, AccountChangeKind.ENABLED, by=by, at=at, reason=reason)


@transaction.atomic
def reset_password(*, account: User, by: Actor, at: dt.datetime, reason: str) -> Opened:
    """Give the account a temporary password, end its sessions and any lock. Raises `Denied`."""
    locked = _lock(account)
    rules.reset_password.check(by, locked)
    return put_temporary_password(account, by=by, at=at, reason=reason)


def put_temporary_password(account: User, *, by: Actor, at: dt.datetime, reason: str) -> Opened:
    """Set and record a temporary password; the caller has checked who may."""
    password = temporary_password()
    _set(account, password=make_password(password), must_change_password=True)
    PasswordRecord.objects.create(user=account, encoded=account.password, at=at)
    _drop_sessions(account)
    gateways.forget(account.username)
    note(account, AccountChangeKind.PASSWORD_RESET, by=by, at=at, reason=reason)
    return Opened(account, password)


@transaction.atomic
def change_password(*, user: User, password: str, at: dt.datetime) -> None:
    """Set the password its owner chose; the form has cleaned it."""
    _set(user, password=make_password(password), must_change_password=False, password_changed_at=at)
    PasswordRecord.objects.create(user=user, encoded=user.password, at=at)
    audit.record(action="password.change", by=user, at=at, subject=references.reference_to(user))


@transaction.atomic
def unlock(*, account: User, by: Actor, at: dt.datetime, reason: str) -> None:
    """End the lock that failed sign-ins brought about. Raises `Denied`."""
    rules.unlock_account.check(by, account)
    gateways.forget(account.username)
    gateways.forget(account.username + sign_in.FACTOR)
    note(account, AccountChangeKind.UNLOCKED, by=by, at=at, reason=reason)


@transaction.atomic
def remove_second_factor(*, account: User, by: Actor, at: dt.datetime, reason: str) -> None:
    """Take away authenticator and recovery codes of someone who lost them. Raises `Denied`."""
    rules.remove_second_factor.check(by, account)
    Authenticator.objects.filter(user=account).delete()
    _drop_sessions(account)
    note(account, AccountChangeKind.FACTOR_REMOVED, by=by, at=at, reason=reason)


@transaction.atomic
def end_sessions(
    *, account: User, by: Actor, at: dt.datetime, keep: str | None = None, reason: str = "本人操作"
) -> int:
    """Sign the account out everywhere but in the session `keep`; return how many. Raises `Denied`."""
    rules.end_sessions.check(by, account)
    ended = _drop_sessions(account, keep=keep)
    note(account, AccountChangeKind.SESSIONS_ENDED, by=by, at=at, reason=reason)
    return ended


@transaction.atomic
def end_session(*, account: User, key_digest: str, by: Actor, at: dt.datetime) -> bool:
    """Sign the account out in one place, named by the digest of its session's key; say whether it was there.

    Raises `Denied`.
    """
    rules.end_sessions.check(by, account)
    for session in UserSession.objects.filter(user=account):
        if secrets.compare_digest(places.session_digest(session.session_key), key_digest):
            session.end()
            note(account, AccountChangeKind.SESSIONS_ENDED, by=by, at=at, reason="本人操作，退出一处")
            return True
    return False


def temporary_password() -> str:
    """Make a password with all four classes and no letter that is read for another."""
    chosen = [secrets.choice(pool) for pool in (LETTERS, LETTERS.upper(), string.digits[2:], SIGNS)]
    everything = LETTERS + LETTERS.upper() + string.digits[2:]
    chosen += [secrets.choice(everything) for _ in range(PASSWORD_LENGTH - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


def note(user: User, what: AccountChangeKind, *, by: Actor, at: dt.datetime, reason: str) -> None:
    """Write down what was done to the account; the reason stays out of the audit book. Raises `Refused`."""
    if not reason.strip():
        raise Refused("请写明依据")
    AccountChange.objects.create(user=user, what=what, by_id=by.pk, at=at, reason=reason.strip())
    audit.record(action=f"user.{what.value}", by=by, at=at, subject=references.reference_to(user))


def _lock(account: User) -> User:
    return User.objects.select_for_update().get(pk=account.pk)


def _set(account: User, **values: object) -> None:
    User.objects.filter(pk=account.pk).update(**values)
    for field, value in values.items():
        setattr(account, field, value)
    account.forget_roles()


def _drop_sessions(account: User, keep: str | None = None) -> int:
    sessions = UserSession.objects.filter(user=account).exclude(session_key=keep)
    for session in sessions:
        session.end()
    return len(sessions)
