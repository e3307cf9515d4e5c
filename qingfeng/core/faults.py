"""The error pages, in plain Chinese, with nothing of the data in them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from qingfeng.core.errors import Denied


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = exception.sentence if isinstance(exception, Denied) else "您的角色不能进行这项操作。"
    return render(request, "errors/403.html", {"sentence": sentence}, status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer without the page's surroundings: what broke may be the database that they are read from."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def throttled(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/429.html", status=429)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/413.html", status=413)
