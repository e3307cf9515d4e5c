"""What somebody has open when he hands his office over: gathered from the apps above, by duties of theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from qingfeng.core.duties import Duty

Source = Callable[[Any, dt.date], list[Duty]]
SOURCES: list[Source] = []
"""Each app's open work of a person on a day, registered in `shell/wiring.py`."""


def count_in(*sources: Source) -> None:
    """Let sources be asked at every hand-over; called from `shell/wiring.py`."""
    SOURCES.extend(source for source in sources if source not in SOURCES)


def of(user: Any, today: dt.date) -> list[Duty]:
    """Return what is open, each thing once, by area and then by urgency."""
    found: dict[tuple[str, str, str], Duty] = {}
    for source in SOURCES:
        for duty in source(user, today):
            found.setdefault((duty.url, duty.title, duty.meta), duty)
    return sorted(found.values(), key=lambda duty: (duty.area, *duty.urgency))
