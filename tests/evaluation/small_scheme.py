"""A small scheme with one of everything: reviews, checklist, substitutes, ballot, ladder, ratio."""

from __future__ import annotations

from decimal import Decimal

from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import settings, terms

D = Decimal


def named(*pairs: tuple[str, str]) -> tuple[core.Named, ...]:
    return tuple(core.Named(code, name) for code, name in pairs)


def reviewer(code: str) -> core.Reviewer:
    return core.Reviewer(department=code, substitute="dangfeng")


def ladder() -> terms.LadderTerm:
    return terms.LadderTerm(
        code="cases",
        label="违纪违法案件",
        points=D(30),
        rules=(
            terms.Rule("light", "轻处分", D(1), match=terms.Match(kinds=("light",))),
            terms.Rule("heavy", "重处分", D(2), match=terms.Match(kinds=("heavy",))),
            terms.Rule("incident", "事件", D(1), points_high=D(3), match=terms.Match(kinds=("incident",))),
        ),
        multipliers=terms.Multipliers(leader=D(2), self_reported=D("0.5"), concealed=D(2)),
        cap=D(20),
    )


def dimension_a() -> core.Dimension:
    ballot = core.BallotChannel(
        "A1.ballot", "style", (core.GroupShare("staff", D(60)), core.GroupShare("public", D(40))), share=D(40)
    )
    review = core.ReviewChannel("A1.review", (reviewer("xuanchuan"), reviewer("zuzhi")), share=D(60))
    return core.Dimension(
        "A",
        "加强党的政治建设",
        D(60),
        (
            core.Indicator("A1", "坚定理想信念", D(30), (review, ballot), order=1, evidence="学习计划、记录"),
            core.Indicator(
                "A2",
                "违纪违法案件发生情况",
                D(30),
                (core.DataChannel("A2.data", "anguan", (ladder(),)),),
                order=2,
            ),
        ),
    )


def dimension_b() -> core.Dimension:
    items = (
        terms.Item("late", "会议未按期召开", D("0.5"), cap=D(2)),
        terms.Item("harm", "造成不良影响", D(1), points_high=D(3)),
    )
    ratio = terms.RatioTerm("hotline", "热线按期办结率", D(20), numerator="on_time")
    return core.Dimension(
        "B",
        "加强作风建设",
        D(40),
        (
            core.Indicator(
                "B1",
                "严肃党内政治生活",
                D(20),
                (core.ReviewChannel("B1.review", (reviewer("zuzhi"),), items=items),),
                order=3,
                evidence="会议记录",
            ),
            core.Indicator(
                "B2", "服务效能与诉求办理", D(20), (core.DataChannel("B2.data", "rexian", (ratio,)),), order=4
            ),
        ),
    )


def make(code: str = "small", **changes: object) -> core.Scheme:
    values: dict[str, object] = {
        "code": code,
        "name": "两维四项评价方案",
        "dimensions": (dimension_a(), dimension_b()),
        "departments": named(
            ("xuanchuan", "宣传部"),
            ("zuzhi", "组织部"),
            ("dangfeng", "党风室"),
            ("anguan", "案管室"),
            ("rexian", "12345热线"),
        ),
        "groups": named(("staff", "干部职工"), ("public", "服务对象和群众")),
        "answers": (
            core.Answer("satisfied", "满意", D(100)),
            core.Answer("basic", "基本满意", D(70)),
            core.Answer("dissatisfied", "不满意", D(30)),
            core.Answer("unknown", "不了解"),
        ),
        "questions": named(("style", "本单位作风建设")),
        "measures": (core.Measure("on_time", "热线按期办结率", "%"),),
        "fact_kinds": named(("light", "轻处分"), ("heavy", "重处分"), ("incident", "意识形态事件")),
        "categories": named(("political", "政治纪律")),
        "levels": named(("city", "市级")),
        "adjustments": (
            settings.Adjustment(
                "X", "专项扣分", settings.AdjustmentKind.DEDUCTION, D("0.1"), D(5), cap=D(10)
            ),
            settings.Adjustment("J", "加分", settings.AdjustmentKind.BONUS, D("0.1"), D(1), cap=D(3)),
        ),
        "settings": settings.Settings(bonus_cap=D(3)),
    }
    return core.Scheme(**(values | changes))  # type: ignore[arg-type]
