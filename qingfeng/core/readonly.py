"""GET and HEAD may not write: a cursor wrapper refuses, but for the session and cache tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|ALTER|CREATE|DROP|TRUNCATE)\b", re.IGNORECASE)
_OUTSIDE = ("django_session", "core_cache", "usersessions_usersession", "audit_entry")
"""Tables that stand outside the wrapper, by name: sessions, the cache, the audit of openings and refusals."""


class WriteOnRead(RuntimeError):
    """A page that only shows tried to write."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Raise `WriteOnRead` on a write to any table but those that stand outside."""
    if _WRITES.match(sql) and not any(table in sql for table in _OUTSIDE):
        raise WriteOnRead(sql.split("(", maxsplit=1)[0][:120])
    return execute(sql, params, many, context)


class ReadOnlyRequests:
    """Run a GET or HEAD under `refuse_writes`. Placed innermost.

    It wraps the call, not `process_view`: what a view raises in `process_view` would pass by every
    `process_exception`, and a refusal would end as a broken page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)

        def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if _writes_by_design(request):
                return execute(sql, params, many, context)
            return refuse_writes(execute, sql, params, many, context)

        with connection.execute_wrapper(guard):
            return self.get_response(request)


def _writes_by_design(request: HttpRequest) -> bool:
    """Say whether the view is one of allauth's, which keeps its sessions on reading."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "__module__", "").startswith("allauth.")
