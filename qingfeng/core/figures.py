"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal | None) -> str:
    """Write a number without needless zeros; nothing for nothing."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
