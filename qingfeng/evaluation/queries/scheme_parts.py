"""Parts of a scheme's body by their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

KEYS = ("code", "department", "group", "source")
TABLES = frozenset(
    {"departments", "groups", "answers", "questions", "measures", "fact_kinds", "categories", "levels"}
)
"""The scheme's tables of names."""


def key_of(entry: Any, place: int) -> str:
    """Return what names an entry of a list: its code, its department, group or source, or its number."""
    if isinstance(entry, dict):
        for name in KEYS:
            if name in entry:
                return str(entry[name])
    return str(place)


def part_at(body: Any, path: Sequence[str]) -> Any:
    """Return the record or list at a place; None where there is none."""
    found = body
    for step in path:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list):
            found = next((e for place, e in enumerate(found) if key_of(e, place) == step), None)
        else:
            return None
    return found


def codes_like(body: dict[str, Any], path: Sequence[str]) -> set[str]:
    """Return the codes that a new entry of the list at a place must not take.

    Indicators and channels are named across the whole scheme, others within their list.
    """
    name = path[-1] if path else ""
    indicators = [entry for dimension in body["dimensions"] for entry in dimension["indicators"]]
    if name == "indicators":
        return {str(entry["code"]) for entry in indicators}
    if name == "channels":
        return {str(channel["code"]) for entry in indicators for channel in entry["channels"]}
    listed = part_at(body, path)
    return {str(entry["code"]) for entry in listed or [] if isinstance(entry, dict) and "code" in entry}
