"""A unit's portrait: its figures, where every point comes from, who may read and take it out."""

from __future__ import annotations

import html
import io

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import results, tallies
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.queries import portraits
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, text_of, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_announcement():
    with time_machine.travel(stories.moment(4, 20), tick=False):
        yield


@pytest.fixture
def place() -> stories.City:
    return stories.city()


@pytest.fixture
def round(place):
    return stories.announced(place)


def address(round, unit, name: str = "portrait") -> str:
    return reverse(f"evaluation:{name}", args=[round.pk, unit.pk])


def result_of(round, unit) -> UnitResult:
    rows = UnitResult.objects.select_related("round_unit__unit", "revision__round", "revision__snapshot")
    return rows.get(revision=stories.revision_of(round), round_unit__unit=unit)


def test_portrait_shows_the_stored_score_grade_and_place(place, round) -> None:
    town = place.towns[0]
    stored = result_of(round, town)

    response = browser(place.officer).get(address(round, town))

    text = text_of(response)
    assert title_of(response) == "第1镇"
    assert stored.hundredths is not None
    assert f"{stored.hundredths / 100:.2f}" in text
    assert portraits.grade_names(stored.revision)[stored.grade] in text
    assert f"类内第 {stored.rank}" in text
    assert "2026年第一季度 · 镇街类 3 个单位" in text


def test_portrait_says_every_sentence_of_the_explanation(place, round) -> None:
    town = place.towns[0]
    explanation = portraits.explanation_of(result_of(round, town))
    wanted = [explanation.sentence, explanation.grade_sentence]
    wanted += [node.sentence for top in explanation.dimensions for node in top.walk() if node.sentence]

    page = browser(place.officer).get(address(round, town)).content.decode()

    said = html.unescape(page)
    assert [sentence for sentence in wanted if sentence not in said] == []


def test_deduction_shows_its_fact_with_reference_and_dates(place, round) -> None:
    fact = stories.fact_of(round)

    officer = text_of(browser(place.officer).get(address(round, place.towns[0])))
    head = browser(place.heads[place.towns[0].pk]).get(address(round, place.towns[0]))

    assert "公款吃喝受警告处分：1分，扣1分。" in officer
    assert "云纪〔2026〕3号 · 行为日期 2025-11-03，生效日期 2026-02-10" in officer
    assert "看台账记录" in officer
    assert "云纪〔2026〕3号" in text_of(head)
    assert reverse("evaluation:fact", args=[fact.pk]) not in head.content.decode()


def test_review_shows_reviewer_reason_and_the_spread_of_the_department(place, round) -> None:
    text = text_of(browser(place.officer).get(address(round, place.towns[0])))

    assert "评分人xuanchuan 评29分（满分30分）：材料不全" in text
    assert "该部门评 3 个单位，平均得分率 96.67%，离散度 0%" in text


def test_scorer_of_his_own_unit_is_replaced_and_the_page_says_so(place, round) -> None:
    text = text_of(browser(place.officer).get(address(round, place.bureaus["xuanchuan"])))

    assert "宣传部回避本单位，由党风室代评。" in text


def test_groups_below_the_minimum_show_no_votes_and_their_weight_goes_to_the_reviews(place) -> None:
    round = stories.complete(place)
    few = stories.tally_file(round, (3, 1, 0, 41))
    tallies.import_tallies(round=round, content=few, by=place.officer, at=stories.REVIEWING)
    results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.TRIAL)

    text = text_of(browser(place.officer).get(address(round, place.towns[0])))

    assert text.count("有效票不足5票，不计入，不显示票数。") == 2
    assert "有效票数不足规定下限，不计分也不显示票数；不适用，不作零分处理" in text
    assert "3票" not in text
    assert "41票" not in text


def test_opened_indicator_is_unfolded_and_the_others_are_not(place, round) -> None:
    client = browser(place.officer)

    one = client.get(f"{address(round, place.towns[0])}?open=A2").content.decode()
    every = client.get(f"{address(round, place.towns[0])}?open=all").content.decode()

    assert one.count('<details class="qf-point" id="A2" open>') == 1
    assert one.count("open>") - one.count('qf-chart-fold" open>') == 1
    assert every.count('class="qf-point"') == every.count("open>") - every.count('qf-chart-fold" open>') == 4


