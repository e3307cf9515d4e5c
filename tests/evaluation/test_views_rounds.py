"""The pages on which rounds are arranged: list, plan, the officer's desk, steps, progress."""

from __future__ import annotations

import pytest
import time_machine
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


@pytest.mark.parametrize("state", list(stories.ROUND_STATES))
def test_desk_in_every_state_offers_its_next_step_to_the_officer(place, state) -> None:
    with time_machine.travel(stories.moment(4, 20), tick=False):
        round = stories.ROUND_STATES[state](place)

        response = browser(place.officer).get(page(round))

    assert response.status_code == 200
    assert title_of(response).startswith("第一季度评价")
    assert response.content.decode().count("btn-primary") == (0 if state == "announced" else 1)


def test_desk_in_review_names_what_is_late(place) -> None:
    round = stories.in_review(place)
    stories.submitted(place, stories.sheet_of(round, "A1.review", "xuanchuan"))

    with time_machine.travel(stories.moment(4, 20), tick=False):
        response = browser(place.officer).get(page(round))

    assert title_of(response) == "第一季度评价进行到“部门评分”，4 个部门未交"
    assert "逾期 13 天未交评分" in text_of(response)
    assert "12345热线" in text_of(response)
