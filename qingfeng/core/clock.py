"""The clock of the house: one place that asks what time it is."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    return timezone.now()


def today() -> dt.date:
    """Return the date in China, whatever the server's zone."""
    return timezone.localdate()


def spoken(moment: dt.datetime | None) -> str:
    """Return a moment as lists and exports show it, in China's time; empty for none."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
