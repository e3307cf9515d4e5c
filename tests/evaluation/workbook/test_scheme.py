"""A scheme in Excel: what is written reads back equal, and every fault names its cell."""

from __future__ import annotations

import io

import pytest

from qingfeng.core.errors import FaultyWorkbook
from qingfeng.evaluation.scoring import shipped
from qingfeng.evaluation.workbook import reading, round_sheets, writing
from tests.evaluation.workbook import books
from tests.evaluation.workbook.books import HERE, change, drop, repeat


@pytest.mark.parametrize("load", [shipped.default_scheme, shipped.example_scheme])
def test_read_scheme_gives_back_what_was_written(load):
    stream = io.BytesIO()

    writing.write_scheme(stream, load())

    assert reading.read_scheme(stream.getvalue()) == load()


def test_read_scheme_from_the_template_gives_the_default():
    stream = io.BytesIO()

    writing.write_template(stream)

    assert reading.read_scheme(stream.getvalue()) == shipped.default_scheme()


FAULTS = [
    (change("指标", "weight", 5, code="A1"), "维度", 2, "C 权重", "指标权重之和为 32，应等于维度权重 30"),
    (change("维度", "weight", 31, code="A"), "维度", 1, "C 权重", "维度权重之和为 101，应为 100"),
    (change("指标", "weight", "三分", code="A1"), "指标", HERE, "D 权重", "应为数字"),
    (change("指标", "order", 1, code="A1"), "指标", HERE, "E 扣分顺序", "与其他指标重复"),
    (change("指标", "dimension", "Q", code="A1"), "指标", HERE, "A 维度编码", "应为“维度”表中已有的编码"),
    (change("渠道", "share", 60, code="A1.review"), "指标", 2, "B 指标编码", "渠道占比之和为 90%，应为 100%"),
    (change("渠道", "question", "nope", code="C6.ballot"), "渠道", HERE, "G 题目编码", "未在方案中定义"),
    (change("渠道", "supplier", None, code="A2.data"), "渠道", HERE, "F 报送部门编码", "未在方案中定义"),
    (
        change("评审部门", "substitute", None, channel="A4.review"),
        "评审部门",
        6,
        "D 代评部门编码",
        "没有指定",
    ),
    (
        change("评审部门", "department", "x", channel="A4.review"),
        "评审部门",
        6,
        "B 部门编码",
        "“x”未在方案中定义",
    ),
    (
        change("计分项", "points", 3, channel="A9.data", code="t1"),
        "渠道",
        13,
        "B 渠道编码",
        "各计分项满分之和为 3",
    ),
    (change("计分项", "full_at", 0, channel="D5.data", code="t1"), "计分项", HERE, "H 零分点", "不能相同"),
    (
        change("扣分规则", "kinds", "zz", channel="A8.data", code="r1"),
        "扣分规则",
        11,
        "H 事实种类",
        "“zz”未在方案",
    ),
    (
        change("扣分规则", "kinds", None, channel="A8.data", code="r1"),
        "扣分规则",
        HERE,
        "H 事实种类",
        "要写明",
    ),
    (change("扣分规则", "conditions", "a?3", channel="D6.data"), "扣分规则", HERE, "N 条件", "应写成"),
    (
        change("扣分规则", "term", "t9", channel="A8.data", code="r2"),
        "扣分规则",
        12,
        "B 计分项编码",
        "逐项扣分",
    ),
    (change("测评选项", "score", 120, code="basic"), "测评选项", 1, "D 分值", "0 至 100"),
    (change("等次", "at_least", 95, code="good"), "等次", 1, "C 分数线", "从高到低"),
    (change("名额", "grade", "best", grade="excellent"), "名额", HERE, "A 等次编码", "不是可以限额的等次"),
    (change("降等", "ceiling", "none", code="G1"), "降等", HERE, "C 最高等次编码", "没有等次“none”"),
    (drop("依据", about="downgrade", code="G1"), "降等", 2, "A 编码", "写明依据"),
    (change("方案", "value", "随便", item="fact_unit"), "方案", HERE, "B 内容", "应为其中之一"),
    (change("方案", "value", "x", item="bonus_cap"), "方案", HERE, "B 内容", "应为数字"),
    (drop("方案", item="name"), "方案", 1, "A 项目", "缺少“方案名称”这一行"),
    (repeat("方案", item="name"), "方案", HERE, "A 项目", "写了两次"),
    (repeat("指标", code="A1"), "指标", HERE, "B 指标编码", "编码“A1”重复"),
    (repeat("代码表", code="zuzhi"), "代码表", HERE, "B 编码", "编码“zuzhi”重复"),
    (change("维度", "sources", "ballot:5", code="A"), "维度", HERE, "D 来源权重", "应写成 来源=百分数"),
    (change("维度", "sources", "ballot=50；data=40", code="A"), "维度", HERE, "D 来源权重", "应为 100%"),
]


@pytest.mark.parametrize(("change", "sheet", "row", "column", "words"), FAULTS)
def test_read_scheme_names_the_cell_of_a_fault(change, sheet, row, column, words):
    content, place = books.changed(change, without=[sheet.name for sheet in round_sheets.SHEETS])

    with pytest.raises(FaultyWorkbook) as refused:
        reading.read_scheme(content)

    found = [(f.sheet, f.row, f.column) for f in refused.value.faults if words in f.expected]
    assert (sheet, row or place, column) in found, refused.value.faults
