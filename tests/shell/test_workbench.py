from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role
from qingfeng.shell import workbench
from tests import stories
from tests.evaluation import stories as evaluation

TODAY = dt.date(2026, 4, 2)


def duty(title: str, days: int | None) -> Duty:
    return Duty(title, "", "部门评分", "/a/", "/list/", days_left=days)


def bench_of(*duties: Duty) -> workbench.Workbench:
    return workbench.Workbench(list(duties), [], TODAY)


def test_title_counts_what_waits_and_what_is_late() -> None:
    assert bench_of(duty("甲", -2), duty("乙", 3)).title == "今天有 2 件事，1 件已逾期"
    assert bench_of(duty("甲", None)).title == "今天有 1 件事"
    assert bench_of().title == "今天没有待办的事"


def test_urgency_puts_the_latest_first_and_the_open_ended_last() -> None:
    rows = sorted([duty("无期", None), duty("三天", 3), duty("逾期", -1)], key=lambda row: row.urgency)

    assert [row.title for row in rows] == ["逾期", "三天", "无期"]
    assert [row.tone for row in rows] == ["late", "soon", "ok"]


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2026, 4, 2, 3, tzinfo=dt.UTC))
def test_home_of_the_officer_leads_to_what_is_late() -> None:
    place = evaluation.city(towns=2)
    round = evaluation.opened(place)

    page = stories.signed_in(place.officer).get(reverse("home")).content.decode()

    assert "3 个单位没有报送材料" in page
    assert reverse("evaluation:round_submissions", args=[round.pk]) in page
    assert "逾期 2 天" in page


@pytest.mark.django_db
def test_home_of_somebody_with_nothing_to_do_says_so() -> None:
    page = stories.signed_in(stories.user_with(Role.MENTOR)).get(reverse("home")).content.decode()

    assert "手头没有要办的事" in page
