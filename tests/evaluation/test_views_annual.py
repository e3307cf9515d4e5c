"""A year's results: the table of all units, one unit's year, the export and the letter."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal as D

import pytest
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.models import Setting
from qingfeng.core.roles import Role
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.actions import annual as actions
from qingfeng.evaluation.models.results import Revision, Snapshot, UnitResult
from qingfeng.evaluation.queries import annual as queries
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, sheet_rows, text_of, title_of
from tests.evaluation.test_result_queries import next_quarter

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def place() -> stories.City:
    return stories.city(2)


@pytest.fixture
def two(place):
    """Two announced quarters, with scores that make halves."""
    first = stories.announced(place)
    second = next_quarter(place, first)
    return first, second


def at(name: str, *more: object, query: str = "") -> str:
    return reverse(f"evaluation:{name}", args=[YEAR, *more]) + query


def set_scores(round, **by_code: int) -> None:
    """Announce one more revision of a round with chosen totals: results themselves never change."""
    last = stories.revision_of(round)
    kept = last.snapshot
    snapshot = Snapshot.objects.create(
        round=round, number=99, content=kept.content, digest=kept.digest, taken_at=kept.taken_at
    )
    revision = Revision.objects.create(
        round=round,
        number=99,
        snapshot=snapshot,
        summary=last.summary,
        computed_at=last.computed_at,
        announced_at=last.announced_at,
        announced_by=last.announced_by,
    )
    for row in UnitResult.objects.filter(revision=last).select_related("round_unit"):
        row.pk, row.revision = None, revision
        row.hundredths = by_code.get(row.round_unit.code, row.hundredths)
        row.save(force_insert=True)


def test_year_is_the_mean_of_the_announced_quarters_and_names_the_missing_ones(place, two):
    first, second = two
    set_scores(first, Z001=8999)
    set_scores(second, Z001=9000)

    year = queries.year_of(YEAR)

    row = year.rows[place.towns[0].pk]
    assert row.mean == D("90.00")
    assert year.grade_names[row.grade] == "优秀"
    assert [quarter.why for quarter in row.quarters] == ["", "", "没有评价", "没有评价"]
    assert row.ranked == 2


def test_list_shows_every_unit_and_only_what_is_announced(place):
    round = stories.approved(place)
    client = browser(place.officer)
    assert client.get(at("annual_year")).status_code == 404
    assert "还没有可以汇总的年度" in text_of(client.get(reverse("evaluation:annual_list")))

    stories.results.announce(round=round, by=place.officer, at=stories.ANNOUNCING)

    assert client.get(reverse("evaluation:annual_list"))["Location"] == at("annual_year")
    page = client.get(at("annual_year"))
    assert title_of(page) == "2026年度 3 个单位，按 1 个已公布季度平均，还有 3 个季度没有公布"


def test_list_filters_by_annual_grade_exactly_at_the_line_and_sorts(place, two):
    first, second = two
    set_scores(first, Z001=8999, Z002=8999, D01=7000)
    set_scores(second, Z001=9000, Z002=8999, D01=7000)
    client = browser(place.officer)

    excellent = client.get(at("annual_year", query="?grade=excellent"))
    good = client.get(at("annual_year", query="?grade=good"))

    assert [row.row.unit.code for row in excellent.context["rows"]] == ["Z001"]
    assert [row.row.unit.code for row in good.context["rows"]] == ["Z002"]
    lowest = client.get(at("annual_year", query="?sort=mean"))
    assert [row.row.unit.code for row in lowest.context["rows"]] == ["D01", "Z002", "Z001"]
    assert client.get(at("annual_year", query="?q=宣传&class=party")).context["listing"].total == 1
    assert "没有符合条件的单位" in text_of(client.get(at("annual_year", query="?q=没有这个")))


def test_weights_of_the_quarters_are_a_setting(place, two):
    first, second = two
    set_scores(first, Z001=6000)
    set_scores(second, Z001=9000)
    Setting.objects.create(key="evaluation.annual_weight_q2", value=2)

    assert queries.year_of(YEAR).rows[place.towns[0].pk].mean == D("80.00")
    page = browser(place.officer).get(at("annual_year", query="?sort=-mean"))
    assert "份量 第一季度 1、第二季度 2" in text_of(page)


def test_unit_people_are_led_to_their_own_year_and_find_no_other(place, two):
    head = browser(place.heads[place.towns[0].pk])

    assert head.get(at("annual_year"))["Location"] == at("annual_unit", place.towns[0].pk)
    assert head.get(at("annual_unit", place.towns[0].pk)).status_code == 200
    assert head.get(at("annual_unit", place.towns[1].pk)).status_code == 404
    refused = head.post(at("annual_export"))
    assert refused.status_code == 403
    assert "仅评价工作人员和委领导可以导出" in text_of(refused)
    assert browser(people.user_with(Role.SYSTEM_ADMIN)).get(at("annual_year")).status_code == 404


def test_unit_page_shows_four_quarters_with_why_one_is_missing(place, two):
    page = browser(place.officer).get(at("annual_unit", place.towns[0].pk))

    assert len(page.context["lines"]) == 4
    assert text_of(page).count("没有评价") == 2
    assert page.context["chart"]["own"]["values"][2:] == [None, None]


def test_a_merged_unit_and_its_successor_both_say_so(place, two):
    _, second = two
    old, new = place.towns
    part = second.units.get(unit=old)
    part.merged_into = second.units.get(unit=new)
    part.save()

    page = browser(place.officer).get(at("annual_year"))

    assert f"已并入{new.short_name}" in text_of(page)
    assert f"{old.short_name}并入前：第一季度" in text_of(page)
    assert "不计入本单位平均" in text_of(page)
    row = queries.year_of(YEAR).rows[new.pk]
    scores = [quarter.score for quarter in row.quarters if quarter.score is not None]
    assert row.mean == sum(scores) / 2


def test_export_gives_the_table_and_is_in_the_audit_book(place, two):
    answer = browser(place.officer).post(at("annual_export"))

    rows = sheet_rows(answer.content)
    assert rows[0][:3] == ["单位", "类别", "第一季度"]
    assert len(rows) == 4
    assert rows[1][4] == "没有评价"
    entry = Entry.objects.filter(action="export.annual").get()
    assert entry.detail["year"] == YEAR


def test_reference_is_a_letter_with_the_table_and_composed_again_a_new_version(place, two):
    client = browser(place.officer)
    assert "生成2026年度考核参考表？" in text_of(client.get(at("annual_reference")))

    client.post(at("annual_reference"))
    client.post(at("annual_reference"))

    document = OfficialDocument.objects.get(origin_kind="annual_results")
    assert document.title == "关于反映2026年度政治生态评价结果的函"
    assert browser(place.secretary).post(at("annual_reference")).status_code == 403


def test_letter_holds_every_unit_and_why_quarters_are_missing(place, two):
    content = actions.rendered(queries.year_of(YEAR), stories.moment(12, 30))

    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    for unit in place.units:
        assert unit.short_name in text
    assert "没有评价" in text
    assert "党风廉政建设责任制考核参考表" in text


def test_interviews_stand_beside_when_somebody_keeps_them(place, two, monkeypatch):
    client = browser(place.officer)
    assert client.get(at("annual_year")).context["rows"][0].interviews is None

    monkeypatch.setattr(queries, "INTERVIEWS", [lambda year, units: {place.towns[0].pk: 2}])

    found = {row.row.unit.pk: row.interviews for row in client.get(at("annual_year")).context["rows"]}
    assert found == {place.towns[0].pk: 2, place.towns[1].pk: 0, place.bureaus["xuanchuan"].pk: 0}


def test_year_asks_the_same_number_of_queries_for_more_units(place):
    stories.announced(place)
    client = browser(place.officer)

    few = queries_of(client, at("annual_year", query="?q=第1镇"))

    assert queries_of(client, at("annual_year")) == few
