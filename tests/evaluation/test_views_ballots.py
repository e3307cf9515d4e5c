"""The page of ballot tallies: what came in by unit and group, and the import, whole or not at all."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import tallies
from qingfeng.evaluation.gateways import tally_book
from qingfeng.evaluation.models.data import BallotTally
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds as round_queries
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, said, sheet_rows, text_of, title_of, workbook

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


def page(round, name: str = "round_ballots") -> str:
    return reverse(f"evaluation:{name}", args=[round.pk])


def book(round, *rows: dict[str, object]) -> bytes:
    sheet = tally_book.sheet(round_queries.scheme_of(round), queries.due_questions(round))
    return writing.filled([sheet], {sheet.name: rows})


def line(code: str, group: str, *counts: int) -> dict[str, object]:
    answers = ("satisfied", "basic", "dissatisfied", "unknown")
    return {"code": code, "group": group, "question": "style"} | {
        f"a_{answer}": count for answer, count in zip(answers, counts, strict=True)
    }


def test_page_before_the_import_says_that_nothing_came(place, round) -> None:
    response = browser(place.officer).get(page(round))

    assert title_of(response) == "4 个单位的测评票数还没有导入"


def test_import_shows_votes_by_unit_and_group_and_hides_what_is_below_the_minimum(place, round) -> None:
    content = book(round, line("Z001", "staff", 20, 5, 2, 3), line("Z001", "public", 3, 1, 0, 40))
    client = browser(place.officer)

    response = client.post(page(round, "ballot_upload"), {"workbook": workbook(content)})
    shown = client.get(page(round))

    assert said(response) == ["测评票数已导入：2 个单位群体。"]
    assert title_of(shown) == "4 个单位里 1 个有测评票数，本页 1 处不足 5 票、不显示"
    assert "89.26（27 票）" in text_of(shown)
    assert "不足 5 票，不显示" in text_of(shown)
    assert "82.50" not in text_of(shown)


def test_import_with_faults_lists_them_and_keeps_what_stood(place, round) -> None:
    stories.counted(place, round)
    content = book(round, line("Z001", "staff", 1, 1, 1, 1), line("Z999", "staff", 1, 1, 1, 1))

    response = browser(place.officer).post(page(round, "ballot_upload"), {"workbook": workbook(content)})

    assert response.status_code == 422
    assert "没有编码为“Z999”的参评单位" in text_of(response)
    assert BallotTally.objects.count() == 8


def test_import_by_others_than_the_officer_is_refused_or_not_found(place, round) -> None:
    secretary = browser(place.secretary).get(page(round, "ballot_upload"))
    liaison = browser(place.liaisons[place.towns[0].pk]).get(page(round))

    assert secretary.status_code == 403
    assert "评价工作由党风室组织，您没有这项权限。" in text_of(secretary)
    assert liaison.status_code == 404


def test_secretary_sees_the_page_with_the_button_and_why_it_is_off(place, round) -> None:
    response = browser(place.secretary).get(page(round))

    assert "评价工作由党风室组织，您没有这项权限。" in text_of(response)


def test_template_and_export_leave_an_audit_line(place, round) -> None:
    stories.counted(place, round)
    client = browser(place.officer)

    template = client.post(page(round, "ballot_workbook"))
    exported = client.post(page(round, "round_ballots_export"))

    assert len(sheet_rows(template.content)) == 9
    assert len(sheet_rows(exported.content)) == 5
    assert set(Entry.objects.filter(action__startswith="export.").values_list("action", flat=True)) == {
        "export.tally_template",
        "export.ballot_tallies",
    }


def test_page_asks_the_database_the_same_for_one_unit_as_for_three(place, round) -> None:
    tallies.import_tallies(
        round=round, content=stories.tally_file(round), by=place.officer, at=stories.REVIEWING
    )
    client = browser(place.officer)

    assert queries_of(client, page(round)) == queries_of(client, f"{page(round)}?q=第1镇")
