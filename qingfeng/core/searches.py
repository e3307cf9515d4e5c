"""Search words of private lists: posted, kept in the session, and named in the address by a token only.

An address ends up in the browser's history and in access logs, where no person's name and no case fact may
stand. Words typed into a private list are therefore posted to the list's own page; `PostedSearches` keeps
them and leads back with `s=token`, which paging, sorting, filters and the export carry along. Sessions lie in
the database, so the words lie there sealed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest, HttpResponse, QueryDict

from qingfeng.core import htmx, sealing

PARAM = "s"
FIELD = "q"
MARK = "list-search"
"""The hidden field by which a filter bar says that it searches a private list."""
NOT_FILTERS = (FIELD, MARK, "csrfmiddlewaretoken")
KEY = "searches"
KEPT = 30
"""How many searches a session remembers; the oldest are forgotten first."""
LONGEST = 60


@dataclass(frozen=True)
class Sought:
    """The address of a private list, with the words that its token stands for (`is_lost`: for none)."""

    params: QueryDict
    words: str
    is_private: bool = True
    is_lost: bool = False


def sought(request: HttpRequest) -> Sought:
    """Return what a private list is asked for. Words in the address itself are not looked at."""
    params = request.GET.copy()
    params.pop(FIELD, None)
    token = params.get(PARAM, "")
    words = _kept(request).get(token, "") if token else ""
    return Sought(params, words, is_lost=bool(token) and not words)


def keep(request: HttpRequest, words: str) -> str:
    """Remember the words in the session and return their token; the same words keep theirs."""
    kept = _kept(request)
    token = next((known for known, text in kept.items() if text == words), "") or secrets.token_urlsafe(6)
    kept = {known: text for known, text in kept.items() if known != token} | {token: words}
    newest = dict(list(kept.items())[-KEPT:])
    request.session[KEY] = sealing.seal(json.dumps(newest), purpose=KEY)
    return token


def _kept(request: HttpRequest) -> dict[str, str]:
    """Return the words by token; what another key sealed, or was kept in clear before, is forgotten."""
    sealed = request.session.get(KEY, "")
    if not isinstance(sealed, str) or not sealed:
        return {}
    try:
        found: dict[str, str] = json.loads(sealing.unseal(sealed, purpose=KEY))
    except (InvalidTag, ValueError):
        return {}
    return found


class PostedSearches:
    """Take the words that a private list's filter bar posts, and lead back to the list without them.

    It works in `process_view`, after sign-in and CSRF token were checked there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or MARK not in request.POST:
            return None
        params = request.GET.copy()
        words = request.POST.get(FIELD, "").strip()[:LONGEST]
        given = {key: str(value) for key, value in request.POST.items() if key not in NOT_FILTERS}
        for key, value in {
            **given,
            "page": "",
            FIELD: "",
            PARAM: keep(request, words) if words else "",
        }.items():
            params.pop(key, None)
            if value:
                params[key] = value
        return htmx.go(request, f"{request.path}?{params.urlencode()}" if params else request.path)
