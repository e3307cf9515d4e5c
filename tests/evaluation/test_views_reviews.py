"""The pages of department reviews: the list, a sheet, the evidence beside it, Excel, handing in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import reviews as actions
from qingfeng.evaluation.actions import rounds, submissions
from qingfeng.evaluation.gateways import sheet_book
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.queries import marks
from qingfeng.evaluation.queries import reviews as queries
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import (
    browser,
    part_of,
    queries_of,
    said,
    sheet_rows,
    text_of,
    title_of,
    workbook,
)

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
    return stories.in_review(place)


@pytest.fixture
def sheet(round) -> ReviewSheet:
    """Return 宣传部's sheet on a whole score, from which its own unit is absent."""
    return stories.sheet_of(round, "A1.review", "xuanchuan")


@pytest.fixture
def checklist(round) -> ReviewSheet:
    return stories.sheet_of(round, "B1.review", "zuzhi")


def page(sheet: ReviewSheet, name: str = "sheet", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[sheet.pk, *args])


def units(sheet: ReviewSheet) -> list[int]:
    return list(queries.units_of(sheet).values_list("pk", flat=True))


def typed(sheet: ReviewSheet, points: str, reason: str = "") -> dict[str, str]:
    found = {"lock": str(sheet.lock)}
    for pk in units(sheet):
        found |= {f"u{pk}-points": points, f"u{pk}-reason": reason}
    return found


def test_sheet_says_what_is_left_and_who_scores_the_own_unit(place, sheet) -> None:
    response = browser(place.scorers["xuanchuan"]).get(page(sheet))

    assert title_of(response) == "坚定理想信念：3 个单位评了 0 个，还有 3 个"
    assert "本单位（宣传部）不由自己评分，由党风室代评，所以不在这张表里。" in text_of(response)
    assert response.content.decode().count("看材料</a>") == 3


def test_sheet_of_another_department_is_not_found(place, sheet) -> None:
    assert browser(place.scorers["zuzhi"]).get(page(sheet)).status_code == 404
    assert browser(people.user_with(Role.AUDIT_ADMIN)).get(page(sheet)).status_code == 404


def test_save_keeps_a_draft_of_some_units(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    first = units(sheet)[0]
    data = {"lock": sheet.lock, f"u{first}-points": "28.5", f"u{first}-reason": "记录不全"}

    response = client.post(page(sheet, "sheet_save"), data)

    assert response["Location"] == page(sheet)
    assert marks.of_sheet(sheet).points == {first: D("28.5")}
    shown = client.get(page(sheet))
    assert 'value="28.5"' in shown.content.decode()
    assert title_of(shown) == "坚定理想信念：3 个单位评了 1 个，还有 2 个"


def test_save_with_a_wrong_number_keeps_what_was_typed_and_saves_nothing(place, sheet) -> None:
    data = typed(sheet, "29")
    data[f"u{units(sheet)[0]}-points"] = "31"

    response = browser(place.scorers["xuanchuan"]).post(page(sheet, "sheet_save"), data)

    assert response.status_code == 422
    assert "得分应为 0 至 30 的数" in text_of(response)
    assert "1 个单位没填对，都还没有保存" in text_of(response)
    assert 'value="31"' in response.content.decode()
    assert not sheet.scores.exists()


def test_save_after_another_saved_shows_his_numbers_and_overwrites_nothing(place, sheet) -> None:
    stale = typed(sheet, "20", "初评")
    stories.scored(place, sheet, D(25))

    response = browser(place.scorers["xuanchuan"]).post(page(sheet, "sheet_save"), stale)

    assert response.status_code == 409
    assert "平台里现在是：25 分" in text_of(response)
    assert 'value="20"' in response.content.decode()
    assert set(marks.of_sheet(sheet).points.values()) == {D(25)}


def test_save_by_the_officer_is_refused_with_the_sentence(place, sheet) -> None:
    response = browser(place.officer).post(page(sheet, "sheet_save"), typed(sheet, "29"))

    assert response.status_code == 403
    assert "仅负责这项指标评分的部门可以评分。" in text_of(response)


def test_save_of_a_unit_that_is_not_on_the_sheet_changes_nothing(place, sheet, round) -> None:
    own = round.units.get(unit=place.bureaus["xuanchuan"])

    browser(place.scorers["xuanchuan"]).post(
        page(sheet, "sheet_save"), {"lock": sheet.lock, f"u{own.pk}-points": "30"}
    )

    assert not sheet.scores.exists()


def test_checklist_counts_findings_by_the_engine(place, checklist) -> None:
    client = browser(place.scorers["zuzhi"])
    first = units(checklist)[0]
    data = {
        "lock": checklist.lock,
        f"u{first}-late-n": "2",
        f"u{first}-harm-n": "1",
        f"u{first}-harm-p": "2.5",
        f"u{first}-harm-why": "影响较大",
        f"u{first}-reason": "见记录",
    }

    client.post(page(checklist, "sheet_save"), data)

    assert marks.of_sheet(checklist).points[first] == pytest.approx(D("16.5"))
    assert 'placeholder="= 16.5"' in client.get(page(checklist)).content.decode()


def test_checklist_choice_outside_its_range_is_refused_in_words(place, checklist) -> None:
    first = units(checklist)[0]
    data = {
        "lock": checklist.lock,
        f"u{first}-harm-n": "1",
        f"u{first}-harm-p": "9",
        f"u{first}-harm-why": "重",
    }

    response = browser(place.scorers["zuzhi"]).post(page(checklist, "sheet_save"), data)

    assert response.status_code == 422
    assert "应在 1 至 3 分之间选定分值" in text_of(response)


def test_fill_full_marks_scores_the_rest(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])

    client.post(page(sheet, "sheet_fill"), {"lock": sheet.lock})

    assert set(marks.of_sheet(sheet).points.values()) == {D(30)}


