"""Every kind of part of a scheme by its key."""

from __future__ import annotations

from qingfeng.evaluation.forms import scheme_channels
from qingfeng.evaluation.forms.scheme_fields import (
    BASIS,
    CAP,
    MATCH_FIELDS,
    NAME,
    PERIODS,
    SOURCES,
    Field,
    Record,
    Rows,
    Shape,
)
from qingfeng.evaluation.queries.scheme_parts import TABLES


def named(label: str, *more: Field) -> Shape:
    """Describe one of the scheme's tables of names, edited as one table."""
    return Shape(label, rows=(Rows("", label, (NAME, *more), coded=True),))


SHAPES: dict[str, Shape] = scheme_channels.SHAPES | {
    "scheme": Shape("方案", (NAME, Field("note", "说明", "long", optional=True)), rows=(SOURCES,)),
    "dimensions": Shape(
        "维度", (NAME,), rows=(SOURCES,), blank={"weight": "0", "indicators": []}, code="new"
    ),
    "indicators": Shape(
        "指标",
        (
            NAME,
            Field("weight", "权重", "number", help="全部指标合计 100 分"),
            Field("period", "评定周期", "choice", options=PERIODS, fresh="quarter"),
            Field(
                "mark",
                "名称来历",
                "choice",
                options=(("added", "补充，建议"), ("article", "典型经验文章原名")),
                fresh="added",
            ),
            Field("evidence", "佐证材料", "long", optional=True, help="单位要交什么；不填，单位不用交材料"),
            Field("method_text", "评分方式说明", optional=True),
            Field("rule_text", "计分规则说明", "long", optional=True),
        ),
        rows=(BASIS, SOURCES),
        code="new",
        blank={"channels": []},
    ),
    "settings": Shape(
        "计分设置",
        (
            Field("quota_exempt_below", "同类不足多少个单位时不限名额", "whole"),
            Field(
                "fact_quarter",
                "事实计入哪个季度",
                "choice",
                options=(("effective", "决定生效所在的季度"), ("act", "行为发生所在的季度")),
            ),
            Field(
                "fact_unit",
                "事实由哪个单位承担",
                "choice",
                options=(("act", "行为发生时所在单位"), ("decision", "作出决定时所在单位")),
            ),
            Field(
                "missing_submission",
                "单位没有按要求报送，部门评审怎么计",
                "choice",
                options=(
                    ("zero", "计 0 分"),
                    ("not_applicable", "不计，权重分给其他部分"),
                    ("share", "按固定比例"),
                ),
            ),
            Field("missing_share", "固定比例（%）", "number"),
            Field("minimum_ballots", "有效票下限", "whole"),
            Field("bonus_cap", "加分上限", "number"),
            Field("deduction_cap", "扣分上限", "number", optional=True, help="不填不限"),
        ),
        rows=(
            Rows(
                "grades",
                "等次（从高到低，最低一等从 0 分起）",
                (NAME, Field("at_least", "多少分起", "number")),
                coded=True,
            ),
            Rows(
                "quotas",
                "名额",
                (
                    Field("grade", "等次", "choice", table="grades"),
                    Field("percent", "不超过百分之几", "number"),
                    Field("classes", "单位类别（不选为每类）", "choices", table="classes", optional=True),
                ),
            ),
        ),
    ),
    "downgrades": Shape(
        "降等情形",
        (
            NAME,
            Field("ceiling", "最高评为", "choice", table="grades"),
            Field("at_least", "满几件", "whole", fresh="1"),
            Field("enabled", "启用", "yes", help="启用须经常委会同意，并写明依据"),
        ),
        records=(Record("match", "适用哪些事实", MATCH_FIELDS),),
        rows=(BASIS,),
        code="d",
    ),
    "adjustments": Shape(
        "专项加减分",
        (
            NAME,
            Field(
                "kind",
                "加还是扣",
                "choice",
                options=(("deduction", "扣分"), ("bonus", "加分")),
                fresh="deduction",
            ),
            Field("low", "最低分值", "number"),
            Field("high", "最高分值", "number"),
            CAP,
        ),
        rows=(BASIS,),
        code="X",
    ),
    "departments": named("部门"),
    "groups": named("测评群体"),
    "answers": named("测评选项", Field("score", "得分（0～100）", "number", optional=True)),
    "questions": named("测评题目"),
    "measures": named("数据项", Field("unit", "计量单位", optional=True)),
    "fact_kinds": named("事实种类"),
    "categories": named("事实领域"),
    "levels": named("层级"),
}


def shape_key(path: tuple[str, ...], kind: str = "") -> str:
    """Return the key of the shape at a place; `kind` is that of a channel or term. Raises KeyError."""
    if not path:
        return "scheme"
    if len(path) == 1 and path[0] in TABLES | {"settings"}:
        return path[0]
    name = path[-2]
    key = f"{name}:{kind}" if name in {"channels", "terms"} else name
    if key not in SHAPES or (name in TABLES and len(path) != 1):
        raise KeyError(key)
    return key
