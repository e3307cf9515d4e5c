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
    """Run the view of a GET or HEAD under `refuse_writes`. Placed innermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        writes_by_design = getattr(view, "__module__", "").startswith("allauth.")
        if request.method not in SAFE_METHODS or writes_by_design:
            return None
        with connection.execute_wrapper(refuse_writes):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        return response
