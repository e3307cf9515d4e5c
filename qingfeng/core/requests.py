"""What a request brings: who has signed in (for the apps below `accounts`), and what was sent."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict

from qingfeng.core.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who has signed in. Raises `PermissionDenied` where nobody has."""
    user = request.user
    if not user.is_authenticated:
        raise PermissionDenied
    return user


def address_of(request: HttpRequest) -> str:
    """Return the network address that the request came from, for the audit book."""
    return str(request.META.get("REMOTE_ADDR", ""))


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, also when it sent nothing; None on reading."""
    return request.POST if request.method == "POST" else None
