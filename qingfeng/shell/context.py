"""What every page shows around its content: the navigation, the commission's mark, the unread count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from qingfeng.core import preferences
from qingfeng.shell import navigation as side
from qingfeng.shell import places


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the side navigation of the signed-in person, and the marks of the commission."""
    marks = preferences.get_all("logo", "commission_short")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "marks": marks}
    return {"navigation": side.compose(places.PLACES, user, request.path), "marks": marks}
