"""The door of the voters' pages: whoever comes in leaves at the door what could tell who he is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from qingfeng.core import logs

ROOT = "/b/"
KEPT = frozenset(
    {
        "HTTP_HOST",
        "HTTP_ORIGIN",  # a form sent from another site is refused
        "HTTP_SEC_FETCH_SITE",
        "HTTP_X_FORWARDED_PROTO",  # whether the way to our own proxy is TLS
    }
)
"""The headers that pass. Cookies, address, agent, language, referrer and all others stay outside."""
HEADERS = {"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"}


def is_voters(path: str) -> bool:
    """Say whether a path belongs to the voters' pages."""
    return path.startswith(ROOT) or path == ROOT.rstrip("/")


def strip(request: HttpRequest) -> None:
    """Forget everything about the visitor but the form that he sends."""
    for name in [name for name in request.META if name.startswith("HTTP_") and name not in KEPT]:
        del request.META[name]
    for name in ("REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER"):
        request.META.pop(name, None)
    request.META["REMOTE_ADDR"] = ""
    request.META["QUERY_STRING"] = ""


class Door:
    """Strip a voter's request, hush the logs while it is served, and let no cookie out.

    It stands before every other middleware: no session is found, nobody is signed in, no limit counts an
    address, and no line is written whose moment could be compared with a ballot's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_voters(request.path_info):
            return self.get_response(request)
        strip(request)
        with logs.hushed(request):
            response = self.get_response(request)
        response.cookies.clear()
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response
