"""Words that several pages of the evaluation share."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def month_day(date: dt.date) -> str:
    return f"{date.month} 月 {date.day} 日"


def days_left(due: dt.date | None, today: dt.date) -> int | None:
    return None if due is None else (due - today).days


def some(names: list[str], limit: int = 8) -> str:
    """Name a few and say that there are more."""
    return "、".join(names[:limit]) + (f"等 {len(names)} 个" if len(names) > limit else "")


def minute(moment: dt.datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
