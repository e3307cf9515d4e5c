"""HTMX on top of full pages: a fragment is a named partial of its page, served by the same view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_fragment(request: HttpRequest) -> bool:
    """Say whether HTMX asks for a part of the page (a boosted or history request wants the whole)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def respond(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render the page, or under HTMX its named partial (`template#fragment`)."""
    name = f"{template}#{fragment}" if fragment and is_fragment(request) else template
    return render(request, name, context, status=status)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to a page: a redirect, or `HX-Redirect` under HTMX."""
    if is_fragment(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


class HtmxMiddleware:
    """Set `Vary: HX-Request`, and turn a redirect to the sign-in page into `HX-Redirect`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response
