from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.core.roles import Role
from qingfeng.documents.actions.issuing import Addressee
from tests import stories
from tests.documents import stories as documents
from tests.factories.organizations import PersonFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.django_db


def ask(user, words: str) -> str:
    return stories.signed_in(user).post(reverse("search"), {"q": words}).content.decode()


@pytest.fixture
def town():
    return UnitFactory.create(name="云川市云溪镇", short_name="云溪镇")


@pytest.fixture
def clerk(town):
    person = PersonFactory.create(name="安清远")
    PostFactory.create(person=person, unit=town)
    return person


def test_search_by_office_finds_units_people_and_documents(town, clerk) -> None:
    documents.issued()
    office = stories.user_with(Role.OFFICE)

    assert "云川市云溪镇" in ask(office, "云溪")
    assert "安清远" in ask(office, "清远")
    assert "云纪通〔2026〕1号" in ask(office, "云纪通")


def test_search_outside_of_scope_finds_nothing(town, clerk) -> None:
    documents.issued(recipients=(Addressee("别的单位"),))
    stranger = stories.user_with(Role.UNIT_LIAISON, UnitFactory.create(short_name="石桥镇"))

    assert "安清远" not in ask(stranger, "清远")
    assert "云纪通" not in ask(stranger, "通知").replace("搜索", "")


def test_search_keeps_its_words_out_of_the_address(town, clerk) -> None:
    page = ask(stories.user_with(Role.OFFICE), "清远")

    assert 'method="post" role="search"' in page
    assert "q=" not in page


def test_search_for_nothing_says_what_to_type() -> None:
    assert "想找什么" in ask(stories.user_with(Role.OFFICE), "  ")


def test_search_asks_the_database_the_same_for_one_hit_as_for_three(
    django_assert_max_num_queries, town
) -> None:
    office = stories.user_with(Role.OFFICE)
    client = stories.signed_in(office)
    client.post(reverse("search"), {"q": "云溪"})
    for number in range(3):
        UnitFactory.create(name=f"云溪第{number}站", short_name=f"云溪{number}站")

    with django_assert_max_num_queries(16):
        client.post(reverse("search"), {"q": "云溪"})
