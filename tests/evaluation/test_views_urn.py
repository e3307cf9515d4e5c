"""A round's sealed urn is prepared from the round's page, and kept on the pages of the ballots."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import ballots
from tests.evaluation import stories
from tests.evaluation.pages import browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def early_april():
    with time_machine.travel(stories.REVIEWING, tick=False):
        yield


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def page(round: Round) -> str:
    return reverse("evaluation:round_urn", args=[round.pk])


def test_prepare_urn_from_the_rounds_page_leads_to_it(place) -> None:
    round = stories.opened(place)
    officer = browser(place.officer)
    assert page(round) in officer.get(reverse("evaluation:round", args=[round.pk])).content.decode()
    assert "一次性测评码无记名投票" in text_of(officer.get(page(round)))

    officer.post(page(round))

    urn = ballots.urn_of(round)
    assert urn is not None
    assert officer.get(page(round))["Location"] == reverse("ballots:urn", args=[urn.pk])
    assert urn.pools.count() >= len(place.towns)


def test_urn_is_not_prepared_where_paper_tallies_came_in(place) -> None:
    round = stories.in_review(place)
    stories.counted(place, round)

    response = browser(place.officer).post(page(round), follow=True)

    assert "已经导入纸质票的票数" in text_of(response)
    assert ballots.urn_of(round) is None


def test_urn_is_prepared_by_the_officer_alone(place) -> None:
    round = stories.opened(place)

    refused = browser(place.secretary).get(page(round))
    others = browser(place.liaisons[place.towns[0].pk]).post(page(round))

    assert (refused.status_code, others.status_code) == (403, 403)
