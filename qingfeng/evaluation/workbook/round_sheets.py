"""Declare the sheets of a round: units, reports, reviews, ballots, data, facts.

Adjustments and parameters.

The keys of the columns are the field names of ``scoring.rows``, so that a fault of the inputs finds its
cell.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.workbook import fields

PARAMETERS = {
    "year": "年度",
    "quarter": "季度",
    "organization": "评价组织名称",
    "body": "发文机关",
    "number": "发文字号",
    "recipients": "主送机关",
    "dated": "成文日期",
    "copies": "抄送机关",
    "office": "印发机关",
}
STATUS = (("delivered", "已报送"), ("none", "报送为无"), ("not_delivered", "未报送"))
UNIT = fields.code("unit", "单位编码")
REASON = fields.text("reason", "理由")

BASICS = Sheet(
    "参数",
    (
        Column("item", "项目", Kind.CHOICE, required=True, choices=tuple(PARAMETERS.items()), width=22),
        fields.text("value", "内容", width=60),
    ),
    examples=(
        {"item": "year", "value": "2026"},
        {"item": "quarter", "value": "4"},
        {"item": "organization", "value": "云川市政治生态评价工作领导小组"},
        {"item": "body", "value": "中共云川市纪律检查委员会"},
        {"item": "number", "value": "云纪通〔2027〕1号"},
        {"item": "recipients", "value": "各镇（街道）党委、市直各党组（党委）"},
        {"item": "dated", "value": "2027-01-15"},
        {"item": "copies", "value": "市委办公室、市政府办公室"},
        {"item": "office", "value": "中共云川市纪律检查委员会办公室"},
    ),
    help="年度和季度必填；其余用于通报，可以留空",
)
UNITS = Sheet(
    "单位",
    (
        fields.code("code", "单位编码"),
        fields.text("name", "单位名称", required=True, width=30),
        Column("grouping", "单位类别", required=True, max_length=40, help="同类单位之间排名"),
    ),
    examples=(
        {"code": "Z01", "name": "云溪镇", "grouping": "镇街"},
        {"code": "B01", "name": "市发展和改革局", "grouping": "政府部门"},
    ),
    help="本次参加评价的单位",
)
OWNERS = Sheet(
    "部门所属单位",
    (fields.code("department", "部门编码"), UNIT),
    required=False,
    examples=({"department": "zuzhi", "unit": "D01"},),
    help="评分部门本身也是被评单位时填写，使它不评本单位",
)
REPORTS = Sheet(
    "来源报送",
    (
        fields.code("channel", "渠道编码"),
        fields.code("unit", "单位编码", required=False, help="留空为全部单位"),
        Column("status", "报送情况", Kind.CHOICE, required=True, choices=STATUS),
    ),
    examples=(
        {"channel": "A2.data", "status": "none"},
        {"channel": "A1.review", "status": "delivered"},
        {"channel": "A1.review", "unit": "B01", "status": "not_delivered"},
    ),
    help="每个渠道都要填：已报送而没有事实为满分，报送为无为满分，未报送为不适用（不作零分，权重由其他项分担）",
)
REVIEWS = Sheet(
    "部门评审",
    (
        UNIT,
        fields.code("channel", "渠道编码"),
        fields.code("department", "部门编码"),
        Column("reviewer", "评审人", required=True, max_length=40),
        fields.number("score", "得分", low=0, help="0至指标权重；按细则计分的留空"),
        REASON,
    ),
    required=False,
    examples=(
        {"unit": "Z01", "channel": "A1.review", "department": "xuanchuan", "reviewer": "评审员一",
         "score": D("2.7"),
         "reason": "学习记录完整，心得体会偏少"},
        {"unit": "Z01", "channel": "A3.review", "department": "xuanchuan", "reviewer": "评审员一"},
    ),
    help="一个评审人对一个单位的一个渠道填一行",
)  # fmt: skip
FINDINGS = Sheet(
    "评审细则扣分",
    (
        UNIT,
        fields.code("channel", "渠道编码"),
        fields.code("department", "部门编码"),
        Column("reviewer", "评审人", required=True, max_length=40),
        fields.code("item", "细则编码"),
        fields.number("quantity", "数量", required=True, low=0, help="次数；比率填百分数"),
        fields.number("points", "选定分值", low=0, help="细则分值为范围时填写"),
        fields.text("note", "说明", help="选定分值时写明理由"),
    ),
    required=False,
    examples=(
        {"unit": "Z01", "channel": "A3.review", "department": "xuanchuan", "reviewer": "评审员一",
         "item": "i2",
         "quantity": 1, "note": "没有固定阵地"},
    ),
    help="“部门评审”表中没有填得分的评审，在这里逐项填写；没有扣分的不填",
)  # fmt: skip
TALLIES = Sheet(
    "测评票数",
    (
        UNIT,
        fields.code("question", "题目编码"),
        fields.code("group", "群体编码"),
        fields.code("answer", "选项编码"),
        Column("count", "票数", Kind.INTEGER, required=True, low=0, high=9_999_999),
    ),
    required=False,
    examples=(
        {"unit": "Z01", "question": "belief", "group": "staff", "answer": "satisfied", "count": 32},
        {"unit": "Z01", "question": "belief", "group": "staff", "answer": "basic", "count": 6},
    ),
    help="只填汇总票数；有效票不足下限的群体不计入，也不显示",
)
VALUES = Sheet(
    "数据",
    (UNIT, fields.code("measure", "数据项编码"), fields.number("value", "数值", required=True)),
    required=False,
    examples=({"unit": "Z01", "measure": "hotline_on_time", "value": D("98.5")},),
    help="数据报送部门提供的数值",
)
FACTS = Sheet(
    "事实",
    (
        fields.code("id", "事实编号"),
        fields.code("kind", "事实种类编码"),
        fields.code("unit_at_act", "行为时单位编码"),
        Column("act_date", "行为日期", Kind.DATE, required=True),
        Column("effective_date", "生效日期", Kind.DATE, required=True, help="处理决定生效的日期"),
        fields.code("unit_at_decision", "决定时单位编码", required=False, help="留空与行为时单位相同"),
        fields.code("category", "事实类别编码", required=False),
        fields.code("level", "层级编码", required=False),
        fields.number("quantity", "数量", low=0, help="人次或件数，留空为1"),
        Column("is_leader", "班子成员", Kind.YES_NO),
        Column("is_self_reported", "主动报告", Kind.YES_NO),
        Column("is_concealed", "瞒报", Kind.YES_NO),
        fields.number("points", "选定分值", low=0, help="规则分值为范围时填写，并写明理由"),
        REASON,
        Column("event", "事项编号", max_length=60, help="同一事项的几条事实填相同编号，只扣一次"),
        Column("counted_in", "已计入", max_length=60, help="以前季度已扣分的，写明季度和指标"),
        fields.text("title", "事实名称", help="不写姓名"),
    ),
    required=False,
    examples=(
        {"id": "F-001", "kind": "light", "unit_at_act": "Z01", "act_date": dt.date(2026, 5, 6),
         "effective_date": dt.date(2026, 11, 20), "category": "work", "title": "工作失职受党内警告"},
        {"id": "F-002", "kind": "formalism", "unit_at_act": "B01", "act_date": dt.date(2026, 9, 1),
         "effective_date": dt.date(2026, 10, 12), "points": D("0.8"), "reason": "多次重复要求报送同一材料"},
    ),
    help="每条事实一行；同一事实只在方案顺序中第一个符合的指标扣分",
)  # fmt: skip
MISSING = Sheet(
    "单位未报送",
    (UNIT, fields.code("indicator", "指标编码")),
    required=False,
    examples=({"unit": "B01", "indicator": "A3"},),
    help="单位自己未按要求报送材料的指标，按方案的设置处理",
)
ADJUSTMENTS = Sheet(
    "调整",
    (
        UNIT,
        fields.code("adjustment", "调整项编码"),
        fields.number("points", "分值", required=True, low=0, help="扣分和加分都填正数"),
        fields.text("reason", "理由", required=True),
        Column("reference", "依据文号", max_length=80),
    ),
    required=False,
    examples=({"unit": "Z01", "adjustment": "J", "points": D("0.5"), "reason": "以案促改经验在全市推广"},),
    help="总分之外的扣分和加分，由常委会逐项审定",
)
SHEETS = (
    BASICS,
    UNITS,
    OWNERS,
    REPORTS,
    REVIEWS,
    FINDINGS,
    TALLIES,
    VALUES,
    FACTS,
    MISSING,
    ADJUSTMENTS,
)
TABLES = {  # the table names of ``building.Rows``
    "units": UNITS,
    "department_units": OWNERS,
    "reports": REPORTS,
    "reviews": REVIEWS,
    "findings": FINDINGS,
    "tallies": TALLIES,
    "values": VALUES,
    "facts": FACTS,
    "missing": MISSING,
    "adjustments": ADJUSTMENTS,
}
