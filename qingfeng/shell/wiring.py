"""Who reacts to what: every event and its handler or job, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingfeng.core import events

REACTIONS: tuple[tuple[type, Callable[[Any], None]], ...] = ()


def connect() -> None:
    """Subscribe every reaction; called once, when the apps are loaded."""
    for event_type, handler in REACTIONS:
        events.subscribe(event_type, handler)
