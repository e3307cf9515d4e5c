"""A year of working days as the page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from qingfeng.core import working_days
from qingfeng.core.models import WorkingDayOverride
from qingfeng.core.working_days import ONE_DAY

FIRST_YEAR = 2024
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Day:
    """A day of the year: what it is, and its words for a reader without colours."""

    date: dt.date
    is_working: bool
    kind: str
    words: str


@dataclass(frozen=True)
class Month:
    number: int
    weeks: list[list[Day | None]]
    working: int


@dataclass(frozen=True)
class Stretch:
    """Days in a row that are the same: a holiday, a make-up day, an adjustment."""

    first: dt.date
    last: dt.date
    words: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Year:
    year: int
    months: list[Month]
    is_confirmed: bool
    special: list[Stretch]

    @property
    def working(self) -> int:
        return sum(month.working for month in self.months)


def overrides(year: int) -> QuerySet[WorkingDayOverride]:
    return WorkingDayOverride.objects.filter(date__year=year).order_by("date")


def override_on(date: dt.date) -> WorkingDayOverride | None:
    return WorkingDayOverride.objects.filter(date=date).first()


def years(today: dt.date) -> range:
    return range(FIRST_YEAR, today.year + YEARS_AHEAD + 1)


def year_of(year: int) -> Year:
    """Return every day of a year, by the commission's overrides, the statutory table, or the weekday."""
    own = {row.date: (row.is_working, row.reason) for row in overrides(year)}
    days = [_day(date, own) for date in _dates(year)]
    months = [_month(number, [day for day in days if day.date.month == number]) for number in range(1, 13)]
    return Year(year, months, working_days.is_confirmed(dt.date(year, 1, 1)), _stretches(days))


def _stretches(days: list[Day]) -> list[Stretch]:
    found: list[Stretch] = []
    for day in days:
        if day.kind not in {"holiday", "makeup", "own"}:
            continue
        last = found[-1] if found else None
        if last is not None and last.words == day.words and last.last + ONE_DAY == day.date:
            found[-1] = Stretch(last.first, day.date, day.words)
        else:
            found.append(Stretch(day.date, day.date, day.words))
    return found


def _dates(year: int) -> Iterator[dt.date]:
    date = dt.date(year, 1, 1)
    while date.year == year:
        yield date
        date += ONE_DAY


def _day(date: dt.date, own: dict[dt.date, tuple[bool, str]]) -> Day:
    if date in own:
        is_working, reason = own[date]
        return Day(date, is_working, "own", f"{'上班' if is_working else '放假'}（本机关调整：{reason}）")
    is_working = working_days.is_working(date, {})
    name = working_days.holiday_name(date)
    if is_working:
        if date.weekday() < 5:
            return Day(date, True, "work", "工作日")
        return Day(date, True, "makeup", f"{name}补班" if name else "补班")
    if name:
        return Day(date, False, "holiday", f"{name}放假")
    return Day(date, False, "rest", "周末")


def _month(number: int, days: list[Day]) -> Month:
    cells: list[Day | None] = [*[None] * days[0].date.weekday(), *days]
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return Month(number, weeks, sum(day.is_working for day in days))
