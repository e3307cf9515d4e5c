"""Who reacts to what: every event and its handler or job, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal

from qingfeng.accounts import handlers as accounts
from qingfeng.core import events

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


def connect() -> None:
    """Subscribe every reaction; called once, when the apps are loaded."""
    for event_type, handler in REACTIONS:
        events.subscribe(event_type, handler)
    for sign, receiver in SIGNS:
        sign.connect(receiver, dispatch_uid=f"{receiver.__module__}.{receiver.__name__}")
