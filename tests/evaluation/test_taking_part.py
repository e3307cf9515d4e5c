"""A round that starts from last quarter, and how much it asks for."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from qingfeng.core.errors import Refused
from qingfeng.evaluation.actions import evidence, rounds
from qingfeng.evaluation.queries import asking
from tests.evaluation import stories
from tests.evaluation.pages import browser, said, text_of, title_of

pytestmark = pytest.mark.django_db
LATER = stories.moment(6, 22)


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=1)


def following(place: stories.City, first: Any) -> Any:
    """Open the next quarter's round on the same scheme, after a first one in which everybody reported."""
    for unit in place.units:
        stories.signed(place, first, unit)
    planned = rounds.plan(
        year=2026, quarter=2, scheme_version=first.scheme_version, by=place.officer, at=stories.moment(6, 1)
    )
    return rounds.open_round(round=planned, by=place.officer, at=stories.moment(6, 20))


def test_unit_confirms_item_by_item_what_has_not_changed(place) -> None:
    town = place.towns[0]
    row = stories.submission_of(following(place, stories.opened(place)), town)
    with time_machine.travel(LATER, tick=False):
        client = browser(place.liaisons[town.pk])
        before = client.get(reverse("evaluation:submission", args=[row.pk]))
        url = reverse("evaluation:submission_carry_over", args=[row.pk])
        taken = client.post(url, {"indicator": "A1"})
        after = client.get(reverse("evaluation:submission", args=[row.pk]))
        again = client.post(url, {"indicator": "A1"})

    shown = text_of(before)
    assert title_of(before).endswith("2 项上季报过、确认有没有变化就行")
    assert shown.count("上季报的：开展学习四次") == 2
    assert shown.count("无变化，沿用上季") == 2
    assert "2 项都没有变化，全部沿用上季" in shown
    assert said(taken)[-1] == "已沿用上季内容。"
    assert [(item.indicator, item.carried_over) for item in row.evidence.all()] == [("A1", True)]
    assert text_of(after).count("上季报的：") == 1
    assert "这一项已经写过，或者上季没有报送，请直接填写" in said(again)


def test_carry_over_of_one_item_takes_its_files_and_leaves_the_others(place) -> None:
    town = place.towns[0]
    first = stories.opened(place)
    by = place.liaisons[town.pk]
    evidence.write(
        submission=stories.submission_of(first, town),
        indicator="A1",
        text="开展学习四次",
        uploads=[("记录.txt", "学习记录".encode())],
        by=by,
        at=stories.COLLECTING,
    )
    row = stories.submission_of(_next(place, first), town)

    count = evidence.carry_over(submission=row, indicator="A1", by=by, at=LATER)

    item = row.evidence.get()
    assert (count, item.files.standing().count()) == (1, 1)
    with pytest.raises(Refused, match="上季没有报送"):
        evidence.carry_over(submission=row, indicator="B1", by=by, at=LATER)


def _next(place: stories.City, first: Any) -> Any:
    planned = rounds.plan(
        year=2026, quarter=2, scheme_version=first.scheme_version, by=place.officer, at=stories.moment(6, 1)
    )
    return rounds.open_round(round=planned, by=place.officer, at=stories.moment(6, 20))


def test_asked_items_are_counted_by_department_and_beside_last_quarter(place) -> None:
    first = stories.opened(place)
    alone = asking.of_round(first)
    found = asking.of_round(_next(place, first))

    assert alone.words() == "本轮向每个单位要 2 项材料（各类单位相同）"
    assert found.words() == "本轮向每个单位要 2 项材料，上季 2 项（各类单位相同）"
    assert found.now.by_department == {"xuanchuan": 1, "zuzhi": 2}
    assert found.words("zuzhi") == "本轮向每个单位要 2 项材料，上季 2 项（各类单位相同）"


def test_those_who_ask_see_how_much_on_planning_binding_and_following(place) -> None:
    round = stories.planned(place)
    words = "本轮向每个单位要 2 项材料"
    with time_machine.travel(stories.moment(3, 10), tick=False):
        client = browser(place.officer)
        plan = text_of(client.get(reverse("evaluation:round_plan")))
        scheme = text_of(client.get(reverse("evaluation:round_scheme", args=[round.pk])))
        bindings = text_of(client.get(reverse("evaluation:round_bindings", args=[round.pk])))
        rounds.open_round(round=round, by=place.officer, at=stories.OPENING)
        followed = text_of(client.get(reverse("evaluation:round_submissions", args=[round.pk])))

    assert words in plan
    assert words in scheme
    assert bindings.count(words) == 2
    assert "本轮向每个单位要 1 项材料" in bindings
    assert words in followed
