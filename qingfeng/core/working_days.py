"""Working days of China: statutory holidays and make-up days, with the commission's own overrides.

The base table is `chinese_calendar` (announced by the State Council year by year). A year it does not know
yet counts Monday to Friday, and `is_confirmed` says so. Overrides are rows of `WorkingDayOverride`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import chinese_calendar
from chinese_calendar.constants import Holiday

from qingfeng.core.models import WorkingDayOverride

ONE_DAY = dt.timedelta(days=1)


def overrides() -> dict[dt.date, bool]:
    """Return the commission's own overrides, date → is a working day."""
    return dict(WorkingDayOverride.objects.values_list("date", "is_working"))


def is_confirmed(date: dt.date) -> bool:
    """Say whether the year's holidays are known."""
    try:
        chinese_calendar.is_workday(date)
    except NotImplementedError:
        return False
    return True


def is_working(date: dt.date, own: Mapping[dt.date, bool]) -> bool:
    """Say whether the date is a working day, by override, then by the table, then by weekday."""
    if date in own:
        return own[date]
    try:
        return bool(chinese_calendar.is_workday(date))
    except NotImplementedError:
        return date.weekday() < 5


def add_working_days(start: dt.date, days: int, own: Mapping[dt.date, bool] | None = None) -> dt.date:
    """Return the date `days` working days after `start` (which itself does not count); negative goes back."""
    own = overrides() if own is None else own
    step = ONE_DAY if days >= 0 else -ONE_DAY
    date, left = start, abs(days)
    while left:
        date += step
        left -= is_working(date, own)
    return date


def working_days_between(start: dt.date, end: dt.date, own: Mapping[dt.date, bool] | None = None) -> int:
    """Count the working days after `start` up to and including `end`; negative where `end` is earlier."""
    own = overrides() if own is None else own
    if end < start:
        return -working_days_between(end, start, own)
    span = (end - start).days
    return sum(is_working(start + dt.timedelta(days=offset), own) for offset in range(1, span + 1))


def next_working_day(date: dt.date, own: Mapping[dt.date, bool] | None = None) -> dt.date:
    """Return the date itself if it is a working day, else the next one (a limit ending on a holiday)."""
    own = overrides() if own is None else own
    while not is_working(date, own):
        date += ONE_DAY
    return date


def holiday_name(date: dt.date) -> str:
    """Return the statutory holiday that a day off or a make-up day belongs to, or nothing."""
    try:
        _, name = chinese_calendar.get_holiday_detail(date)
    except NotImplementedError:
        return ""
    return str(Holiday(name).chinese) if name else ""
