from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from qingfeng.accounts.models import User


def user_of(request: HttpRequest) -> User:
    """Return who has signed in. Raises `PermissionDenied` where nobody has."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
