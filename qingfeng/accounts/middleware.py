from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from qingfeng.accounts import handlers
from qingfeng.accounts.actions import sign_in
from qingfeng.accounts.queries import policy
from qingfeng.accounts.views import gates
from qingfeng.core import clock, htmx

PUBLIC: dict[str, str] = {
    "account_login": "the way in",
    "account_logout": "one may always leave, in the midst of signing in too",
    "account_inactive": "tells who may not come in any more",
    "mfa_authenticate": "the second step of the way in; without the first it leads back to it",
    "ballots:vote": "a voter types the code of his slip; nobody signs in to vote without his name",
    "ballots:vote_open": "the paper of a code that was typed",
    "ballots:vote_ballot": "the paper of a code that was scanned",
    "ballots:vote_ballot_bare": "the same where the last stroke of the address got lost",
    "ballots:vote_cast": "takes a ballot under its code; the form is sealed by us, and no cookie is read",
    "ballots:vote_receipt": "a voter looks his receipt up; it says inclusion, never content",
    "ballots:vote_style": "the look of the voters' pages",
    "ballots:vote_nowhere": "says in the voters' words that there is no such page",
    "health": "asked by the process supervisor; tells nothing but well or not",
}
"""Views open to everybody, each with its reason."""

WITHOUT_FACTOR = frozenset(
    {
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
    }
)
"""What one may still do while the second factor that one's role asks for is not set up."""

WITH_OLD_PASSWORD = frozenset({"account_change_password", "account_logout"})
"""What one may still do while the password must be changed."""

TOUCH_SECONDS = 60
SEEN_AT = "seen_at"
IDLE_SECONDS = "idle_seconds"
ADDRESS = "address"
BACKGROUND = "X-Background"
"""A header of requests that a page makes by itself (progress of a job): they keep nobody signed in."""


class IdleTimeout:
    """Sign out who did nothing for the time the settings say.

    The session is written at most once a minute, not on every page; so the end may come up to a minute early.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            seen = request.session.get(SEEN_AT)
            limit = request.session.get(IDLE_SECONDS, 0)
            if seen is not None and now - seen >= limit:
                auth.logout(request)
                return to_sign_in(request, idle="1", minutes=str(limit // 60))
            if (seen is None or now - seen >= TOUCH_SECONDS) and BACKGROUND not in request.headers:
                request.session[SEEN_AT] = now
                request.session[IDLE_SECONDS] = int(policy.idle_limit().total_seconds())
                if seen is not None:  # at the sign-in itself it was asked already
                    request.session[handlers.FACTOR_DUE] = policy.lacks_factor(request.user)
                    request.session.pop(ADDRESS, None)
                sign_in.note_presence(session_key=request.session.session_key, at=clock.now())
        return self.get_response(request)


class LoginRequired:
    """Ask for sign-in on every page but the public ones; under HTMX by `HX-Redirect`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if request.user.is_authenticated or (match is not None and match.view_name in PUBLIC):
            return None
        return to_sign_in(request)


class PasswordGate:
    """Lead to the change of the password while it is a temporary one or out of date."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if not request.user.is_authenticated or name in WITH_OLD_PASSWORD or name in PUBLIC:
            return None
        if request.user.must_change_password or _is_out_of_date(request):
            return htmx.go(request, reverse("account_change_password"))
        return None


class FactorGate:
    """Lead who holds a role that asks for a second factor, and has none, to set it up; nothing else is open.

    Whether it is due stands in the session: asked at the sign-in, again whenever the session is touched, and
    with every request of who owes it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if not request.user.is_authenticated or name in WITHOUT_FACTOR or name in PUBLIC:
            return None
        if not request.session.get(handlers.FACTOR_DUE):
            return None
        if policy.lacks_factor(request.user):
            return htmx.go(request, reverse("mfa_activate_totp"))
        request.session[handlers.FACTOR_DUE] = False
        return None


class AdministratorAddresses:
    """Sign out an administrator who works from an address that the settings do not name.

    It is asked when the address of the session is new, and again whenever the session is touched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, address = request.user, handlers.address_of(request)
        if not user.is_authenticated or request.session.get(ADDRESS) == address:
            return self.get_response(request)
        if not policy.may_come_from(user, address):
            sign_in.note_failure(
                action="sign_in.address", username=user.username, at=clock.now(), address=address
            )
            auth.logout(request)
            return gates.address_page(request, address)
        request.session[ADDRESS] = address
        return self.get_response(request)


def _is_out_of_date(request: HttpRequest) -> bool:
    due = request.session.get(handlers.PASSWORD_DUE)
    return due is not None and clock.now().timestamp() >= due


def to_sign_in(request: HttpRequest, **words: str) -> HttpResponse:
    """Lead to the sign-in page and from there back to the page (for a POST, to the page that sent it)."""
    target = request.path
    if htmx.is_fragment(request) or request.method not in {"GET", "HEAD"}:
        words |= {"unsaved": "1"} if request.method == "POST" else {}
        target = _page_of(request)
    query = urlencode({**words, "next": target})
    return htmx.go(request, f"{reverse('account_login')}?{query}")


def _page_of(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    return urlsplit(referer).path if own else "/"
