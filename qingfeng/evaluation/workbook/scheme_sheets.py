"""Declare the sheets of a scheme: one declaration for template, import and export.

The keys of the columns are the field names of the scheme's dataclasses, so that a fault finds its column.
"""

from __future__ import annotations

from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.scoring.periods import Period
from qingfeng.evaluation.scoring.scheme import ChannelKind
from qingfeng.evaluation.scoring.settings import BasisMark
from qingfeng.evaluation.scoring.terms import TermKind
from qingfeng.evaluation.workbook import fields

PERIODS = tuple((period.value, period.label) for period in Period)
EFFECTS = (("deduct", "扣分"), ("award", "加分"))
SETTINGS = {
    "code": "方案编码",
    "name": "方案名称",
    "note": "方案说明",
    "sources": "来源权重",
    "fact_quarter": "事实计入季度",
    "fact_unit": "事实计入单位",
    "missing_submission": "单位未报送的处理",
    "missing_share": "未报送按比例计分的比例",
    "minimum_ballots": "有效票数下限",
    "bonus_cap": "加分上限",
    "deduction_cap": "扣分上限",
    "quota_exempt_below": "不限额的单位数",
}
SETTING_WORDS = {
    "fact_quarter": {"effective": "处理决定生效日期", "act": "行为发生日期"},
    "fact_unit": {"act": "行为发生时所在单位", "decision": "作出决定时所在单位"},
    "missing_submission": {"zero": "计零分", "not_applicable": "不适用", "share": "按固定比例计分"},
}
TABLES = {
    "departments": "评分部门",
    "groups": "测评群体",
    "questions": "测评题目",
    "measures": "数据项",
    "fact_kinds": "事实种类",
    "categories": "事实类别",
    "levels": "层级",
}


PERIOD = Column(
    "period", "评定周期", Kind.CHOICE, choices=PERIODS, help="留空按所属指标；周期在本季度结束的才评"
)
SOURCES = fields.text(
    "sources", "来源权重", width=30, help="如 ballot=45；data=45；performance=10，合计100；留空按上一级"
)
MATCH = (
    fields.codes("kinds", "事实种类"),
    fields.codes("categories", "事实类别"),
    fields.codes("levels", "层级"),
    Column("only_leader", "仅班子成员", Kind.YES_NO),
    Column("only_concealed", "仅瞒报", Kind.YES_NO),
)
FACTORS = (
    fields.number("leader", "班子成员倍数", low=0),
    fields.number("self_reported", "主动报告倍数", low=0, help="0为不扣，0.5为减半"),
    fields.number("concealed", "瞒报倍数", low=0),
)

