"""The bulletin's page: what it says, its draft, its document."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.evaluation.models.rounds import Round
from tests.evaluation import stories
from tests.evaluation.pages import browser, text_of, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def page(round: Round, name: str = "round", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[round.pk, *args])


def test_bulletin_is_drafted_from_the_page_and_leads_to_its_document(place) -> None:
    round = stories.announced(place)
    client = browser(place.officer)
    before = client.get(page(round, "bulletin"))

    client.post(page(round, "bulletin_draft"), {"requirements": "抓好整改。\n压实责任。"})

    after = client.get(page(round, "bulletin"))
    assert title_of(before) == "结果已审定，可以起草通报"
    assert "关于2026年第一季度政治生态状况评价情况的通报" in text_of(before)
    assert title_of(after) == "通报已起草，等核改印发"
    assert "/documents/" in after.content.decode()


def test_bulletin_before_approval_says_why_not(place) -> None:
    round = stories.computed(place)
    client = browser(place.officer)

    shown = client.get(page(round, "bulletin"))
    refused = client.post(page(round, "bulletin_draft"), {"requirements": "抓好整改。"})

    assert "先经常委会审定" in text_of(shown)
    assert refused.status_code == 403


def test_bulletin_out_of_scope_is_not_found(place) -> None:
    round = stories.announced(place)

    response = browser(place.liaisons[place.towns[0].pk]).get(page(round, "bulletin"))

    assert response.status_code == 404
