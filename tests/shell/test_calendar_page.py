"""Working days: the year as announced, make-up days, the commission's adjustments and what they move."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import working_days
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Conflict, Denied, Refused
from qingfeng.core.models import WorkingDayOverride
from qingfeng.core.roles import Role
from qingfeng.shell.actions import calendar as actions
from qingfeng.shell.queries import calendar as queries
from qingfeng.workflow import deadlines
from qingfeng.workflow.enums import LimitUnit
from tests.factories.organizations import UnitFactory
from tests.stories import user_with

AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
WEDNESDAY = dt.date(2026, 3, 4)
SATURDAY = dt.date(2026, 3, 7)
dates = st.dates(dt.date(2022, 1, 1), dt.date(2027, 12, 31))
owns = st.dictionaries(dates, st.booleans(), max_size=6)


@pytest.fixture
def admin(db) -> User:
    return user_with(Role.SYSTEM_ADMIN)


@pytest.fixture
def officer(db) -> User:
    return user_with(Role.OFFICE)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("date", "is_working", "name"),
    [
        (dt.date(2026, 2, 14), True, "春节"),
        (dt.date(2026, 2, 16), False, "春节"),
        (dt.date(2026, 2, 28), True, "春节"),
        (dt.date(2026, 3, 7), False, ""),
        (dt.date(2026, 10, 1), False, "国庆节"),
        (dt.date(2031, 1, 1), True, ""),
    ],
)
def test_day_is_what_the_state_council_announced(date: dt.date, is_working: bool, name: str) -> None:
    assert working_days.is_working(date, {}) is is_working
    assert working_days.holiday_name(date) == name


def test_unknown_year_counts_weekdays_and_says_so() -> None:
    assert not working_days.is_confirmed(dt.date(2031, 5, 1))
    assert working_days.is_working(dt.date(2031, 5, 1), {})
    assert not working_days.is_working(dt.date(2031, 5, 3), {})


@given(dates, st.integers(-60, 60), owns)
def test_adding_working_days_and_counting_them_agree(start: dt.date, days: int, own: dict) -> None:
    end = working_days.add_working_days(start, days, own)

    if days > 0:
        assert working_days.working_days_between(start, end, own) == days
    assert days == 0 or working_days.is_working(end, own)


@given(dates, dates, dates, owns)
def test_counts_of_adjoining_spans_add_up(first, second, third, own) -> None:
    one, two, three = sorted([first, second, third])

    whole = working_days.working_days_between(one, three, own)

    assert whole == working_days.working_days_between(one, two, own) + working_days.working_days_between(
        two, three, own
    )


@given(dates, owns)
def test_next_working_day_is_the_first_from_the_date_on(date: dt.date, own: dict) -> None:
    found = working_days.next_working_day(date, own)

    assert working_days.is_working(found, own)
    assert not any(
        working_days.is_working(date + dt.timedelta(days=n), own) for n in range((found - date).days)
    )


@given(dates, st.booleans())
def test_override_wins_over_table_and_weekday(date: dt.date, is_working: bool) -> None:
    assert working_days.is_working(date, {date: is_working}) is is_working


def test_year_has_every_day_once_and_counts_its_working_days(admin) -> None:
    WorkingDayOverride.objects.create(date=WEDNESDAY, is_working=False, reason="本地放假")

    shown = queries.year_of(2026)

    days = [day for month in shown.months for week in month.weeks for day in week if day]
    kinds = {day.date: day.kind for day in days}
    assert len(days) == 365
    assert shown.working == sum(working_days.is_working(day.date, {WEDNESDAY: False}) for day in days)
    assert kinds[dt.date(2026, 2, 14)] == "makeup"
    assert kinds[dt.date(2026, 2, 17)] == "holiday"
    assert kinds[WEDNESDAY] == "own"
    assert [day.date.day if day else 0 for day in shown.months[1].weeks[0]] == [0, 0, 0, 0, 0, 0, 1]


def test_declare_day_moves_the_limits_that_run_over_it(admin) -> None:
    limit = deadlines.set_deadline(
        subject=UnitFactory(), name="reply", label="答复", started=dt.date(2026, 3, 2),
        unit=LimitUnit.WORKING_DAYS, amount=4, basis="建议", by=SYSTEM, at=AT,
    )  # fmt: skip

    moved = actions.declare_day(date=WEDNESDAY, is_working=False, reason="本地放假", by=admin, at=AT)
    limit.refresh_from_db()
    after = limit.due_date
    back = actions.withdraw_day(date=WEDNESDAY, by=admin, at=AT)
    limit.refresh_from_db()

    assert (moved, after, back, limit.due_date) == (1, dt.date(2026, 3, 9), 1, dt.date(2026, 3, 6))
    assert set(Entry.objects.values_list("action", flat=True)) >= {"calendar.declare", "calendar.withdraw"}


def test_declare_day_that_is_so_already_is_refused(admin) -> None:
    with pytest.raises(Refused, match="本来就是工作日"):
        actions.declare_day(date=WEDNESDAY, is_working=True, reason="因", by=admin, at=AT)
    with pytest.raises(Refused, match="依据"):
        actions.declare_day(date=WEDNESDAY, is_working=False, reason=" ", by=admin, at=AT)
    with pytest.raises(Conflict, match="已经被撤销"):
        actions.withdraw_day(date=WEDNESDAY, by=admin, at=AT)


def test_declare_day_by_anybody_else_is_refused(officer) -> None:
    with pytest.raises(Denied, match="系统管理员"):
        actions.declare_day(date=WEDNESDAY, is_working=False, reason="因", by=officer, at=AT)


def test_page_shows_the_year_and_marks_one_that_is_not_announced(officer) -> None:
    client = client_of(officer)

    this = client.get(reverse("calendar:year", args=[2026])).content.decode()
    later = client.get(reverse("calendar:year", args=[2028])).content.decode()

    assert "春节放假" in this
    assert "春节补班" in this
    assert "还没有公布" not in this
    assert "节假日安排尚未公布" in later
    assert "工作日由系统管理员调整" in this
    assert client.get(reverse("calendar:year", args=[1999])).status_code == 404


def test_page_declares_and_withdraws_a_day(admin) -> None:
    client = client_of(admin)

    wrong = client.post(
        reverse("calendar:declare"), {"date": "2026-03-04", "is_working": "yes", "reason": "因"}
    )
    client.post(
        reverse("calendar:declare"), {"date": "2026-03-07", "is_working": "yes", "reason": "防汛值守"}
    )
    declared = client.get(reverse("calendar:year", args=[2026])).content.decode()
    url = reverse("calendar:withdraw", args=[2026, 3, 7])
    confirm = client.get(url).content.decode()
    client.post(url)

    assert "本来就是工作日" in wrong.content.decode()
    assert "防汛值守" in declared
    assert url in declared
    assert "依据：防汛值守" in confirm
    assert WorkingDayOverride.objects.count() == 0


def test_page_of_change_is_refused_to_anybody_else(officer) -> None:
    answer = client_of(officer).get(reverse("calendar:declare"))

    assert answer.status_code == 403
    assert "工作日由系统管理员调整" in answer.content.decode()


@pytest.mark.parametrize("args", [(2026, 2, 30), (2026, 3, 7)])
def test_withdraw_page_of_no_such_day_is_not_found(admin, args: tuple[int, int, int]) -> None:
    assert client_of(admin).get(reverse("calendar:withdraw", args=args)).status_code == 404
