"""The dates of a round: in order whatever the settings, and late by China's clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from qingfeng.core import working_days
from qingfeng.core.models import Setting
from qingfeng.evaluation.actions import submissions
from qingfeng.evaluation.enums import Milestone
from qingfeng.evaluation.queries import progress, schedule
from qingfeng.evaluation.scoring.periods import Quarter
from tests.evaluation import stories


class DatesTest(TestCase):
    @given(
        year=some.integers(2020, 2030),
        number=some.integers(1, 4),
        offsets=some.lists(some.integers(-40, 60), min_size=6, max_size=6).map(sorted),
    )
    def test_dates_of_any_quarter_with_ordered_settings_are_in_order(
        self, year: int, number: int, offsets: list[int]
    ) -> None:
        for milestone, days in zip(Milestone.values, offsets, strict=True):
            Setting.objects.update_or_create(key=schedule.OFFSETS[milestone].key, defaults={"value": days})

        found = schedule.dates_of(Quarter(year, number))

        assert list(found.values()) == sorted(found.values())
        limits = [date for milestone, date in found.items() if milestone != Milestone.OPENS_ON]
        assert all(working_days.is_working(date, {}) for date in limits)


@pytest.mark.django_db
@pytest.mark.parametrize(("hour", "is_late"), [(dt.timedelta(0), True), (dt.timedelta(seconds=1), False)])
def test_signed_at_midnight_in_china_decides_whether_it_is_late(hour: dt.timedelta, is_late: bool) -> None:
    place = stories.city(towns=1)
    round, town = stories.opened(place), place.towns[0]
    midnight = dt.datetime(2026, 4, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    row = stories.handed_in(place, round, town)

    submissions.sign(submission=row, by=place.heads[town.pk], at=midnight - hour)

    found = {entry.round_unit.unit: entry for entry in progress.progress_by_unit(round, dt.date(2026, 4, 1))}
    assert found[town].is_late is is_late
    assert found[place.bureaus["xuanchuan"]].is_late