def test_unit_person_reads_his_own_portrait_and_no_other(place, round) -> None:
    town, other = place.towns[:2]
    client = browser(place.liaisons[town.pk])

    assert client.get(address(round, town)).status_code == 200
    assert client.get(address(round, other)).status_code == 404
    assert client.post(address(round, other, "portrait_export")).status_code == 404


def test_unit_person_finds_nothing_before_the_checking(place) -> None:
    round = stories.computed(place)
    town = place.towns[0]

    head = browser(place.heads[town.pk]).get(address(round, town))
    officer = browser(place.officer).get(address(round, town))

    assert head.status_code == 404
    assert "这是试算结果，还没有公布，单位看不到。" in text_of(officer)


def test_unit_person_reads_the_trial_result_of_his_own_unit_only(place) -> None:
    round = stories.appealing(place)
    town, other = place.towns[:2]
    client = browser(place.liaisons[town.pk])

    own = client.get(address(round, town))
    exported = browser(place.heads[town.pk]).post(address(round, town, "portrait_export"))
    lists = [reverse(f"evaluation:{name}", args=[round.pk]) for name in ("ranking", "changes", "heat_map")]

    assert "试算结果，未经审定。" in text_of(own)
    assert "与其他单位比较" not in text_of(own)
    assert client.get(address(round, other)).status_code == 404
    assert [client.get(url).status_code for url in lists] == [404, 404, 404]
    assert exported.status_code == 403
    assert "试算结果未经审定，公布以后才能导出。" in text_of(exported)


def test_export_by_the_head_carries_every_point_and_is_audited(place, round) -> None:
    town = place.towns[0]

    response = browser(place.heads[town.pk]).post(address(round, town, "portrait_export"))

    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert book.sheet_names == ["总分", "维度", "指标", "逐项说明"]
    assert [row[4] for row in book.get_sheet_by_name("总分").to_python()[1:]] == ["第1镇"]
    points = book.get_sheet_by_name("逐项说明").to_python()
    assert {row[1] for row in points[1:]} == {"第1镇"}
    assert any("公款吃喝受警告处分" in str(row[-1]) for row in points)
    entry = Entry.objects.get(action="export.portrait")
    assert entry.detail == {"rows": 1, "round": round.pk, "unit": town.pk}


def test_export_by_the_liaison_is_refused_with_the_sentence(place, round) -> None:
    town = place.towns[0]
    client = browser(place.liaisons[town.pk])

    page = client.get(address(round, town))
    refused = client.post(address(round, town, "portrait_export"))

    sentence = "仅本单位负责人、评价工作人员和委领导可以导出单位结果。"
    assert sentence in text_of(page)
    assert refused.status_code == 403
    assert sentence in text_of(refused)


def test_letter_of_the_announcement_leads_to_the_portrait(place, round) -> None:
    town = place.towns[0]
    link = reverse("evaluation:result", args=[result_of(round, town).pk])

    response = browser(place.heads[town.pk]).get(link)

    assert response.status_code == 302
    assert response["Location"] == address(round, town)
    assert browser(place.heads[place.towns[1].pk]).get(link).status_code == 404


def test_navigation_leads_unit_people_to_their_portrait_and_others_to_the_round(place, round) -> None:
    town = place.towns[0]
    entrance = reverse("evaluation:result_list")
    group = people.user_with(Role.STATIONED_GROUP, town, name="派驻组")
    people.give(group, Role.STATIONED_GROUP, place.towns[1])

    assert browser(place.heads[town.pk]).get(entrance)["Location"] == address(round, town)
    assert browser(place.officer).get(entrance)["Location"] == reverse("evaluation:ranking", args=[round.pk])
    assert browser(group).get(entrance)["Location"] == reverse("evaluation:ranking", args=[round.pk])


@pytest.mark.parametrize("towns", [1, 3])
def test_portrait_asks_the_database_the_same_however_many_units(towns) -> None:
    place = stories.city(towns)
    round = stories.announced(place)

    assert queries_of(browser(place.officer), address(round, place.towns[0])) == 12
