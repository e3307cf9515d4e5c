"""The steps that carry a round on, each by its page."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from qingfeng.core.jobs import worker
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.rounds import Reminder, Round
from qingfeng.notifications.models import Message
from tests.evaluation import stories
from tests.evaluation.pages import browser, text_of, title_of
from tests.evaluation.typed import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def page(round: Round, name: str = "round", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[round.pk, *args])


def test_planned_round_is_not_found_by_a_unit(place) -> None:
    round = stories.planned(place)

    response = browser(place.liaisons[place.towns[0].pk]).get(page(round))

    assert response.status_code == 404


def plan_page() -> str:
    return reverse("evaluation:round_plan")


def test_plan_proposes_dates_from_the_quarters_end(place) -> None:
    stories.published(place)

    response = browser(place.officer).get(plan_page(), {"year": 2026, "quarter": 2})

    body = response.content.decode()
    assert title_of(response) == "建立2026年第二季度评价轮次"
    assert 'value="2026-06-20"' in body
    assert "季度末前第 10 天。依据：建议值" in text_of(response)


def test_plan_a_round_lands_on_its_desk(place) -> None:
    version = stories.published(place)
    client = browser(place.officer)
    shown = form_of(client.get(plan_page(), {"year": 2026, "quarter": 2}))

    response = client.post(
        f"{plan_page()}?year=2026&quarter=2",
        shown | {"scheme_version": version.pk, "submit_by": "2026-07-01"},
    )

    made = Round.objects.get()
    assert response["Location"] == page(made)
    assert (made.quarter, made.submit_by) == (2, dt.date(2026, 7, 1))


def test_plan_with_dates_out_of_order_says_so_beside_the_date(place) -> None:
    stories.published(place)
    client = browser(place.officer)
    shown = form_of(client.get(plan_page(), {"year": 2026, "quarter": 2}))

    response = client.post(f"{plan_page()}?year=2026&quarter=2", shown | {"review_by": "2026-06-01"})

    assert response.status_code == 422
    assert "不能早于“单位报送截止”" in text_of(response)
    assert not Round.objects.exists()


def test_plan_by_a_leader_is_refused_with_the_reason(place) -> None:
    response = browser(place.secretary).get(plan_page())

    assert response.status_code == 403
    assert "评价工作由党风室组织" in text_of(response)


def test_open_is_blocked_until_every_department_has_a_unit(place) -> None:
    round = stories.planned(place)
    row = round.departments.get(code="rexian")
    row.unit = None
    row.save()
    client = browser(place.officer)

    shown = text_of(client.get(page(round)))
    response = client.post(page(round, "round_open"))

    assert "先为 1 个部门指定对应单位" in shown
    assert response.status_code == 422
    round.refresh_from_db()
    assert round.state == RoundState.PLANNED


def test_bind_departments_by_short_name(place) -> None:
    round = stories.planned(place)
    client = browser(place.officer)
    shown = form_of(client.get(page(round, "round_bindings")))

    wrong = client.post(page(round, "round_bindings"), shown | {"rexian": "没有的单位"})
    right = client.post(page(round, "round_bindings"), shown | {"rexian": "组织部"})

    assert wrong.status_code == 422
    assert "没有简称为“没有的单位”的单位" in text_of(wrong)
    assert right.status_code == 302
    assert round.departments.get(code="rexian").unit == place.bureaus["zuzhi"]


def test_choose_another_scheme_lays_the_departments_out_anew(place) -> None:
    round = stories.planned(place)
    client = browser(place.officer)
    other = round.scheme_version.based_on.scheme.versions.get() if round.scheme_version.based_on else None
    version = other or stories.published(place)

    response = client.post(page(round, "round_scheme"), {"scheme_version": version.pk})

    round.refresh_from_db()
    assert response.status_code == 302
    assert round.scheme_version == version


def test_open_and_start_review_by_the_pages(place) -> None:
    round = stories.planned(place)
    client = browser(place.officer)

    asked = text_of(client.get(page(round, "round_open")))
    client.post(page(round, "round_open"))
    client.post(page(round, "round_start_review"))

    round.refresh_from_db()
    assert "4 个单位参评" in asked
    assert round.state == RoundState.REVIEWING


STEPS = (
    ("planned", "round_open", "secretary"),
    ("collecting", "round_start_review", "secretary"),
    ("collecting", "round_remind", "secretary"),
    ("reviewing", "round_freeze", "secretary"),
    ("frozen", "round_compute", "secretary"),
    ("frozen", "round_unfreeze", "secretary"),
    ("computed", "round_open_appeals", "secretary"),
    ("appealing", "round_extend_appeals", "secretary"),
    ("appealing", "round_settle", "secretary"),
    ("settled", "round_submit", "secretary"),
    ("settled", "round_approve", "officer"),
    ("computed", "round_reopen", "secretary"),
    ("approved", "round_announce", "secretary"),
    ("approved", "bulletin_draft", "secretary"),
    ("planned", "round_bindings", "secretary"),
    ("planned", "round_dates", "secretary"),
)


@pytest.mark.parametrize(("state", "step", "who"), STEPS)
def test_step_by_somebody_else_is_refused_with_the_sentence(place, state, step, who) -> None:
    round = stories.ROUND_STATES[state](place)

    response = browser(getattr(place, who)).post(page(round, step))

    round.refresh_from_db()
    assert response.status_code == 403
    assert "党风室组织" in text_of(response) or "由常委会审定" in text_of(response)
    assert round.state == state


def test_reschedule_keeps_the_reason_in_the_story(place) -> None:
    round = stories.opened(place)
    client = browser(place.officer)
    shown = form_of(client.get(page(round, "round_dates")))

    client.post(page(round, "round_dates"), shown | {"announce_by": "2026-04-30", "reason": "常委会改期"})

    text = text_of(client.get(page(round)))
    assert "“通报”由 4 月 20 日改到 4 月 30 日" in text
    assert "常委会改期" in text


def test_withdraw_unit_with_a_reason_takes_it_out_of_the_list(place) -> None:
    round = stories.opened(place)
    row = round.units.get(unit=place.towns[0])
    client = browser(place.officer)

    empty = client.post(page(round, "round_withdraw_unit", row.pk), {"reason": ""})
    client.post(page(round, "round_withdraw_unit", row.pk), {"reason": "并入第2镇"})

    assert empty.status_code == 422
    client.get(page(round, "round_units"))
    assert "第1镇" not in text_of(client.get(page(round, "round_units")))


def test_remind_all_waiting_parts_sends_as_many_messages(place) -> None:
    round = stories.opened(place)
    with time_machine.travel(stories.moment(3, 25), tick=False):
        client = browser(place.officer)
        asked = text_of(client.get(page(round, "round_remind")))
        before = Message.objects.count()

        client.post(page(round, "round_remind"), {"scope": "all"})

    assert "所有还没交的，10 件" in asked
    assert Reminder.objects.count() == 10
    assert Message.objects.count() - before >= 10


def test_freeze_with_gaps_names_them_and_wants_a_word(place) -> None:
    round = stories.in_review(place)
    client = browser(place.officer)

    asked = text_of(client.get(page(round, "round_freeze")))
    refused = client.post(page(round, "round_freeze"), {"with_gaps": ""})
    client.post(page(round, "round_freeze"), {"with_gaps": "on"})

    round.refresh_from_db()
    assert "2 个部门未报送数据：案管室、12345热线" in asked
    assert refused.status_code == 422
    assert round.state == RoundState.FROZEN


def test_compute_runs_as_a_job_whose_panel_follows_it(place) -> None:
    round = stories.frozen(place)
    client = browser(place.officer)

    client.post(page(round, "round_compute"))
    waiting = client.get(page(round))
    fragment = client.get(page(round, "round_computation"), headers={"HX-Request": "true"})
    whole = client.get(page(round, "round_computation"))
    worker.drain()
    done = client.get(page(round, "round_computation"), headers={"HX-Request": "true"})

    round.refresh_from_db()
    assert "正在试算" in text_of(waiting)
    assert "<h1>" not in fragment.content.decode()
    assert " ".join(text_of(fragment).split()) in text_of(whole)
    assert "试算已完成。已算出 4 个单位的结果" in text_of(done)
    assert round.state == RoundState.COMPUTED


def test_approve_writes_down_meeting_and_date(place) -> None:
    round = stories.settled(place)
    with time_machine.travel(stories.moment(4, 17), tick=False):
        client = browser(place.clerk)
        early = client.post(
            page(round, "round_approve"), {"meeting": "第7次", "decided_on": "2026-04-15", "outside": "停机"}
        )
        client.post(
            page(round, "round_approve"), {"meeting": "第7次", "decided_on": "2026-04-16", "outside": "停机"}
        )

    round.refresh_from_db()
    assert "审定日期不能早于核对申诉结束的日期" in text_of(early)
    assert round.state == RoundState.APPROVED
    assert "第7次 2026-04-16 审定" in text_of(browser(place.officer).get(page(round)))


def test_announce_then_reopen_keeps_what_was_announced(place) -> None:
    round = stories.approved(place)
    client = browser(place.officer)

    client.post(page(round, "round_announce"))
    client.post(page(round, "round_reopen"), {"reason": "复核更正"})

    text = text_of(client.get(page(round)))
    assert "进行到“部门评分”" in text
    assert "已公布" in text
    assert "复核更正" in text


def test_unfreeze_wants_a_reason(place) -> None:
    round = stories.frozen(place)
    client = browser(place.officer)

    empty = client.post(page(round, "round_unfreeze"), {"reason": " "})
    client.post(page(round, "round_unfreeze"), {"reason": "补录数据"})

    round.refresh_from_db()
    assert "请写明更正理由" in text_of(empty)
    assert round.state == RoundState.REVIEWING


def test_step_in_the_wrong_state_changes_nothing(place) -> None:
    round = stories.opened(place)

    response = browser(place.officer).post(page(round, "round_announce"))

    assert response.status_code == 403
    assert "当前状态为“开放填报”，不能公布结果" in text_of(response)
