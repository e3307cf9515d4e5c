"""When a limit ends, and how far it is: plain data in and out.

The day a limit starts does not count (Civil Code, article 201); a limit in months ends on the corresponding
day of the last month, or on that month's last day (202); one that ends on a day off ends on the next working
day (203), where the setting says so.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qingfeng.core import working_days
from qingfeng.core.working_days import ONE_DAY
from qingfeng.workflow.enums import LimitUnit

Own = Mapping[dt.date, bool]
FOREVER = dt.date.max


@dataclass(frozen=True)
class Span:
    """Days that do not count: `from_date` included, `resumed_date` not; open while it is None."""

    from_date: dt.date
    resumed_date: dt.date | None

    def covers(self, date: dt.date) -> bool:
        return self.from_date <= date < (self.resumed_date or FOREVER)


@dataclass(frozen=True)
class Limit:
    """A limit as it stands: start, unit, length with all extensions (or the fixed date), suspended spans."""

    started: dt.date
    unit: str
    amount: int = 0
    fixed: dt.date | None = None
    spans: Sequence[Span] = ()
    moves_on: bool = True

    @property
    def is_suspended(self) -> bool:
        return any(span.resumed_date is None for span in self.spans)


def add_months(date: dt.date, months: int) -> dt.date:
    """Return the corresponding day so many months later, or the last day of that month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(date.day, last))


def due_date(limit: Limit, own: Own) -> dt.date | None:
    """Return the last day of the limit, or None while it is suspended."""
    if limit.is_suspended:
        return None
    if limit.unit == LimitUnit.WORKING_DAYS:
        return _walk(limit, limit.amount, own)
    base = _base(limit)
    end = _walk(limit, (base - limit.started).days, None)
    if limit.unit == LimitUnit.DATE or not limit.moves_on:
        return end
    return working_days.next_working_day(end, own)


def _base(limit: Limit) -> dt.date:
    if limit.unit == LimitUnit.DATE:
        return limit.fixed or limit.started
    if limit.unit == LimitUnit.MONTHS:
        return add_months(limit.started, limit.amount)
    return limit.started + dt.timedelta(days=limit.amount)


def _walk(limit: Limit, days: int, own: Own | None) -> dt.date:
    """Return the day on which so many days have counted; with `own`, working days count only."""
    date, left = limit.started, days
    while left > 0:
        date += ONE_DAY
        if any(span.covers(date) for span in limit.spans):
            continue
        left -= own is None or working_days.is_working(date, own)
    return date


def days_left(today: dt.date, due: dt.date, *, is_working: bool, own: Own) -> int:
    """Return how many days are left: 0 on the last day, negative after it; never 0 on any other day."""
    if today == due:
        return 0
    if not is_working:
        return (due - today).days
    between = working_days.working_days_between(today, due, own)
    return max(1, between) if due > today else min(-1, between)
