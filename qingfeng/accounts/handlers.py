"""What signs of the libraries mean to us; `shell/wiring.py` connects them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from qingfeng.accounts.actions import sign_in
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import places, policy
from qingfeng.core import clock

PASSWORD_DUE = "password_due"  # noqa: S105 -- the name of a session key
FACTOR_DUE = "factor_due"


def address_of(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request is not None else ""


def signed_in(request: HttpRequest, user: User, **rest: Any) -> None:
    """Write the sign-in down, and note in the session what the person owes before he may go on."""
    at, address = clock.now(), address_of(request)
    sign_in.note_success(action="sign_in", user=user, at=at, address=address)
    sign_in.note_place(user=user, at=at, address=address, browser=places.browser_words(request.META))
    _note_password_due(request, user)
    request.session[FACTOR_DUE] = policy.lacks_factor(user)


def signed_out(request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is not None:
        sign_in.note_success(action="sign_out", user=user, at=clock.now(), address=address_of(request))


def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any) -> None:
    name = str(credentials.get("username") or "")
    sign_in.note_failure(action="sign_in.fail", username=name, at=clock.now(), address=address_of(request))


def password_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    _note_password_due(request, user)


def factor_added(request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    _note_factor("factor.add", request, user, authenticator)


def factor_removed(request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    _note_factor("factor.remove", request, user, authenticator)
    request.session[FACTOR_DUE] = policy.lacks_factor(user)


def factor_renewed(request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    _note_factor("factor.renew", request, user, authenticator)


def factor_failed(request: HttpRequest, user: User, **rest: Any) -> None:
    sign_in.note_failure(
        action="sign_in.factor_fail", username=user.username, at=clock.now(), address=address_of(request)
    )


def _note_factor(action: str, request: HttpRequest, user: User, authenticator: Any) -> None:
    detail = {"type": str(authenticator.type)}
    sign_in.note_success(action=action, user=user, at=clock.now(), address=address_of(request), detail=detail)


def _note_password_due(request: HttpRequest, user: User) -> None:
    due = policy.password_expires_at(user)
    request.session[PASSWORD_DUE] = due.timestamp() if due else None
