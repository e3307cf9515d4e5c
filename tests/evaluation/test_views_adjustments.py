"""The pages of deductions and bonuses: proposed by one, decided by another."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from qingfeng.evaluation.models.data import Adjustment
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, sheet_rows, text_of, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def early_april():
    with time_machine.travel(stories.REVIEWING, tick=False):
        yield


@pytest.fixture
def place() -> stories.City:
    return stories.city()


@pytest.fixture
def round(place):
    return stories.opened(place)


@pytest.fixture
def row(place, round) -> Adjustment:
    return stories.proposed(place, round, place.towns[0])


def page(row, name: str) -> str:
    return reverse(f"evaluation:{name}", args=[row.pk])


def proposal(place, round, **changes: str) -> dict[str, str]:
    unit = round.units.get(unit=place.towns[0])
    values = {
        "unit": str(unit.pk),
        "code": "X",
        "points": "2",
        "reason": "整改弄虚作假",
        "reference": "云纪〔2026〕5号",
    }
    return values | changes


def test_proposal_is_made_and_waits(place, round) -> None:
    client = browser(place.officer)

    client.post(page(round, "adjustment_new"), proposal(place, round))

    shown = client.get(page(round, "round_adjustments"))
    assert title_of(shown) == "1 项专项加减分，1 项等核准"
    assert "整改弄虚作假" in text_of(shown)


def test_proposal_outside_the_range_keeps_what_was_typed(place, round) -> None:
    response = browser(place.officer).post(page(round, "adjustment_new"), proposal(place, round, points="9"))

    assert response.status_code == 422
    assert "“专项扣分”应在 0.1 至 5 分之间" in text_of(response)
    assert "整改弄虚作假" in text_of(response)
    assert not Adjustment.objects.exists()


def test_proposal_by_others_is_refused_or_not_found(place, round) -> None:
    secretary = browser(place.secretary).get(page(round, "adjustment_new"))

    assert secretary.status_code == 403
    assert "评价工作由党风室组织，您没有这项权限。" in text_of(secretary)
    assert browser(place.scorers["zuzhi"]).get(page(round, "adjustment_new")).status_code == 404


def test_secretary_approves_and_the_page_tells_the_way(place, row) -> None:
    client = browser(place.secretary)

    asked = client.get(page(row, "adjustment_approve"))
    client.post(page(row, "adjustment_approve"))

    shown = client.get(page(row, "adjustment"))
    assert "核准后，第1镇本轮总分扣 2 分" in text_of(asked)
    assert title_of(shown) == "第1镇扣 2 分，已核准"
    assert "书记" in text_of(shown)
    assert "−2" in text_of(shown)


def test_approval_by_the_proposer_is_refused_and_the_button_says_why(place, round) -> None:
    both = people.give(place.officer, Role.DEPUTY_LEADER)
    row = stories.proposed(place, round, place.towns[0])
    client = browser(both)

    shown = client.get(page(row, "adjustment"))
    response = client.post(page(row, "adjustment_approve"))

    assert "提出人不得核准本人提出的事项。" in text_of(shown)
    assert response.status_code == 403
    assert "提出人不得核准本人提出的事项。" in text_of(response)


def test_rejection_and_withdrawal_want_a_reason(place, row) -> None:
    client = browser(place.deputy)

    empty = client.post(page(row, "adjustment_reject"), {"reason": ""})
    client.post(page(row, "adjustment_approve"))
    client.post(page(row, "adjustment_withdraw"), {"reason": "依据有误"})

    row.refresh_from_db()
    assert empty.status_code == 422
    assert row.state == "rejected"
    assert "依据有误" in text_of(client.get(page(row, "adjustment")))


def test_list_for_others_is_not_found(place, round, row) -> None:
    client = browser(place.liaisons[place.towns[0].pk])

    assert client.get(page(round, "round_adjustments")).status_code == 404
    assert client.get(page(row, "adjustment")).status_code == 404


def test_list_filters_and_exports_with_an_audit_line(place, round, row) -> None:
    stories.proposed(place, round, place.towns[1], code="J", points="1")
    client = browser(place.officer)

    filtered = client.get(page(round, "round_adjustments"), {"kind": "bonus"})
    exported = client.post(page(round, "round_adjustments_export"))

    assert "共 1 项" in text_of(filtered)
    assert [row[2] for row in sheet_rows(exported.content)] == ["分值", -2.0, 1.0]
    assert Entry.objects.filter(action="export.adjustments", detail__rows=2).exists()


def test_empty_list_says_who_proposes(place, round) -> None:
    response = browser(place.officer).get(page(round, "round_adjustments"))

    assert title_of(response) == "这一轮没有专项加减分"
    assert "由党风室提出" in text_of(response)


def test_list_asks_the_database_the_same_for_one_row_as_for_three(place, round, row) -> None:
    client = browser(place.officer)
    one = queries_of(client, page(round, "round_adjustments"))

    for unit in place.towns[1:]:
        stories.proposed(place, round, unit)

    assert queries_of(client, page(round, "round_adjustments")) == one
