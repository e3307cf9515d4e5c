"""What every page shows around its content: the navigation and the user's unread count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"navigation": []}
