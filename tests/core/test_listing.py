from __future__ import annotations

import io

import pytest
from django.http import QueryDict
from python_calamine import CalamineWorkbook

from qingfeng.core import listing
from qingfeng.core.models import Setting

COLUMNS = [
    listing.Column("key", "键", lambda row: row.key, order=("key",)),
    listing.Column("value", "值", lambda row: row.value, order=("value",), numeric=True),
]
FILTERS = [
    listing.Filter(
        "big", "大小", [("yes", "大"), ("no", "小")], lambda rows, value: rows.filter(value__gte=5)
    )
]


@pytest.fixture
def rows(db):
    for number in range(9):
        Setting.objects.create(key=f"k{number}", value=number)
    return Setting.objects.all()


def build(rows, query: str, **more):
    return listing.build(
        rows, QueryDict(query), columns=COLUMNS, filters=FILTERS, search=["key"], default_sort="key", **more
    )


def test_build_with_search_keeps_matching_rows(rows) -> None:
    made = build(rows, "q=k3")

    assert [row.key for row in made.page] == ["k3"]
    assert made.is_filtered


def test_build_with_sort_descending_turns_the_order(rows) -> None:
    assert [row.key for row in build(rows, "sort=-key").page][:2] == ["k8", "k7"]


def test_build_with_unknown_sort_and_filter_value_falls_back(rows) -> None:
    made = build(rows, "sort=password&big=maybe&page=99")

    assert made.total == 9
    assert next(row.key for row in made.page) == "k0"
    assert not made.is_filtered


def test_build_with_pages_keeps_query_in_links(rows) -> None:
    made = build(rows, "sort=-key&page=2", page_size=4)

    assert [row.key for row in made.page] == ["k4", "k3", "k2", "k1"]
    assert made.link(page="3") == "?sort=-key&page=3"
    assert made.link(q="k1") == "?sort=-key&q=k1"


def test_export_writes_the_page_columns_and_no_formula(rows) -> None:
    Setting.objects.create(key="=1+1", value=1)

    response = listing.export(Setting.objects.order_by("key"), COLUMNS, title="设置")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["键", "值"]
    assert sheet[1] == ["=1+1", 1.0]
    assert len(sheet) == 11
    assert "no-store" in response["Cache-Control"]


def test_export_of_more_rows_than_fit_says_so(rows) -> None:
    response = listing.export(rows.order_by("key"), COLUMNS, title="设置", max_rows=3)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:4]] == ["k0", "k1", "k2"]
    assert str(sheet[4][0]).startswith("只导出了前 3 行")