BASICS = Sheet(
    "方案",
    (
        Column("item", "项目", Kind.CHOICE, required=True, choices=tuple(SETTINGS.items()), width=26),
        fields.text("value", "内容", width=60),
    ),
    help="方案的名称和各项设置，每项一行",
)
TABLE = Sheet(
    "代码表",
    (
        Column("table", "类型", Kind.CHOICE, required=True, choices=tuple(TABLES.items())),
        fields.code("code", "编码"),
        fields.text("name", "名称", required=True),
        Column("unit", "计量单位", max_length=10, help="只有数据项填写"),
    ),
    help="评分部门、测评群体、题目、数据项、事实种类等的编码和名称；其他各表用编码引用",
)
DIMENSIONS = Sheet(
    "维度",
    (
        fields.code("code", "维度编码"),
        fields.text("name", "维度名称", required=True),
        fields.number("weight", "权重", required=True),
        SOURCES,
    ),
    help="一级指标；权重合计100",
)
INDICATORS = Sheet(
    "指标",
    (
        fields.code("dimension", "维度编码"),
        fields.code("code", "指标编码"),
        fields.text("name", "指标名称", required=True),
        fields.number("weight", "权重", required=True),
        Column("order", "扣分顺序", Kind.INTEGER, required=True, help="一事只扣一次：数字小的指标先扣"),
        Column("period", "评定周期", Kind.CHOICE, choices=PERIODS, help="留空为每季度"),
        Column(
            "mark", "来源", Kind.CHOICE, choices=(("article", "文章"), ("added", "新增")), help="留空为新增"
        ),
        fields.text("method_text", "评分方式"),
        fields.text("rule_text", "计分规则"),
        fields.text("evidence", "佐证材料"),
        SOURCES,
    ),
    help="二级指标；同一维度的权重合计等于维度权重",
)
BASES = Sheet(
    "依据",
    (
        Column(
            "about",
            "对象",
            Kind.CHOICE,
            required=True,
            choices=(("indicator", "指标"), ("downgrade", "降等"), ("adjustment", "调整项")),
        ),
        fields.code("code", "编码"),
        fields.text("text", "依据", required=True, width=60),
        Column("mark", "核对情况", Kind.CHOICE, choices=[(m.value, m.label) for m in BasisMark if m.label]),
    ),
    required=False,
    help="每条依据一行；未核对原文的标“待核实”，本方案提出的标“建议”",
)
CHANNELS = Sheet(
    "渠道",
    (
        fields.code("indicator", "指标编码"),
        fields.code("code", "渠道编码"),
        Column("kind", "类型", Kind.CHOICE, required=True, choices=[(k.value, k.label) for k in ChannelKind]),
        fields.number("share", "占比%", help="同一指标各渠道合计100；都不填时按来源权重或平均"),
        fields.code("source", "来源", required=False, help="留空按类型：review、ballot、data"),
        fields.code("supplier", "报送部门编码", required=False, help="数据计分渠道必填"),
        fields.code("question", "题目编码", required=False, help="民主测评渠道必填"),
        fields.number("base", "起评分", help="部门评审按细则计分时从此分起；留空为满分减得分项"),
        fields.number("scale", "计分尺度", help="数据计分各项满分之和；留空为指标权重"),
        fields.codes("alert_answers", "提醒选项"),
        fields.number("alert_below", "提醒线%", help="所列选项占有效票的比例低于此线时提醒，不改变得分"),
        fields.text("alert_text", "提醒内容"),
    ),
    help="每个指标由一个或几个渠道计分",
)
REVIEWERS = Sheet(
    "评审部门",
    (
        fields.code("channel", "渠道编码"),
        fields.code("department", "部门编码"),
        fields.number("weight", "权重", help="同一渠道各部门之间的权重，留空为1"),
        fields.code("substitute", "代评部门编码", required=False, help="评到本单位时由它代评，必须指定"),
    ),
    required=False,
    help="部门评审渠道由哪些部门评分",
)
ITEMS = Sheet(
    "评审细则",
    (
        fields.code("channel", "渠道编码"),
        fields.code("code", "细则编码"),
        fields.text("label", "细则", required=True),
        fields.number("points", "分值", required=True),
        fields.number("points_high", "分值上限", help="填写后由评审人在分值与上限之间选定，并写明理由"),
        Column("effect", "作用", Kind.CHOICE, choices=EFFECTS, help="留空为扣分"),
        Column(
            "per", "计量", Kind.CHOICE, choices=(("occurrence", "次数"), ("ratio", "比率")), help="留空为次数"
        ),
        fields.number("cap", "合计上限"),
        Column("is_part", "计入满分", Kind.YES_NO, help="得分项填“是”：满分里包含它"),
        PERIOD,
    ),
    required=False,
    help="评审人可按细则逐项评分",
)
GROUPS = Sheet(
    "测评权重",
    (
        fields.code("channel", "渠道编码"),
        fields.code("group", "群体编码"),
        fields.number("weight", "权重", help="留空为1"),
    ),
    required=False,
    help="民主测评渠道由哪些群体投票，各占多少",
)
ANSWERS = Sheet(
    "测评选项",
    (
        fields.code("channel", "渠道编码", required=False, help="留空为全方案通用"),
        fields.code("code", "选项编码"),
        fields.text("name", "选项", required=True),
        fields.number("score", "分值", help="0至100；留空的选项不计入有效票"),
    ),
    required=False,
    help="测评选项的折算分值",
)
TERMS = Sheet(
    "计分项",
    (
        fields.code("channel", "渠道编码"),
        fields.code("code", "计分项编码"),
        fields.text("label", "名称", required=True),
        Column("kind", "类型", Kind.CHOICE, required=True, choices=[(k.value, k.label) for k in TermKind]),
        fields.number("points", "满分", required=True),
        fields.code("measure", "数据项编码", required=False, help="比率计分时为分子"),
        fields.code("denominator", "分母数据项编码", required=False, help="留空时分子按百分数"),
        fields.number("zero_at", "零分点"),
        fields.number("full_at", "满分点"),
        Column("high_is_best", "高者为优", Kind.YES_NO, help="同类排名、极差用；留空为是"),
        fields.number("cap", "扣分上限", low=0),
        *FACTORS,
        fields.code("otherwise_for", "替代计分项编码", required=False, help="本行在该计分项没有数据时代替它"),
    ),
    required=False,
    help="数据计分渠道的各项；扣分的规则写在“扣分规则”表",
)
RULES = Sheet(
    "扣分规则",
    (
        fields.code("channel", "渠道编码"),
        fields.code("term", "计分项编码"),
        fields.code("code", "规则编码"),
        fields.text("label", "规则", required=True),
        fields.number("points", "分值", required=True),
        fields.number("points_high", "分值上限", help="填写后由评审人在分值与上限之间选定，并写明理由"),
        Column("effect", "作用", Kind.CHOICE, choices=EFFECTS, help="留空为扣分"),
        *MATCH,
        fields.code("count", "按数据项计", required=False, help="数据项的数值乘以分值"),
        fields.text("conditions", "条件", help="如 first_form_used=0；cases_filed>0，须同时成立"),
        *FACTORS,
        fields.number("cap", "合计上限"),
        PERIOD,
    ),
    required=False,
    help="逐项扣分的规则，从上到下，先符合的先用；倍数留空按计分项",
)
GRADES = Sheet(
    "等次",
    (
        fields.code("code", "等次编码"),
        fields.text("name", "等次", required=True),
        fields.number("at_least", "分数线", required=True),
    ),
    help="从高到低；最低一等的分数线为0",
)
QUOTAS = Sheet(
    "名额",
    (
        fields.code("grade", "等次编码"),
        fields.number("percent", "比例%", required=True),
        fields.codes("classes", "单位类别"),
    ),
    required=False,
    help="每类单位的名额，向下取整；线上同分的都不占名额",
)
DOWNGRADES = Sheet(
    "降等",
    (
        fields.code("code", "编码"),
        fields.text("name", "情形", required=True),
        fields.code("ceiling", "最高等次编码"),
        *MATCH,
        Column("at_least", "起算件数", Kind.INTEGER, low=1, high=1_000, help="留空为1"),
        Column("enabled", "启用", Kind.YES_NO, help="留空为否；启用须经审定"),
    ),
    required=False,
    help="默认不启用；每条都要在“依据”表写明依据",
)
ADJUSTMENTS = Sheet(
    "调整项",
    (
        fields.code("code", "编码"),
        fields.text("name", "名称", required=True),
        Column(
            "kind", "类型", Kind.CHOICE, required=True, choices=(("deduction", "扣分"), ("bonus", "加分"))
        ),
        fields.number("low", "最低分", required=True),
        fields.number("high", "最高分", required=True),
        fields.number("cap", "合计上限"),
    ),
    required=False,
    help="总分之外的扣分和加分",
)
SHEETS = (
    BASICS, DIMENSIONS, INDICATORS, BASES, CHANNELS, REVIEWERS, ITEMS, GROUPS,
    ANSWERS, TERMS, RULES, TABLE, GRADES, QUOTAS, DOWNGRADES, ADJUSTMENTS,
)  # fmt: skip
