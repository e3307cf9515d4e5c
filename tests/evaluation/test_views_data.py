"""The pages of data suppliers: tasks, numbers, facts and their correction, points in a range, none."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import data as actions
from qingfeng.evaluation.gateways import task_book
from qingfeng.evaluation.models.data import DataTask, Fact
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds as round_queries
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, said, sheet_rows, text_of, title_of, workbook

pytestmark = pytest.mark.django_db
D = Decimal


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
def cases(round) -> DataTask:
    return stories.task_of(round, "anguan")


@pytest.fixture
def hotline(round) -> DataTask:
    return stories.task_of(round, "rexian")


@pytest.fixture
def supplier(place):
    return browser(place.suppliers["anguan"])


def page(row: DataTask | Fact, name: str, *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[row.pk, *args])


def fact_data(place: stories.City, **changes: str) -> dict[str, str]:
    values = {
        "unit": str(place.towns[0].pk),
        "fact_kind": "light",
        "title": "公款吃喝受警告处分",
        "act_date": "2025-11-03",
        "effective_date": "2026-02-10",
        "quantity": "1",
    }
    return values | changes


def test_task_page_says_what_is_asked_and_until_when(supplier, cases) -> None:
    response = supplier.get(page(cases, "task"))

    assert title_of(response) == "请在 4 月 8 日前报送 3 类事实"
    assert "意识形态事件" in text_of(response)
    assert "还剩 6 天" in text_of(response)
    assert "违纪违法案件发生情况" in text_of(response)


def test_task_of_another_department_is_not_found(place, cases) -> None:
    assert browser(place.suppliers["rexian"]).get(page(cases, "task")).status_code == 404
    assert browser(place.liaisons[place.towns[0].pk]).get(page(cases, "task")).status_code == 404


def test_values_are_typed_saved_and_shown_again(place, hotline) -> None:
    client = browser(place.suppliers["rexian"])
    rows = queries.value_rows(hotline)
    posted = {f"u{row.round_unit.pk}-on_time": "95.5" for row in rows[:3]}

    response = client.post(page(hotline, "task_values"), posted)

    assert response["Location"] == page(hotline, "task")
    assert hotline.values.count() == 3
    assert "3 / 4" in text_of(client.get(page(hotline, "task")))


def test_values_with_a_wrong_box_are_kept_on_the_page_and_not_saved(place, hotline) -> None:
    client = browser(place.suppliers["rexian"])
    rows = queries.value_rows(hotline)
    posted = {f"u{rows[0].round_unit.pk}-on_time": "九十", f"u{rows[1].round_unit.pk}-on_time": "95"}

    response = client.post(page(hotline, "task_values"), posted)

    assert response.status_code == 422
    assert "1 个格子没填对，都还没有保存" in text_of(response)
    assert 'value="九十"' in response.content.decode()
    assert not hotline.values.exists()


def test_values_by_the_officer_are_refused_with_the_sentence(place, hotline) -> None:
    response = browser(place.officer).get(page(hotline, "task_values"))

    assert response.status_code == 403
    assert "仅承担这项数据报送的部门可以报送。" in text_of(response)


def test_fact_is_entered_and_listed(place, supplier, cases) -> None:
    response = supplier.post(page(cases, "fact_new"), fact_data(place))

    assert response["Location"] == page(cases, "task")
    assert "第1镇：公款吃喝受警告处分" in text_of(supplier.get(page(cases, "task")))


def test_fact_outside_the_quarter_is_refused_and_the_form_keeps_it(place, supplier, cases) -> None:
    response = supplier.post(page(cases, "fact_new"), fact_data(place, effective_date="2026-05-01"))

    assert response.status_code == 422
    assert "不在2026年第一季度内" in text_of(response)
    assert "公款吃喝受警告处分" in response.content.decode()
    assert not cases.facts.exists()


def test_fact_without_a_unit_says_so_beside_the_field(place, supplier, cases) -> None:
    response = supplier.post(page(cases, "fact_new"), fact_data(place, unit=""))

    assert response.status_code == 422
    assert not cases.facts.exists()


def test_correction_is_a_new_entry_that_points_at_the_old(place, round, supplier) -> None:
    old = stories.recorded(place, round, place.towns[0])

    empty = supplier.post(page(old, "fact_correct"), fact_data(place, title="改为诫勉"))
    response = supplier.post(page(old, "fact_correct"), fact_data(place, title="改为诫勉", reason="复核改变"))

    new = Fact.objects.get(corrects=old)
    assert empty.status_code == 422
    assert response["Location"] == page(new, "fact")
    assert "复核改变" in text_of(supplier.get(page(new, "fact")))
    assert "已被更正" in text_of(supplier.get(page(old, "fact")))


def test_withdrawal_keeps_the_entry_and_takes_it_off_the_list(place, round, supplier, cases) -> None:
    old = stories.recorded(place, round, place.towns[0])

    supplier.post(page(old, "fact_withdraw"), {"reason": "登记错了"})

    assert "撤销" in text_of(supplier.get(page(old, "fact")))
    assert "还没有登记事实" in text_of(supplier.get(page(cases, "task")))


def test_points_in_a_range_are_chosen_with_a_reason(place, round, supplier) -> None:
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident", title="舆情处置不力")

    before = supplier.get(reverse("evaluation:round_facts", args=[round.pk]))
    outside = supplier.post(page(fact, "fact_points"), {"points": "5", "reason": "影响大"})
    supplier.post(page(fact, "fact_points"), {"points": "2.5", "reason": "影响较大"})

    after = supplier.get(page(fact, "fact"))
    assert title_of(before) == "本季度登记了 1 条事实，1 条要选定分值"
    assert "应在 1 至 3 分之间选定" in text_of(outside)
    assert "已选定每次 2.5 分" in text_of(after)
    assert "影响较大" in text_of(after)


def test_points_by_others_are_refused_and_of_fixed_facts_not_found(place, round, supplier) -> None:
    ranged = stories.recorded(place, round, place.towns[0], fact_kind="incident", title="舆情处置不力")
    fixed = stories.recorded(place, round, place.towns[0])

    assert browser(place.officer).get(page(ranged, "fact_points")).status_code == 403
    assert supplier.get(page(fixed, "fact_points")).status_code == 404


def test_none_is_reported_only_with_the_word(supplier, cases) -> None:
    asked = supplier.get(page(cases, "task_none"))
    refused = supplier.post(page(cases, "task_none"))
    supplier.post(page(cases, "task_none"), {"sure": "on"})

    cases.refresh_from_db()
    assert "“没有”和“没报”不一样" in text_of(asked)
    assert refused.status_code == 422
    assert cases.state == "none"
    assert title_of(supplier.get(page(cases, "task"))) == "案管室报告本期没有数据"


def test_deliver_names_what_is_blank_then_locks_until_recalled(place, hotline) -> None:
    client = browser(place.suppliers["rexian"])
    first = queries.value_rows(hotline)[0].round_unit
    client.post(page(hotline, "task_values"), {f"u{first.pk}-on_time": "95"})

    asked = client.get(page(hotline, "task_deliver"))
    client.post(page(hotline, "task_deliver"))
    locked = client.post(page(hotline, "task_values"), {f"u{first.pk}-on_time": "99"})
    client.post(page(hotline, "task_recall"))

    hotline.refresh_from_db()
    assert "“热线按期办结率”有 3 个单位没填，按“不适用”处理" in text_of(asked)
    assert locked.status_code == 403
    assert hotline.state == "awaiting"


def test_officer_returns_a_report_with_a_reason(place, round, cases, supplier) -> None:
    stories.cases(place, round)

    browser(place.officer).post(page(cases, "task_return"), {"reason": "缺第二季度移送件"})

    assert "缺第二季度移送件" in text_of(supplier.get(page(cases, "task")))
    assert supplier.get(page(cases, "task_return")).status_code == 403


def test_workbook_goes_out_filled_with_the_units_and_is_audited(place, hotline) -> None:
    response = browser(place.suppliers["rexian"]).post(page(hotline, "task_workbook"))

    assert [row[1] for row in sheet_rows(response.content)][1:] == ["第1镇", "第2镇", "第3镇", "宣传部"]
    assert Entry.objects.filter(action="export.data_task", subject_id=hotline.pk).exists()


def book(task: DataTask, rows: list[dict[str, object]]) -> bytes:
    scheme = round_queries.scheme_of(task.round)
    sheets = task_book.sheets(queries.measures_of(task), queries.kinds_of(task), scheme)
    return writing.filled(sheets, {sheets[0].name: rows})


def test_upload_takes_a_workbook_over(place, hotline) -> None:
    content = book(hotline, [{"code": "Z001", "m_on_time": 97}])

    response = browser(place.suppliers["rexian"]).post(
        page(hotline, "task_upload"), {"workbook": workbook(content)}
    )

    assert said(response) == ["表格已导入，还没有报送，请核对后报送。"]
    assert hotline.values.get().value == 97


def test_upload_with_a_fault_lists_it_and_keeps_what_stood(place, round, hotline) -> None:
    stories.hotline(place, round)
    actions.recall(task=hotline, by=place.suppliers["rexian"], at=stories.REVIEWING)
    content = book(hotline, [{"code": "Z001", "m_on_time": 97}, {"code": "Z001", "m_on_time": 98}])

    response = browser(place.suppliers["rexian"]).post(
        page(hotline, "task_upload"), {"workbook": workbook(content)}
    )

    assert response.status_code == 422
    assert "与第 2 行重复" in text_of(response)
    assert set(hotline.values.values_list("value", flat=True)) == {D("95.5")}


def test_upload_without_a_file_asks_for_one(place, hotline) -> None:
    response = browser(place.suppliers["rexian"]).post(page(hotline, "task_upload"))

    assert response.status_code == 422
    assert "请先选择要上传的 .xlsx 文件" in text_of(response)


def test_task_list_counts_and_exports(place, round, cases) -> None:
    stories.cases(place, round)
    client = browser(place.officer)

    shown = client.get(reverse("evaluation:round_tasks", args=[round.pk]))
    exported = client.post(reverse("evaluation:round_tasks_export", args=[round.pk]))

    assert title_of(shown) == "2 份数据，还有 1 份没报，4 月 8 日截止"
    assert len(sheet_rows(exported.content)) == 3
    assert Entry.objects.filter(action="export.data_tasks").exists()


def test_fact_list_filters_and_exports_what_it_shows(place, round) -> None:
    stories.recorded(place, round, place.towns[0])
    stories.recorded(place, round, place.towns[1], fact_kind="heavy", title="受撤职处分")
    client = browser(place.officer)
    url = reverse("evaluation:round_facts", args=[round.pk])

    filtered = client.get(url, {"kind": "heavy"})
    exported = client.post(f"{reverse('evaluation:round_facts_export', args=[round.pk])}?kind=heavy")

    assert "受撤职处分" in text_of(filtered)
    assert "公款吃喝" not in text_of(filtered)
    assert len(sheet_rows(exported.content)) == 2


def test_fact_of_another_department_is_not_found(place, round) -> None:
    fact = stories.recorded(place, round, place.towns[0])

    assert browser(place.suppliers["rexian"]).get(page(fact, "fact")).status_code == 404
    assert browser(people.user_with(Role.SECURITY_ADMIN)).get(page(fact, "fact")).status_code == 404


def test_lists_ask_the_database_the_same_for_one_row_as_for_three(place, round, cases) -> None:
    client = browser(place.officer)
    facts, tasks = (reverse(f"evaluation:{name}", args=[round.pk]) for name in ("round_facts", "round_tasks"))
    stories.recorded(place, round, place.towns[0])
    one = [
        queries_of(client, facts),
        queries_of(client, f"{tasks}?q=案管室"),
        queries_of(client, page(cases, "task")),
    ]

    for unit in place.towns[1:]:
        stories.recorded(place, round, unit)

    three = [queries_of(client, facts), queries_of(client, tasks), queries_of(client, page(cases, "task"))]
    assert three == one
