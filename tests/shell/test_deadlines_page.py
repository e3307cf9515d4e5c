"""The overview of limits: for those who keep time, by state, with the record of each."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.workflow import deadlines
from qingfeng.workflow.enums import BasisMark, LimitUnit
from qingfeng.workflow.models import Deadline
from tests.factories.organizations import UnitFactory
from tests.stories import user_with

AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def monday():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def office() -> User:
    return user_with(Role.OFFICE)


def make(label: str, amount: int = 5, started: dt.date = dt.date(2026, 3, 2)) -> Deadline:
    return deadlines.set_deadline(
        subject=UnitFactory(), name="reply", label=label, started=started, unit=LimitUnit.WORKING_DAYS,
        amount=amount, basis="《规则》第十六条", mark=BasisMark.UNVERIFIED, by=SYSTEM, at=AT,
    )  # fmt: skip


def page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def test_list_shows_the_most_urgent_first_with_words_and_basis(office) -> None:
    make("后到的", 8)
    make("逾期的", 3, dt.date(2026, 2, 2))

    text = page(office, reverse("deadlines:list"))

    assert "1 项期限已经逾期，另有 1 项在办" in text
    assert text.index("逾期的") < text.index("后到的")
    assert "还剩 8 个工作日" in text
    assert "逾期 " in text
    assert "《规则》第十六条" in text
    assert "待核实" in text


@pytest.mark.parametrize(
    ("state", "label"),
    [("late", "逾期的"), ("running", "在办的"), ("suspended", "中止的"), ("met", "办结的")],
)
def test_list_is_narrowed_to_a_state(office, state: str, label: str) -> None:
    make("逾期的", 3, dt.date(2026, 2, 2))
    make("在办的")
    deadlines.suspend(deadline=make("中止的"), from_date=dt.date(2026, 3, 3), reason="因", by=SYSTEM, at=AT)
    deadlines.meet(deadline=make("办结的"), by=SYSTEM, at=AT)

    text = page(office, reverse("deadlines:list") + f"?state={state}")

    assert [name for name in ("逾期的", "在办的", "中止的", "办结的") if f">{name}</a>" in text] == [label]


def test_detail_tells_suspensions_and_extensions(office) -> None:
    limit = make("答复")
    deadlines.suspend(deadline=limit, from_date=dt.date(2026, 3, 3), reason="等待鉴定", by=office, at=AT)
    deadlines.resume(deadline=limit, on_date=dt.date(2026, 3, 5), by=office, at=AT)
    deadlines.extend(deadline=limit, amount=2, reason="材料多", approval="分管领导批准", by=office, at=AT)

    text = page(office, reverse("deadlines:detail", args=[limit.pk]))

    assert "等待鉴定" in text
    assert "分管领导批准" in text
    assert office.name in text
    assert "2026-03-13" in text


def test_page_is_refused_to_others_and_a_limit_is_not_found() -> None:
    liaison = user_with(Role.UNIT_LIAISON)
    limit = make("答复")
    client = Client()
    client.force_login(liaison)

    refused = client.get(reverse("deadlines:list"))

    assert refused.status_code == 403
    assert "期限总览仅限" in refused.content.decode()
    assert client.get(reverse("deadlines:detail", args=[limit.pk])).status_code == 404


def test_export_is_an_excel_sheet_and_audited(office) -> None:
    make("答复")
    client = Client()
    client.force_login(office)

    answer = client.post(reverse("deadlines:export"))

    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert Entry.objects.get(action="export.deadline").detail == {"rows": 1}


def test_list_asks_the_database_as_often_for_one_as_for_three(office) -> None:
    client = Client()
    client.force_login(office)
    client.get(reverse("deadlines:list"))
    asked = []
    for more in (1, 2):
        for number in range(more):
            make(f"第 {number} 项")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("deadlines:list"))
        asked.append(len(queries))

    assert asked[0] == asked[1]
