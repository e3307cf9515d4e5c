"""The list of rounds, the officer's desk, progress by unit and department, revisions."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import results
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.submissions import Submission
from qingfeng.organizations.enums import UnitClass
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, sheet_rows, text_of, title_of
from tests.factories.organizations import UnitFactory

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
    assert response.content.decode().count("btn-primary") == 1


def test_desk_in_review_names_what_is_late(place) -> None:
    round = stories.in_review(place)
    stories.submitted(place, stories.sheet_of(round, "A1.review", "xuanchuan"))

    with time_machine.travel(stories.moment(4, 20), tick=False):
        response = browser(place.officer).get(page(round))

    assert title_of(response) == "第一季度评价进行到“部门评分”，4 个部门未交"
    assert "逾期 13 天未交评分" in text_of(response)
    assert "12345热线" in text_of(response)


def test_list_names_the_round_that_runs(place) -> None:
    stories.opened(place)

    response = browser(place.officer).get(reverse("evaluation:round_list"))

    assert title_of(response) == "2026年第一季度评价正在进行：开放填报"
    assert "两维四项评价方案 第 1 版" in text_of(response)


def test_list_and_desk_of_those_whom_it_does_not_concern_are_not_found(place) -> None:
    round = stories.opened(place)
    admin = browser(people.user_with(Role.SYSTEM_ADMIN))

    assert admin.get(reverse("evaluation:round_list")).status_code == 404
    assert admin.get(page(round)).status_code == 404
    assert admin.get(page(round, "round_units")).status_code == 404


def test_desk_of_a_unit_shows_dates_and_its_own_part_only(place) -> None:
    round = stories.opened(place)
    client = browser(place.liaisons[place.towns[0].pk])

    text = text_of(client.get(page(round)))

    assert "单位报送截止 2026 年 3 月 31 日" in text
    assert "单位填报" in text
    assert "第2镇" not in text
    assert client.get(page(round, "round_departments")).status_code == 404


def test_export_rounds_gives_the_rows_of_the_page(place) -> None:
    stories.opened(place)

    response = browser(place.officer).post(reverse("evaluation:round_list_export"))

    assert sheet_rows(response.content)[1][:2] == ["2026年第一季度", "开放填报"]


def revised(place: stories.City) -> Round:
    """Return a round computed twice: one fact was added between."""
    round = stories.computed(place)
    stories.corrected(place, round)
    stories.added(place, round, place.towns[1], title="另一件", fact_kind="heavy")
    results.freeze(round=round, by=place.officer, at=stories.MEETING)
    results.compute(snapshot=stories.snapshot_of(round), by=place.officer, at=stories.MEETING)
    return round


def test_revision_says_which_units_changed_and_why(place) -> None:
    round = revised(place)

    response = browser(place.officer).get(page(round, "round_revision", 2))

    assert title_of(response).startswith("第 2 版有")
    assert "第2镇" in text_of(response)
    assert "A2 违纪违法案件发生情况" in text_of(response)


def test_first_revision_has_nothing_to_compare_with(place) -> None:
    round = stories.computed(place)

    assert browser(place.officer).get(page(round, "round_revision", 1)).status_code == 404


def test_units_are_searched_filtered_and_exported(place) -> None:
    round = stories.opened(place)
    stories.signed(place, round, place.towns[0])
    client = browser(place.officer)
    address = page(round, "round_units")

    waiting = text_of(client.get(address, {"part": "waiting"}))
    found = text_of(client.get(address, {"q": "第2"}))
    party = text_of(client.get(address, {"class": UnitClass.PARTY}))
    rows = sheet_rows(client.post(f"{page(round, 'round_units_export')}?part=done").content)

    assert "3 个单位符合条件" in waiting
    assert ("第2镇" in found, "第3镇" in found) == (True, False)
    assert ("宣传部" in party, "第1镇" in party) == (True, False)
    assert [row[0] for row in rows[1:]] == ["第1镇"]


def test_units_sort_both_ways(place) -> None:
    round = stories.opened(place)
    stories.filled_in(place, round, place.towns[2])
    client = browser(place.officer)

    body = client.get(page(round, "round_units"), {"sort": "-evidence"}).content.decode()

    assert body.index("第3镇") < body.index("第1镇")


def test_departments_are_listed_with_their_bars(place) -> None:
    round = stories.in_review(place)
    stories.submitted(place, stories.sheet_of(round, "A1.review", "xuanchuan"))
    client = browser(place.officer)

    response = client.get(page(round, "round_departments"), {"part": "done"})

    assert title_of(response) == "1 个部门符合条件"
    assert "宣传部" in text_of(response)


@pytest.mark.parametrize("name", ["round", "round_units", "round_departments", "round_list"])
def test_statements_do_not_grow_with_the_units(name) -> None:
    small = stories.city(towns=1)
    round = stories.opened(small)
    address = reverse("evaluation:round_list") if name == "round_list" else page(round, name)
    few = queries_of(browser(small.officer), address)
    for number in range(5):
        unit = UnitFactory.create(short_name=f"新{number}镇", code=f"N{number:03d}")
        row = round.units.create(
            unit=unit, code=unit.code, name=unit.name, short_name=unit.short_name, unit_class="town",
            position=100 + number,
        )  # fmt: skip
        Submission.objects.create(round_unit=row)

    many = queries_of(browser(small.officer), address)

    assert many == few
