from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from qingfeng.core.proxies import ClientAddress


def address(forwarded: str) -> str:
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ClientAddress(view)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "10.1.1.1", "127.0.0.1"),
        (1, "10.1.1.1", "10.1.1.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (2, "6.6.6.6, 10.1.1.1, 10.0.0.2", "10.1.1.1"),
        (2, "10.1.1.1", "127.0.0.1"),
        (1, "石春", "127.0.0.1"),
    ],
)
def test_address_is_what_the_own_proxies_wrote(
    settings: Any, proxies: int, forwarded: str, found: str
) -> None:
    settings.QINGFENG_PROXIES = proxies

    assert address(forwarded.encode().decode("latin-1")) == found
