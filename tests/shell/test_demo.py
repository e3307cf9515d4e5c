from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import authenticate

from qingfeng.accounts.queries import lookups
from qingfeng.core.models import Job
from qingfeng.core.roles import Role
from qingfeng.organizations import queries as organizations
from qingfeng.shell.demo import chance, city, history, roster


@pytest.mark.django_db
def test_found_city_opens_a_sign_in_for_every_role() -> None:
    said: list[str] = []

    city.ensure(said.append)

    people = lookups.everybody()
    for account in city.accounts():
        person = authenticate(username=account.username, password=city.PASSWORD)
        assert person == people[account.username]
    held = {role for name in people for role in Role.values if people[name].holds(role)}
    assert held == set(Role.values)
    assert Job.objects.get().slug == history.SLUG
    assert len(said) == 1


@pytest.mark.django_db
def test_found_city_again_leaves_everything_as_it_is() -> None:
    city.ensure(lambda sentence: None)
    before = sorted(lookups.everybody())

    city.ensure(lambda sentence: None)

    assert sorted(lookups.everybody()) == before
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_found_city_has_about_a_hundred_evaluated_units_in_all_classes() -> None:
    city.ensure(lambda sentence: None)

    units = list(organizations.evaluated_on(dt.date(2026, 9, 30)))

    assert 90 <= len(units) <= 110
    assert {unit.unit_class for unit in units} >= {"town", "party", "government", "enterprise", "vertical"}


@pytest.mark.django_db
@pytest.mark.parametrize("today", [dt.date(2026, 11, 24), dt.date(2027, 1, 5), dt.date(2026, 12, 31)])
def test_script_tells_three_announced_rounds_and_one_in_mid_course(today: dt.date) -> None:
    *past, present = history.calendars(today)

    sentences = [scene.sentence for scene in history.script(today)]

    assert len(past) == 3
    assert all(calendar.dates["announce_by"] < today for calendar in past[:2])
    assert present.dates["opens_on"] < present.dates["submit_by"] < today < present.dates["review_by"]
    assert sum("印发通报" in sentence for sentence in sentences) == 3
    assert len(sentences) == len(set(sentences))


def test_chance_is_the_same_every_time_and_differs_between_units() -> None:
    first = [chance.quality(f"Z{number:02d}", "2026Q1") for number in range(20)]

    assert first == [chance.quality(f"Z{number:02d}", "2026Q1") for number in range(20)]
    assert len(set(first)) == 20
    assert all(0 < value <= 1 for value in first)


def test_roster_names_one_account_for_every_role_that_is_no_seat() -> None:
    named = {account.role for account in roster.ONE_OF_EACH} | set(roster.SEATS)

    assert named == set(Role)
