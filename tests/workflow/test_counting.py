"""When a limit ends: examples of the law, and properties over random limits with make-up days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.core import working_days
from qingfeng.workflow import counting
from qingfeng.workflow.counting import Limit, Span
from qingfeng.workflow.enums import LimitUnit

DAY = dt.timedelta(days=1)
dates = st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 30))
owns = st.dictionaries(dates, st.booleans(), max_size=4)
units = st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS])
lengths = st.integers(1, 40)


@st.composite
def limits(draw) -> Limit:
    started, spans = draw(dates), []
    last = started
    for _ in range(draw(st.integers(0, 2))):
        from_date = last + DAY * draw(st.integers(1, 20))
        last = from_date + DAY * draw(st.integers(0, 20))
        spans.append(Span(from_date, last))
    return Limit(started, draw(units), draw(lengths), spans=spans, moves_on=draw(st.booleans()))


def due_of(limit: Limit, own: dict) -> dt.date:
    """Return the due date of a limit that is not suspended."""
    due = counting.due_date(limit, own)
    assert due is not None
    return due


def last_free(limit: Limit) -> dt.date:
    """Return the first day on which another suspension may begin."""
    return (limit.spans[-1].resumed_date if limit.spans else None) or limit.started


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        # 2026 年春节放假 2 月 15 日至 23 日，2 月 14 日、28 日补班
        (Limit(dt.date(2026, 2, 13), LimitUnit.WORKING_DAYS, 2), dt.date(2026, 2, 24)),
        (Limit(dt.date(2026, 2, 27), LimitUnit.WORKING_DAYS, 1), dt.date(2026, 2, 28)),
        (Limit(dt.date(2026, 2, 10), LimitUnit.CALENDAR_DAYS, 7), dt.date(2026, 2, 24)),
        (Limit(dt.date(2026, 2, 10), LimitUnit.CALENDAR_DAYS, 7, moves_on=False), dt.date(2026, 2, 17)),
        (Limit(dt.date(2026, 1, 31), LimitUnit.MONTHS, 1), dt.date(2026, 2, 28)),
        (Limit(dt.date(2025, 11, 30), LimitUnit.MONTHS, 3), dt.date(2026, 2, 28)),
        (Limit(dt.date(2026, 3, 2), LimitUnit.DATE, fixed=dt.date(2026, 3, 8)), dt.date(2026, 3, 8)),
        (
            Limit(dt.date(2026, 3, 2), LimitUnit.CALENDAR_DAYS, 10,
                  spans=[Span(dt.date(2026, 3, 5), dt.date(2026, 3, 9))]),
            dt.date(2026, 3, 16),
        ),
        (Limit(dt.date(2026, 3, 2), LimitUnit.MONTHS, 1, spans=[Span(dt.date(2026, 3, 5), None)]), None),
    ],
)  # fmt: skip
def test_due_date_of_an_example(limit: Limit, due: dt.date | None) -> None:
    assert counting.due_date(limit, {}) == due


def counted(limit: Limit, due: dt.date, own: dict) -> list[dt.date]:
    """Count the days the slow way: every day after the start up to the due date that counts."""
    days = [limit.started + DAY * n for n in range(1, (due - limit.started).days + 1)]
    days = [day for day in days if not any(s.covers(day) for s in limit.spans)]
    if limit.unit == LimitUnit.WORKING_DAYS:
        days = [day for day in days if working_days.is_working(day, own)]
    return days


@given(limits(), owns)
def test_due_date_is_the_day_on_which_the_last_day_counts(limit: Limit, own: dict) -> None:
    due = due_of(Limit(**{**limit.__dict__, "moves_on": False}), own)

    wanted = limit.amount
    if limit.unit == LimitUnit.MONTHS:
        wanted = (counting.add_months(limit.started, limit.amount) - limit.started).days
    days = counted(limit, due, own)
    assert len(days) == wanted
    assert days[-1] == due


@given(limits(), owns)
def test_due_date_that_moves_on_is_the_next_working_day_and_never_earlier(limit: Limit, own: dict) -> None:
    moved = due_of(Limit(**{**limit.__dict__, "moves_on": True}), own)
    plain = due_of(Limit(**{**limit.__dict__, "moves_on": False}), own)

    assert moved >= plain
    assert working_days.is_working(moved, own)
    assert not any(working_days.is_working(plain + DAY * n, own) for n in range((moved - plain).days))


@given(limits(), owns, lengths)
def test_due_date_with_more_time_is_never_earlier(limit: Limit, own: dict, more: int) -> None:
    longer = Limit(**{**limit.__dict__, "amount": limit.amount + more})

    assert due_of(longer, own) >= due_of(limit, own)


@given(limits(), owns, st.integers(1, 30), st.integers(0, 30))
def test_due_date_with_a_suspension_is_never_earlier(limit: Limit, own: dict, after: int, days: int) -> None:
    last = last_free(limit)
    span = Span(last + DAY * after, last + DAY * (after + days))
    suspended = Limit(**{**limit.__dict__, "spans": [*limit.spans, span]})

    assert due_of(suspended, own) >= due_of(limit, own)


@given(dates, dates, owns, st.booleans())
def test_days_left_is_zero_on_the_last_day_alone_and_has_the_sign_of_time(today, due, own, working) -> None:
    left = counting.days_left(today, due, is_working=working, own=own)

    assert (left > 0, left == 0, left < 0) == (today < due, today == due, today > due)


@given(dates, st.integers(1, 60), owns)
def test_days_left_at_the_start_is_the_length_in_working_days(started, amount, own) -> None:
    due = due_of(Limit(started, LimitUnit.WORKING_DAYS, amount), own)

    assert counting.days_left(started, due, is_working=True, own=own) == amount


@given(dates, st.integers(-30, 30))
def test_months_keep_the_day_or_take_the_last_of_the_month(date: dt.date, months: int) -> None:
    later = counting.add_months(date, months)

    assert (later.year * 12 + later.month) - (date.year * 12 + date.month) == months
    assert later.day == date.day or (later + DAY).day == 1
