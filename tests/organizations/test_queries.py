from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.core.roles import Role
from qingfeng.organizations import queries
from qingfeng.organizations.models import Unit
from tests import stories
from tests.factories.organizations import PersonFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.django_db
D2023, D2024, D2025, D2026 = (dt.date(year, 6, 30) for year in (2023, 2024, 2025, 2026))


@pytest.mark.parametrize(
    "role", [Role.OFFICE, Role.SECRETARY, Role.CASE_OFFICE, Role.CHECKUP_MEMBER, Role.SECURITY_ADMIN]
)
def test_units_visible_to_the_commission_are_all(role: str) -> None:
    UnitFactory.create_batch(2)

    assert queries.visible_to(stories.user_with(role)).count() == Unit.objects.count()


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.STATIONED_GROUP, Role.SCORING_DEPARTMENT])
def test_units_and_people_visible_to_unit_people_are_their_own(role: str) -> None:
    mine = PostFactory.create()
    PostFactory.create()
    PostFactory.create(person=mine.person)
    user = stories.user_with(role, mine.unit)

    assert list(queries.visible_to(user)) == [mine.unit]
    assert list(queries.people_visible_to(user)) == [mine.person]
    assert list(queries.posts_visible_to(user)) == [mine]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.MENTOR, Role.SANCTIONED_PERSON])
def test_units_and_people_are_closed_to_the_rest(role: str) -> None:
    PostFactory.create()
    user = stories.user_with(role)

    assert not queries.visible_to(user).exists()
    assert not queries.people_visible_to(user).exists()


def test_people_are_closed_to_the_security_administrator() -> None:
    PostFactory.create()

    assert not queries.people_visible_to(stories.user_with(Role.SECURITY_ADMIN)).exists()


def test_evaluated_names_are_those_of_the_day_in_the_order_of_classes() -> None:
    office = UnitFactory.create(unit_class="party", short_name="乙")
    second = UnitFactory.create(unit_class="town", short_name="甲", sort_order=2)
    first = UnitFactory.create(unit_class="town", short_name="丙", sort_order=1)
    UnitFactory.create(is_evaluated=False)
    UnitFactory.create(active_to=D2024)

    assert [row.id for row in queries.evaluated_names(D2026)] == [first.pk, second.pk, office.pk]


def test_successor_of_follows_the_chain_as_far_as_the_day() -> None:
    third = UnitFactory.create(active_from=D2024)
    second = UnitFactory.create(active_from=D2023, active_to=D2025, successor=third)
    first = UnitFactory.create(active_to=D2023, successor=second)
    ended = UnitFactory.create(active_to=D2023)

    assert queries.successor_of(first, D2023) == first
    assert queries.successor_of(first, D2024) == second
    assert queries.successor_of(first, D2026) == third
    assert queries.successor_of(ended, D2026) is None
    assert queries.successor_of(third, D2023) is None


def test_successors_on_asks_once_whatever_the_number(django_assert_num_queries) -> None:
    unit = UnitFactory.create()
    UnitFactory.create_batch(3, active_to=D2023, successor=unit)

    with django_assert_num_queries(1):
        assert set(queries.successors_on(D2026).values()) == {unit.pk}


def test_unit_of_person_is_the_unit_at_the_time_of_the_act() -> None:
    person = PersonFactory.create()
    before = PostFactory.create(person=person, held_to=D2024).unit
    after = PostFactory.create(person=person, held_from=D2024 + dt.timedelta(days=1)).unit

    assert queries.unit_of(person, D2024) == before
    assert queries.unit_of(person, D2025) == after
    assert queries.unit_of(person, dt.date(2019, 1, 1)) is None


def test_unit_of_person_with_several_posts_is_that_of_the_main_one() -> None:
    person = PersonFactory.create()
    member = PostFactory.create(person=person)
    PostFactory.create(person=person, is_head=True, is_leader=True, is_concurrent=True)

    assert queries.unit_of(person, D2025) == member.unit

    leader = PostFactory.create(person=person, is_leader=True)
    assert queries.unit_of(person, D2025) == leader.unit


def test_heads_on_a_day_are_those_in_post() -> None:
    unit = UnitFactory.create()
    old = PostFactory.create(unit=unit, is_head=True, is_leader=True, held_to=D2024)
    new = PostFactory.create(unit=unit, is_head=True, is_leader=True, held_from=D2025)

    assert queries.heads_on(D2024, [unit.pk]) == {unit.pk: old}
    assert queries.heads_on(D2026, [unit.pk]) == {unit.pk: new}
