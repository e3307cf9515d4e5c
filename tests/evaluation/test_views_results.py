"""The pages of a round's results: ranking, changes, heat map, problems, scorers, revisions, comparison."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import results
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.queries import frozen
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, sheet_rows, text_of, title_of
from tests.evaluation.test_result_queries import next_quarter

pytestmark = pytest.mark.django_db
WHOLE = ("ranking", "changes", "heat_map", "compare", "problems", "scorers", "revisions")
EXPORTS = ("ranking_export", "results_export", "changes_export", "problems_export", "scorers_export")
STATEMENTS = {
    "ranking": 15,
    "changes": 13,
    "heat_map": 13,
    "compare": 11,
    "problems": 12,
    "scorers": 10,
    "revisions": 10,
}


@pytest.fixture(autouse=True)
def after_the_announcement():
    with time_machine.travel(stories.moment(7, 20), tick=False):
        yield


@pytest.fixture
def place() -> stories.City:
    return stories.city()


@pytest.fixture
def round(place):
    return stories.announced(place)


def page(round, name: str = "ranking") -> str:
    return reverse(f"evaluation:{name}", args=[round.pk])


def stored(round) -> dict[str, UnitResult]:
    rows = UnitResult.objects.filter(revision=stories.revision_of(round)).select_related("round_unit")
    return {row.round_unit.code: row for row in rows}


def cents(row: UnitResult) -> int:
    assert row.hundredths is not None
    return row.hundredths


def test_ranking_shows_what_is_stored_and_last_quarter_beside(place, round) -> None:
    second = next_quarter(place, round)
    before, now = stored(round)["Z001"], stored(second)["Z001"]

    response = browser(place.officer).get(f"{page(second)}?q=第1镇")

    text = text_of(response)
    line = text[text.index("第1镇 镇街") :]
    assert f"{now.rank} {now.ranked} {cents(now) / 100:.2f}" in line
    assert f"{cents(before) / 100:.2f} +{(cents(now) - cents(before)) / 100:.2f}" in line
    assert "第2镇" not in text


def test_ranking_title_counts_the_grades_stored(place, round) -> None:
    summary = stories.revision_of(round).summary
    said = [
        f"{name} {summary['grades'][code]} 个"
        for code, name in summary["grade_names"].items()
        if summary["grades"][code]
    ]

    assert title_of(browser(place.officer).get(page(round))) == f"4 个单位：{'、'.join(said)}"


def test_ranking_filters_by_class_grade_and_way_of_the_change(place, round) -> None:
    second = next_quarter(place, round)
    client = browser(place.officer)

    party = text_of(client.get(f"{page(second)}?class=party"))
    none = text_of(client.get(f"{page(second)}?grade=poor"))
    risen = text_of(client.get(f"{page(second)}?way=up&sort=-change"))

    assert "宣传部" in party
    assert "第1镇" not in party
    assert "没有符合条件的单位" in none
    assert risen.index("第1镇") < risen.index("第2镇")


def test_person_of_two_units_reads_their_lines_and_nothing_of_others(place, round) -> None:
    group = people.user_with(Role.STATIONED_GROUP, place.towns[0], name="派驻组")
    people.give(group, Role.STATIONED_GROUP, place.towns[1])

    text = text_of(browser(group).get(page(round)))

    assert "第1镇" in text
    assert "第2镇" in text
    assert "第3镇" not in text
    assert "各类单位的等次" not in text


@pytest.mark.parametrize("name", WHOLE[1:])
def test_pages_of_all_units_are_not_found_by_unit_people(place, round, name) -> None:
    assert browser(place.heads[place.towns[0].pk]).get(page(round, name)).status_code == 404


def test_pages_before_the_computation_are_not_found(place) -> None:
    round = stories.in_review(place)

    assert browser(place.officer).get(page(round)).status_code == 404


def test_offices_read_only_what_is_announced(place) -> None:
    round = stories.approved(place)
    office = people.user_with(Role.CASE_OFFICE, name="案管室")

    before = browser(office).get(page(round)).status_code
    results.announce(round=round, by=place.officer, at=stories.ANNOUNCING)

    assert before == 404
    assert browser(office).get(page(round)).status_code == 200


@pytest.mark.parametrize("name", EXPORTS)
def test_export_by_an_office_without_the_right_is_refused_with_the_sentence(place, round, name) -> None:
    office = people.user_with(Role.CASE_OFFICE, name="案管室")

    response = browser(office).post(page(round, name))

    assert response.status_code == 403
    assert "仅评价工作人员和委领导可以导出全部结果。" in text_of(response)
    assert browser(office).get(page(round, name)).status_code == 405


def test_export_of_everything_carries_every_unit_and_is_audited(place, round) -> None:
    response = browser(place.officer).post(page(round, "results_export"))

    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["总分", "维度", "指标", "逐项说明", "评分部门"]
    totals = {row[3]: round_to_cents(row[-5]) for row in book.get_sheet_by_name("总分").to_python()[1:]}
    assert totals == {code: cents(row) for code, row in stored(round).items()}
    assert Entry.objects.get(action="export.results").detail == {"rows": 4, "round": round.pk}


def test_export_of_one_class_carries_its_units_alone(place, round) -> None:
    client = browser(place.officer)

    page_of_class = client.get(f"{page(round)}?class=party")
    response = client.post(f"{page(round, 'results_export')}?class=party")

    assert "导出党群类的结果和来历" in text_of(page_of_class)
    totals = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name("总分")
    assert [row[4] for row in totals.to_python()[1:]] == ["宣传部"]
    assert Entry.objects.get(action="export.results").detail["rows"] == 1


def round_to_cents(value: object) -> int:
    return int(float(str(value)) * 100 + 0.5)


def test_export_of_the_ranking_follows_the_filters(place, round) -> None:
    second = next_quarter(place, round)

    response = browser(place.officer).post(f"{page(second, 'ranking_export')}?class=town")

    rows = sheet_rows(response.content)
    assert [row[0] for row in rows[1:]] == ["第1镇", "第2镇", "第3镇"]
    assert [row[4] for row in rows[1:]] == [cents(stored(second)[f"Z00{n}"]) / 100 for n in (1, 2, 3)]


def test_changes_say_what_rose_and_why(place, round) -> None:
    second = next_quarter(place, round)

    response = browser(place.officer).get(f"{page(second, 'changes')}?q=第1镇")

    text = text_of(response)
    assert title_of(response).startswith("与上季相比，4 个单位得分上升，0 个下降")
    assert "+1.00 A2 违纪违法案件发生情况 去掉事实" in text
    assert "+0.90 B2 服务效能与诉求办理 热线按期办结率由95.5变为100" in text


def test_changes_of_the_first_round_say_that_there_is_nothing_before(place, round) -> None:
    assert title_of(browser(place.officer).get(page(round, "changes"))) == "还没有可以相比的上一季"


def test_movers_of_a_unit_add_up_to_the_change_of_its_score(place, round) -> None:
    second = next_quarter(place, round)
    town = place.towns[0]
    change = cents(stored(second)["Z001"]) - cents(stored(round)["Z001"])

    response = browser(place.heads[town.pk]).get(
        reverse("evaluation:unit_changes", args=[second.pk, town.pk])
    )

    assert f"2 项，合计 +{change / 100:.2f}" in text_of(response)
    other = reverse("evaluation:unit_changes", args=[second.pk, place.towns[1].pk])
    assert browser(place.heads[town.pk]).get(other).status_code == 404


def test_export_of_the_changes_names_the_causes(place, round) -> None:
    second = next_quarter(place, round)

    rows = sheet_rows(browser(place.officer).post(page(second, "changes_export")).content)

    line = next(row for row in rows if row[0] == "第1镇")
    assert "热线按期办结率由95.5变为100" in line[6]


def test_heat_map_shows_the_percents_stored_and_leads_to_the_explanation(place, round) -> None:
    town = place.towns[0]
    percents = frozen.indicator_percents(bytes(stored(round)["Z001"].packed))

    response = browser(place.officer).get(f"{page(round, 'heat_map')}?class=town&q=第1镇")

    link = reverse("evaluation:portrait", args=[round.pk, town.pk])
    cells = [
        f'<a href="{link}?open={code}#{code}">{value:.0f}</a>'
        for code, value in zip(("A1", "A2", "B1", "B2"), percents, strict=True)
        if value is not None
    ]
    body = response.content.decode()
    assert [cell for cell in cells if cell not in body] == []
    assert len(cells) == 4


def test_compare_puts_units_of_a_class_side_by_side(place, round) -> None:
    one, two = place.towns[:2]
    client = browser(place.officer)

    response = client.get(f"{page(round, 'compare')}?unit={one.pk}&unit={two.pk}&unit={one.pk}&unit=x")
    empty = client.get(page(round, "compare"))

    assert title_of(response) == "第1镇、第2镇：差别最大的是“违纪违法案件发生情况”"
    rows = stored(round)
    assert f"{cents(rows['Z001']) / 100:.2f} {cents(rows['Z002']) / 100:.2f}" in text_of(response)
    assert title_of(empty) == "选两到四个镇街单位比较"


def test_problems_name_the_indicators_that_lost_most(place, round) -> None:
    response = browser(place.officer).get(page(round, "problems"))

    assert title_of(response).startswith("失分最多：坚定理想信念、")
    assert "A2 违纪违法案件发生情况 加强党的政治建设 0.25 99.17 — 1 4" in text_of(response)


def test_scorers_show_mean_and_spread_as_stored(place, round) -> None:
    text = text_of(browser(place.officer).get(page(round, "scorers")))

    assert "宣传部 A1 坚定理想信念 3 96.67 0.00" in text


def test_revisions_list_reason_and_person_and_lead_to_the_difference(place) -> None:
    round = stories.computed(place)
    stories.corrected(place, round, reason="宣传部更正评分")
    results.freeze(round=round, by=place.officer, at=stories.MEETING)
    results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.MEETING)

    response = browser(place.officer).get(page(round, "revisions"))

    assert title_of(response) == "这一轮算过多次，每一版都保留"
    assert "重算理由：宣传部更正评分" in text_of(response)
    assert reverse("evaluation:round_revision", args=[round.pk, 2]) in response.content.decode()


@pytest.mark.parametrize("towns", [1, 3])
def test_pages_ask_the_database_the_same_however_many_units(towns) -> None:
    place = stories.city(towns)
    second = next_quarter(place, stories.announced(place))
    client = browser(place.officer)

    assert {name: queries_of(client, page(second, name)) for name in WHOLE} == STATEMENTS
