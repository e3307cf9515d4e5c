"""Where a request came from behind our own proxies: for the audit book and the sign-in limits."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ClientAddress:
    """Take the address from `X-Forwarded-For`, as the outermost of `QINGFENG_PROXIES` own proxies wrote it.

    What stands further left was sent by the client and is not believed; without proxies nothing is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count: int = settings.QINGFENG_PROXIES
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < count <= len(hops) and _is_address(hops[-count].strip()):
            request.META["REMOTE_ADDR"] = hops[-count].strip()
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
