"""A round in Excel: the example is scored, and every fault names its cell."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from qingfeng.core.errors import FaultyWorkbook, Refused
from qingfeng.evaluation.scoring import engine, explanation, recomputing
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.evaluation.workbook import reading, results, writing
from tests.evaluation.workbook import books
from tests.evaluation.workbook.books import HERE, change, drop, repeat


@pytest.fixture(scope="module")
def scored():
    inputs = reading.read(books.book(books.example_rows()))
    return inputs, engine.compute(inputs)


def test_read_example_holds_what_its_sheets_say(scored):
    inputs, _ = scored

    assert inputs.quarter == Quarter(2026, 4)
    assert len(inputs.units.codes) == 12
    assert dict(inputs.parameters)["body"] == "中共云川市纪律检查委员会"
    assert [inputs.texts[i] for i in inputs.facts.id] == ["F-001", "F-002", "F-003"]
    assert inputs.units.codes[inputs.department_unit[inputs.index.departments["zuzhi"]]] == "D01"


def test_read_equals_what_write_example_wrote(scored):
    stream = io.BytesIO()

    writing.write_example(stream)

    assert engine.compute(reading.read(stream.getvalue())).cents.tolist() == scored[1].cents.tolist()


def test_write_results_json_explains_every_point(scored):
    inputs, found = scored

    written = json.loads(results.results_json(inputs, found))

    assert len(written["units"]) == 12
    for unit in written["units"]:
        again = recomputing.recompute_from_explanation(explanation.from_plain(unit))
        assert str(again.total) == unit["total"]


def test_write_results_holds_every_total_dimension_indicator_and_explanation(scored):
    inputs, found = scored
    stream = io.BytesIO()

    results.write_results(stream, inputs, found)

    book = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    assert book.sheet_names == ["总分", "维度", "指标", "逐项说明", "评分部门"]
    totals: list[list[Any]] = book.get_sheet_by_name("总分").to_python()
    shown = {line[3]: round(line[12] * 100) for line in totals[1:]}
    assert shown == dict(zip(inputs.units.codes, found.cents.tolist(), strict=True))
    indicators = book.get_sheet_by_name("指标").to_python()
    first = inputs.unit_position[indicators[1][0]]
    assert indicators[1][3] == pytest.approx(found.indicator_points[first, 0])
    lines: list[list[Any]] = book.get_sheet_by_name("逐项说明").to_python()
    told = [line for line in lines if line[0] == "Z02" and line[5] == "事实"]
    assert any("1分，扣1分" in line[-1] for line in told)
    assert any("一事不重复扣分" in line[-1] for line in told)


FAULTS = [
    (change("参数", "value", "5", item="quarter"), "参数", HERE, "B 内容", "“季度”应为 1 至 4 之间的整数"),
    (drop("参数", item="year"), "参数", 1, "A 项目", "缺少“年度”这一行"),
    (change("参数", "value", "一月", item="dated"), "参数", HERE, "B 内容", "应为日期"),
    (repeat("单位", code="Z01"), "单位", HERE, "A 单位编码", "单位编码不能重复"),
    (change("单位", "grouping", None, code="Z02"), "单位", HERE, "C 单位类别", "必填"),
    (
        change("部门所属单位", "unit", "X9", department="zuzhi"),
        "部门所属单位",
        HERE,
        "B 单位编码",
        "“单位”表",
    ),
    (drop("来源报送", channel="A1.ballot"), "来源报送", 1, "A 渠道编码", "缺少渠道“A1.ballot”的报送情况"),
    (
        change("来源报送", "status", "也许", channel="A1.ballot"),
        "来源报送",
        HERE,
        "C 报送情况",
        "应为其中之一",
    ),
    (repeat("来源报送", channel="A1.ballot"), "来源报送", HERE, "A 渠道编码", "只能填一行"),
    (change("部门评审", "unit", "X9"), "部门评审", HERE, "A 单位编码", "应为“单位”表中的单位编码"),
    (change("部门评审", "channel", "A2.data"), "部门评审", HERE, "B 渠道编码", "应为部门评审渠道"),
    (change("部门评审", "score", 3.1), "部门评审", HERE, "E 得分", "得分应在 0 至 3 之间"),
    (change("部门评审", "score", "良好"), "部门评审", HERE, "E 得分", "应为数字"),
    (change("部门评审", "department", "shenji"), "部门评审", HERE, "C 部门编码", "不是这项指标的评分部门"),
    (
        change("部门评审", "department", "zuzhi", unit="D01", channel="A4.review"),
        "部门评审",
        HERE,
        "C 部门编码",
        "不得给本单位评分",
    ),
    (
        lambda rows: rows.setdefault("评审细则扣分", []).append(FINDING),
        "评审细则扣分",
        2,
        "D 评审人",
        "没有对应的评审行",
    ),
    (change("测评票数", "count", -1), "测评票数", HERE, "E 票数", "应为整数"),
    (change("测评票数", "count", 3.5), "测评票数", HERE, "E 票数", "应为整数"),
    (repeat("测评票数", unit="Z01"), "测评票数", HERE, "D 选项编码", "只能填一行"),
    (change("数据", "measure", "abc"), "数据", HERE, "B 数据项编码", "应为方案中的数据项编码"),
    (change("数据", "value", "百分之九十"), "数据", HERE, "C 数值", "应为数字"),
    (change("事实", "act_date", "去年五月", id="F-001"), "事实", HERE, "D 行为日期", "应为日期"),
    (change("事实", "act_date", "2027-05-06", id="F-001"), "事实", HERE, "E 生效日期", "不能早于行为日期"),
    (change("事实", "kind", "abc", id="F-001"), "事实", HERE, "B 事实种类编码", "应为方案中的事实种类编码"),
    (change("事实", "points", 1, id="F-001"), "事实", HERE, "M 选定分值", "分值是固定的"),
    (change("事实", "points", 2, id="F-002"), "事实", HERE, "M 选定分值", "应在 0.5～1 分范围内选定"),
    (change("事实", "points", None, id="F-002"), "事实", HERE, "M 选定分值", "应在 0.5～1 分范围内选定"),
    (change("事实", "reason", None, id="F-002"), "事实", HERE, "M 选定分值", "要写明理由"),
    (repeat("事实", id="F-001"), "事实", HERE, "A 事实编号", "事实编号不能重复"),
    (change("单位未报送", "indicator", "Z9"), "单位未报送", HERE, "B 指标编码", "应为方案中的指标编码"),
    (change("调整", "points", 7), "调整", HERE, "C 分值", "分值应在 0.1 至 1 之间"),
]
FINDING: dict[str, object] = {
    "unit": "Z01",
    "channel": "A3.review",
    "department": "xuanchuan",
    "reviewer": "无此人",
}
FINDING |= {"item": "i2", "quantity": 1}


@pytest.mark.parametrize(("change", "sheet", "row", "column", "words"), FAULTS)
def test_read_names_the_cell_of_a_fault(change, sheet, row, column, words):
    content, place = books.changed(change, small=True)

    with pytest.raises(FaultyWorkbook) as refused:
        reading.read(content)

    found = [(f.sheet, f.row, f.column) for f in refused.value.faults if words in f.expected]
    assert (sheet, row or place, column) in found, refused.value.faults


def test_read_accepts_dates_and_numbers_typed_as_text_where_they_are_plain(scored):
    def typed(rows):
        books.row_of(rows, "事实", id="F-001")["act_date"] = "2026年5月6日"
        rows["部门评审"][0]["score"] = str(rows["部门评审"][0]["score"])

    found = reading.read(books.changed(typed)[0])

    assert engine.compute(found).cents.tolist() == scored[1].cents.tolist()


def test_read_lists_faults_of_scheme_and_round_sheets_together():
    def spoil(rows):
        rows["数据"][0]["value"] = "很多"
        rows["单位"][1]["name"] = None
        books.row_of(rows, "指标", code="A1")["weight"] = 9

    with pytest.raises(FaultyWorkbook) as refused:
        reading.read(books.changed(spoil, small=True)[0])

    assert {"数据", "单位"} <= {fault.sheet for fault in refused.value.faults}


def test_read_names_missing_sheets_and_refuses_what_is_no_workbook():
    with pytest.raises(FaultyWorkbook) as refused:
        reading.read(books.book(books.example_rows(), without=("单位", "指标")))

    assert {f.sheet for f in refused.value.faults if "缺少工作表" in f.expected} == {"单位", "指标"}
    with pytest.raises(Refused):
        reading.read(b"not a workbook")


def test_read_takes_findings_with_their_reviews(scored):
    def findings(rows):
        row = books.row_of(rows, "部门评审", channel="A3.review", unit="Z01", department="xuanchuan")
        row["score"] = None
        rows["评审细则扣分"] = [FINDING | {"reviewer": row["reviewer"]}]

    inputs = reading.read(books.changed(findings)[0])

    assert len(inputs.findings.item) == 1
    assert engine.compute(inputs).cents.tolist() != scored[1].cents.tolist()