def test_submit_asks_with_mean_and_spread_then_closes_the_sheet(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    onward = client.post(page(sheet, "sheet_save"), typed(sheet, "27", "记录不全") | {"submit": "1"})

    asked = client.get(onward["Location"])
    done = client.post(page(sheet, "sheet_submit"))

    sheet.refresh_from_db()
    assert onward["Location"] == page(sheet, "sheet_submit")
    assert "满分 30 分，平均 27 分，离散程度（标准差）0 分" in text_of(asked)
    assert done["Location"] == reverse("evaluation:sheet_list")
    assert sheet.state == "submitted"
    assert "保存草稿" not in text_of(client.get(page(sheet)))


def test_submit_with_gaps_names_the_units_and_blocks_the_button(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    client.post(page(sheet, "sheet_save"), {"lock": sheet.lock, f"u{units(sheet)[0]}-points": "20"})

    asked = client.get(page(sheet, "sheet_submit"))
    response = client.post(page(sheet, "sheet_submit"))

    assert "还有 2 个单位没评：第2镇、第3镇" in text_of(asked)
    assert "1 个单位没得满分，还没写理由：第1镇" in text_of(asked)
    assert "还不能提交，请先补齐。" in text_of(asked)
    assert response.status_code == 422


def test_officer_returns_a_sheet_with_a_reason_that_the_department_sees(place, sheet) -> None:
    stories.submitted(place, sheet)

    browser(place.officer).post(page(sheet, "sheet_return"), {"reason": "分差过小，请重看"})

    shown = browser(place.scorers["xuanchuan"]).get(page(sheet))
    assert "分差过小，请重看" in text_of(shown)
    assert "保存草稿" in text_of(shown)
    assert browser(place.scorers["xuanchuan"]).get(page(sheet, "sheet_return")).status_code == 403


def test_offer_shows_the_evidence_and_the_fragment_equals_the_page(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    url = page(sheet, "offer", units(sheet)[0])

    whole = client.get(url)
    fragment = client.get(url, headers={"HX-Request": "true"})

    assert "开展学习四次" in text_of(whole)
    assert "<html" not in fragment.content.decode()
    assert part_of(fragment, "offer") == part_of(whole, "offer")


def test_offer_of_a_unit_that_is_not_on_the_sheet_is_not_found(place, sheet, round) -> None:
    own = round.units.get(unit=place.bureaus["xuanchuan"])

    assert browser(place.scorers["xuanchuan"]).get(page(sheet, "offer", own.pk)).status_code == 404


def test_offer_before_sign_off_shows_nothing_of_it(place) -> None:
    round = stories.opened(place)
    stories.filled_in(place, round, place.towns[0])
    sheet = stories.sheet_of(round, "A1.review", "xuanchuan")

    response = browser(place.scorers["xuanchuan"]).get(page(sheet, "offer", units(sheet)[0]))

    assert "还没有审签报送" in text_of(response)
    assert "开展学习四次" not in text_of(response)


def test_accept_swaps_the_panel_for_what_a_reload_shows(place, sheet, round) -> None:
    client = browser(place.scorers["xuanchuan"])
    unit = units(sheet)[0]

    swapped = client.post(page(sheet, "offer_accept", unit), headers={"HX-Request": "true"})
    reloaded = client.get(page(sheet, "offer", unit))

    assert "已采纳" in part_of(swapped, "offer")
    assert part_of(swapped, "offer") == part_of(reloaded, "offer")


def test_give_back_with_reason_and_date_swaps_the_panel(place, sheet, round) -> None:
    client = browser(place.scorers["xuanchuan"])
    unit = units(sheet)[0]
    url = page(sheet, "offer_return", unit)
    hx = {"HX-Request": "true"}

    empty = client.post(url, {"reason": "", "due_on": "2026-04-06"}, headers=hx)
    swapped = client.post(url, {"reason": "没有签到表", "due_on": "2026-04-06"}, headers=hx)

    assert empty.status_code == 422
    assert "请写明退回理由" in part_of(empty, "offer")
    assert part_of(swapped, "offer") == part_of(client.get(page(sheet, "offer", unit)), "offer")
    assert "看材料 已退回" in text_of(client.get(page(sheet)))


def test_answer_swaps_the_sign_in_the_row_for_what_a_reload_shows(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    unit = units(sheet)[0]

    swapped = client.post(page(sheet, "offer_accept", unit), headers={"HX-Request": "true"})
    reloaded = client.get(page(sheet))

    sign = f'<span id="offer-state-{unit}" hx-swap-oob="true" class="qf-good">已采纳</span>'
    assert sign in swapped.content.decode()
    assert sign.replace(' hx-swap-oob="true"', "") in reloaded.content.decode()


def test_give_back_without_scripts_goes_back_to_the_page(place, sheet) -> None:
    client = browser(place.scorers["xuanchuan"])
    unit = units(sheet)[0]

    response = client.post(page(sheet, "offer_return", unit), {"reason": "太简略", "due_on": "2026-04-06"})

    assert response["Location"] == page(sheet, "offer", unit)
    assert said(response) == ["已退回第1镇补正。"]


def test_give_back_of_the_own_units_evidence_is_refused(place, round) -> None:
    substitute = stories.sheet_of(round, "A1.review", "dangfeng")
    own = round.units.get(unit=place.bureaus["xuanchuan"])
    scorer = people.give(place.scorers["dangfeng"], Role.SCORING_DEPARTMENT, place.bureaus["xuanchuan"])

    shown = browser(place.scorers["dangfeng"]).get(page(substitute, "offer", own.pk))

    assert scorer.units_for(Role.SCORING_DEPARTMENT)
    assert shown.status_code == 200


def test_workbook_goes_out_with_the_units_and_an_audit_line(place, sheet) -> None:
    stories.scored(place, sheet, D("27.5"))

    response = browser(place.scorers["xuanchuan"]).post(page(sheet, "sheet_workbook"))

    rows = sheet_rows(response.content)
    assert rows[0] == ["单位编码", "单位", "得分", "理由"]
    assert [row[2] for row in rows[1:]] == [27.5, 27.5, 27.5]
    assert Entry.objects.filter(action="export.review_sheet", subject_id=sheet.pk).exists()


def filled(sheet: ReviewSheet, *rows: dict[str, object]) -> bytes:
    declared = sheet_book.sheet(queries.indicator_of(sheet), queries.channel_of(sheet))
    return writing.filled([declared], {sheet_book.NAME: rows})


def test_upload_takes_a_sheet_over_as_a_draft(place, sheet) -> None:
    content = filled(sheet, {"code": "Z001", "points": 26, "reason": "缺计划"}, {"code": "Z002"})

    response = browser(place.scorers["xuanchuan"]).post(
        page(sheet, "sheet_upload"), {"workbook": workbook(content)}
    )

    assert said(response) == ["已导入 1 个单位的评分，还是草稿，请核对后提交。"]
    assert list(marks.of_sheet(sheet).points.values()) == [D(26)]


def test_upload_with_faults_lists_each_and_takes_nothing(place, sheet) -> None:
    content = filled(
        sheet, {"code": "Z001", "points": 26}, {"code": "D01", "points": 30}, {"code": "Z002", "points": 99}
    )

    response = browser(place.scorers["xuanchuan"]).post(
        page(sheet, "sheet_upload"), {"workbook": workbook(content)}
    )

    assert response.status_code == 422
    assert title_of(response) == "表里有错，一行也没有导入"
    assert "共 2 处错误" in text_of(response)
    assert "没有编码为“D01”的要评分的单位" in text_of(response)
    assert not sheet.scores.exists()


def test_upload_of_a_checklist_reads_quantities_and_chosen_points(place, checklist) -> None:
    content = filled(
        checklist,
        {"code": "Z001", "n_late": 1, "n_harm": 1, "p_harm": 2, "w_harm": "影响较大", "reason": "见记录"},
        {"code": "Z002", "points": 20},
    )

    browser(place.scorers["zuzhi"]).post(page(checklist, "sheet_upload"), {"workbook": workbook(content)})

    assert sorted(marks.of_sheet(checklist).points.values()) == [pytest.approx(D("17.5")), D(20)]


def test_upload_of_something_else_is_refused_in_words(place, sheet) -> None:
    response = browser(place.scorers["xuanchuan"]).post(
        page(sheet, "sheet_upload"), {"workbook": workbook(b"not a workbook")}
    )

    assert response.status_code == 422
    assert "不是 Excel 工作簿" in text_of(response)


def test_list_of_a_department_holds_its_own_sheets_only(place, round) -> None:
    url = reverse("evaluation:round_sheets", args=[round.pk])

    mine = browser(place.scorers["xuanchuan"]).get(url)
    all_of_them = browser(place.officer).get(url)

    assert title_of(mine) == "1 张评分表，还有 1 张没提交，请在 4 月 7 日前交"
    assert title_of(all_of_them) == "4 张评分表，还有 4 张没提交，4 月 7 日截止"


def test_list_shows_each_scorers_mean_and_spread_to_the_officer_and_exports(place, round, sheet) -> None:
    first, second, third = units(sheet)
    entries = [
        actions.Entry(first, D(30)),
        actions.Entry(second, D(27), reason="少一次"),
        actions.Entry(third, D(24), reason="少两次"),
    ]
    actions.save_scores(
        sheet=sheet, entries=entries, lock=sheet.lock, by=place.scorers["xuanchuan"], at=stories.REVIEWING
    )
    client = browser(place.officer)

    shown = client.get(reverse("evaluation:round_sheets", args=[round.pk]))
    exported = client.post(reverse("evaluation:round_sheets_export", args=[round.pk]))

    assert "27.00" in text_of(shown)
    assert "2.45" in text_of(shown)
    assert len(sheet_rows(exported.content)) == 5
    assert Entry.objects.filter(action="export.review_sheets").exists()


def test_list_shows_a_substitutes_scores_of_the_unit_it_stands_in_for(place, round) -> None:
    substitute = stories.sheet_of(round, "A1.review", "dangfeng")
    stories.scored(place, substitute, D(28))

    shown = browser(place.scorers["dangfeng"]).get(reverse("evaluation:round_sheets", args=[round.pk]))

    assert "代评" in text_of(shown)
    assert "28.00" in text_of(shown)


def test_list_asks_the_database_the_same_for_one_row_as_for_three(place, round) -> None:
    client = browser(place.officer)
    url = reverse("evaluation:round_sheets", args=[round.pk])
    department = stories.sheet_of(round, "A1.review", "xuanchuan").department

    assert queries_of(client, url) == queries_of(client, f"{url}?department={department.pk}")


@pytest.mark.parametrize(("channel", "code"), [("A1.review", "xuanchuan"), ("B1.review", "zuzhi")])
def test_sheet_asks_the_database_the_same_for_one_unit_as_for_three(place, round, channel, code) -> None:
    sheet = stories.sheet_of(round, channel, code)
    stories.scored(place, sheet)
    client = browser(place.scorers[code])
    many = len(units(sheet))

    three = queries_of(client, page(sheet))
    for unit in list(queries.units_of(sheet))[1:]:
        rounds.withdraw_unit(round_unit=unit, reason="撤并", by=place.officer, at=stories.REVIEWING)

    assert (many > 2, len(units(sheet))) == (True, 1)
    assert queries_of(client, page(sheet)) == three


def test_return_of_evidence_is_shown_on_the_sheet(place, sheet, round) -> None:
    item = stories.submission_of(round, place.towns[0]).evidence.get(indicator="A1")
    submissions.return_evidence(
        item=item,
        reason="不清楚",
        due_on=dt.date(2026, 4, 6),
        by=place.scorers["zuzhi"],
        at=stories.REVIEWING,
    )

    shown = browser(place.scorers["xuanchuan"]).get(page(sheet))

    assert shown.content.decode().count("已退回") == 1
