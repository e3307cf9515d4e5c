"""Who reacts to what: every event and its handler or job, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal

from qingfeng.accounts import handlers as accounts
from qingfeng.audit import queries as audit_queries
from qingfeng.audit import tasks as audit_tasks
from qingfeng.core import events
from qingfeng.core.jobs import cron
from qingfeng.core.jobs.cron import Daily, Every, Line

REACTIONS: tuple[tuple[type, Callable[[Any], None]], ...] = ()

SIGNS: tuple[tuple[Signal, Callable[..., None]], ...] = (
    (auth_signals.user_logged_in, accounts.signed_in),
    (auth_signals.user_logged_out, accounts.signed_out),
    (auth_signals.user_login_failed, accounts.sign_in_failed),
    (account_signals.password_changed, accounts.password_changed),
    (factor_signals.authenticator_added, accounts.factor_added),
    (factor_signals.authenticator_removed, accounts.factor_removed),
    (factor_signals.authenticator_reset, accounts.factor_renewed),
    (factor_signals.authentication_failed, accounts.factor_failed),
)
"""The libraries' own signals, the only ones we listen to: signing in and the second factor."""

SCHEDULE: tuple[Line, ...] = (
    Line(audit_tasks.SEAL, "封存审计记录", Every(minutes=1), audit_queries.is_waiting),
    Line(audit_tasks.VERIFY, "校验审计记录", Daily(2, 30)),
)
"""What runs by itself, and when. A `tasks` module is loaded by being named here or below."""


def connect() -> None:
    """Subscribe every reaction and schedule every line; called once, when the apps are loaded."""
    for line in SCHEDULE:
        cron.schedule(line)
    for event_type, handler in REACTIONS:
        events.subscribe(event_type, handler)
    for sign, receiver in SIGNS:
        sign.connect(receiver, dispatch_uid=f"{receiver.__module__}.{receiver.__name__}")
