from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core import searches
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.organizations import PersonFactory

PEOPLE = "/people/"
WORDS = "石春"

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    for number in range(40):
        PersonFactory(name=f"石春{number}", is_party_member=bool(number % 2))
    PersonFactory(name="云生")
    return stories.signed_in(stories.user_with(Role.OFFICE))


def test_search_of_a_private_list_leaves_no_words_in_the_address(client) -> None:
    address = stories.searched(client, PEOPLE, WORDS)

    assert set(parse_qs(urlsplit(address).query)) == {"s"}
    page = client.get(address).content.decode()
    assert "石春0" in page
    assert "云生" not in page
    assert f'value="{WORDS}"' in page


def test_search_keeps_filters_sort_and_paging(client) -> None:
    address = stories.searched(client, PEOPLE + "?sort=-name&page=2", WORDS, party="True")

    page = client.get(address)
    assert parse_qs(urlsplit(address).query).keys() == {"s", "sort", "party"}
    assert page.context["listing"].total == 20
    assert page.context["listing"].sort == "-name"
    narrower = stories.searched(client, address, WORDS, party="")
    second = client.get(narrower + "&page=2").context["listing"]
    assert (second.total, second.page.number) == (40, 2)
    assert "s=" in second.link(page="1")


def test_search_filters_the_export_too(client) -> None:
    query = urlsplit(stories.searched(client, PEOPLE, "云生")).query

    response = client.post(f"/people/export/?{query}")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == ["云生"]
    noted = Entry.objects.get(action="export.person")
    assert (noted.detail, noted.address) == ({"rows": 1}, "127.0.0.1")


def test_words_in_the_address_of_a_private_list_are_not_looked_at(client) -> None:
    assert client.get(PEOPLE, {"q": "云生"}).context["listing"].total == 41


def test_a_token_of_another_session_finds_nothing_and_says_so(client) -> None:
    address = stories.searched(client, PEOPLE, WORDS)
    other = stories.signed_in(stories.user_with(Role.OFFICE))

    page = other.get(address)

    assert page.context["listing"].total == 0
    assert "请重新输入" in page.content.decode()


def test_an_empty_search_shows_the_whole_list(client) -> None:
    assert stories.searched(client, stories.searched(client, PEOPLE, WORDS), " ") == PEOPLE


def test_a_search_without_the_token_of_the_form_is_refused(client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies

    assert strict.post(PEOPLE, {searches.MARK: "1", "q": WORDS}).status_code == 403


def test_a_search_of_a_visitor_leads_to_sign_in() -> None:
    response = Client().post(PEOPLE, {searches.MARK: "1", "q": WORDS})

    assert response["Location"].startswith("/accounts/login/")
    assert "q=" not in response["Location"]


def test_a_session_remembers_only_the_last_searches(client) -> None:
    first = stories.searched(client, PEOPLE, WORDS)
    for number in range(searches.KEPT):
        stories.searched(client, PEOPLE, f"词{number}")

    assert client.get(first).context["listing"].is_lost


def test_signed_in_pages_are_never_stored(client) -> None:
    assert client.get(PEOPLE)["Cache-Control"] == "no-store"
    assert client.get("/nowhere/")["Cache-Control"] == "no-store"
