from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from qingfeng.core import htmx

PUBLIC: dict[str, str] = {
    "account_login": "the way in",
    "health": "asked by the process supervisor; tells nothing but well or not",
}
"""Views open to everybody, each with its reason."""


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
        target = reverse("account_login")
        if htmx.is_fragment(request):
            return htmx.go(request, target)
        return redirect(f"{target}?next={request.path}")
