"""How much a request may bring: a body that is too large is refused before a byte of it is stored."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from qingfeng.core import faults

FROM_A_VISITOR = 64 * 1024
"""Bytes: a sign-in form needs no more."""
FILES = 4
"""How many of the largest files one form of a signed-in person may bring."""


class BoundedBodies:
    """Refuse a body by its declared length, with 413; to be placed before the CSRF check reads the form.

    A body without a declared length counts as empty (WSGI).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > FROM_A_VISITOR and length > self._limit(request):
            return faults.too_large(request)
        return self.get_response(request)

    def _limit(self, request: HttpRequest) -> int:
        most: int = settings.QINGFENG_MAX_FILE_BYTES
        return FILES * most if request.user.is_authenticated else FROM_A_VISITOR
