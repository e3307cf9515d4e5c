"""Channels, checklists, terms and rules: what can be typed about each."""

from __future__ import annotations

from qingfeng.evaluation.forms.scheme_fields import (
    CAP,
    EFFECTS,
    HIGH,
    LABEL,
    MATCH_FIELDS,
    MEASURE,
    NAME,
    OPS,
    OTHERWISE,
    PERIOD,
    POINTS,
    SHARE,
    TERM_KINDS,
    TIMES,
    Field,
    Inner,
    Record,
    Rows,
    Shape,
    source_field,
)

SHAPES: dict[str, Shape] = {
    "channels:review": Shape(
        "部门评审",
        (
            SHARE,
            Field("base", "起评分", "number", optional=True, help="不填，从满分起；只在有评分细则时用"),
            source_field("review"),
        ),
        rows=(
            Rows(
                "reviewers",
                "评分部门",
                (
                    Field("department", "部门", "choice", table="departments"),
                    Field("weight", "权重", "number", fresh="1"),
                    Field("substitute", "评本单位时由谁代评", "choice", table="departments"),
                ),
                help="几个部门评同一项，按权重平均。谁都不评本单位。",
            ),
        ),
        inner=(Inner("items", "评分细则"),),
        code="review",
        blank={"kind": "review", "items": []},
    ),
    "channels:ballot": Shape(
        "民主测评",
        (SHARE, Field("question", "测评题目", "choice", table="questions"), source_field("ballot")),
        records=(
            Record(
                "alert",
                "低于多少时提醒（不影响得分）",
                (
                    Field("answers", "哪些选项算好", "choices", table="answers", optional=True),
                    Field("below", "低于百分之几", "number"),
                    Field("text", "提醒的话"),
                ),
                key="text",
            ),
        ),
        rows=(
            Rows(
                "groups",
                "测评群体",
                (
                    Field("group", "群体", "choice", table="groups"),
                    Field("weight", "权重", "number", fresh="1"),
                ),
            ),
            Rows(
                "answers",
                "本题另用的选项",
                (NAME, Field("score", "得分（0～100）", "number", optional=True, help="不填的不算有效票")),
                help="不填，用方案统一的选项。",
                coded=True,
            ),
        ),
        code="ballot",
        blank={"kind": "ballot"},
    ),
    "channels:data": Shape(
        "数据计分",
        (
            SHARE,
            Field("supplier", "报送部门", "choice", table="departments"),
            Field("scale", "计分满分", "number", optional=True, help="不填，等于指标权重"),
            source_field("data"),
        ),
        inner=(Inner("terms", "计分项", TERM_KINDS),),
        code="data",
        blank={"kind": "data", "terms": []},
    ),
    "items": Shape(
        "评分细则",
        (
            LABEL,
            *POINTS,
            Field("effect", "加还是扣", "choice", options=EFFECTS, fresh="deduct"),
            Field(
                "per",
                "怎么计",
                "choice",
                options=(("occurrence", "按件次"), ("ratio", "按完成率（百分数）")),
                fresh="occurrence",
            ),
            CAP,
            Field("is_part", "加分计入满分", "yes", help="勾选后，起评分要给它留出分值"),
            PERIOD,
        ),
        code="i",
    ),
    "terms:ladder": Shape(
        "逐项扣分",
        (
            LABEL,
            Field("points", "起始分", "number", help="只扣减、不另给分的填 0"),
            Field("cap", "累计最多扣", "number", optional=True, help="不填不封顶。先乘倍数，最后封顶"),
        ),
        records=(Record("multipliers", "倍数（几项同时成立时相乘）", TIMES),),
        inner=(Inner("rules", "扣分规则"),),
        code="t",
        blank={"kind": "ladder", "rules": []},
    ),
    "terms:ratio": Shape(
        "比率计分",
        (
            LABEL,
            Field("points", "满分", "number"),
            Field("numerator", "分子", "choice", table="measures"),
            Field(
                "denominator",
                "分母",
                "choice",
                table="measures",
                optional=True,
                help="不选，分子本身是百分数",
            ),
        ),
        records=(OTHERWISE,),
        code="t",
        blank={"kind": "ratio"},
    ),
    "terms:linear": Shape(
        "线性计分",
        (
            LABEL,
            Field("points", "满分", "number"),
            MEASURE,
            Field("zero_at", "得 0 分处", "number", help="两头哪个大都可以"),
            Field("full_at", "得满分处", "number"),
        ),
        records=(OTHERWISE,),
        code="t",
        blank={"kind": "linear"},
    ),
    "terms:rank": Shape(
        "同类排名",
        (LABEL, Field("points", "满分", "number"), MEASURE, HIGH),
        code="t",
        blank={"kind": "rank"},
    ),
    "terms:minmax": Shape(
        "同类极差",
        (LABEL, Field("points", "满分", "number"), MEASURE, HIGH),
        code="t",
        blank={"kind": "minmax"},
    ),
    "rules": Shape(
        "扣分规则",
        (
            LABEL,
            *POINTS,
            Field("effect", "加还是扣", "choice", options=EFFECTS, fresh="deduct"),
            Field(
                "count",
                "按数据项计",
                "choice",
                table="measures",
                optional=True,
                help="分值乘以这项数据；按事实扣的不选",
            ),
            CAP,
            PERIOD,
        ),
        records=(
            Record("match", "按事实扣：适用哪些事实", MATCH_FIELDS, key="kinds"),
            Record("multipliers", "本条另用的倍数（不填，用计分项的）", TIMES, key="leader"),
        ),
        rows=(
            Rows(
                "conditions",
                "条件（都成立才扣）",
                (
                    MEASURE,
                    Field("op", "比较", "choice", options=OPS, fresh=">"),
                    Field("value", "数值", "number"),
                ),
            ),
        ),
        code="r",
    ),
}
