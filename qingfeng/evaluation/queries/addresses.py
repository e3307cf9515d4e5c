"""Where a part of the evaluation is shown, for messages and the workbench."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode


def to(name: str, *args: Any, **query: Any) -> str:
    """Return the address of a page of the evaluation, or an empty string where there is no such page."""
    try:
        path = reverse(f"evaluation:{name}", args=args)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path
