"""Small schemes and rounds for the tests of the scoring core."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal as D

from qingfeng.evaluation.scoring import building, engine, explaining, packing, scheme_checks, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.explanation import Explanation
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.evaluation.scoring.results import Results
from qingfeng.evaluation.scoring.rows import (
    FactRow,
    ReportRow,
    ReviewRow,
    Status,
    TallyRow,
    UnitRow,
    ValueRow,
)

Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
ANSWERS = (
    schemes.Answer("good", "满意", D(100)),
    schemes.Answer("fair", "基本满意", D(70)),
    schemes.Answer("bad", "不满意", D(30)),
    schemes.Answer("unknown", "不了解", None),
)


@dataclass(frozen=True)
class Scored:
    """A scored round."""

    inputs: Inputs
    results: Results

    def row(self, unit: str) -> int:
        return self.inputs.unit_position[unit]

    def value(self, unit: str, channel: str) -> float:
        return float(self.results.channel_value[self.row(unit), self.inputs.index.channels[channel]])

    def points(self, unit: str, indicator: str) -> float:
        return float(self.results.indicator_points[self.row(unit), self.inputs.index.indicators[indicator]])

    def total(self, unit: str) -> str:
        cents = int(self.results.cents[self.row(unit)])
        return f"{cents // 100}.{cents % 100:02d}"

    def grade(self, unit: str) -> str:
        return self.inputs.scheme.settings.grades[int(self.results.grade[self.row(unit)])].code

    def explain(self, unit: str) -> Explanation:
        packed = packing.pack(self.results)[self.row(unit)]
        return explaining.explain(self.inputs, packed, unit)


def review(code: str, *departments: str, substitute: str = "zz", **more) -> schemes.ReviewChannel:
    reviewers = tuple(schemes.Reviewer(d, substitute=substitute) for d in departments)
    return schemes.ReviewChannel(code, reviewers, **more)


def ballot(code: str, *groups: tuple[str, int], **more) -> schemes.BallotChannel:
    shares = tuple(schemes.GroupShare(group, D(weight)) for group, weight in groups)
    return schemes.BallotChannel(code, "q", shares, **more)


def data(code: str, *parts: terms.Term, **more) -> schemes.DataChannel:
    return schemes.DataChannel(code, "aa", parts, **more)


def ladder(points: object, *rules: terms.Rule, **more) -> terms.LadderTerm:
    return terms.LadderTerm("ladder", "逐项扣分", D(str(points)), rules, **more)


def rule(code: str, points: object, *kinds: str, **more) -> terms.Rule:
    return terms.Rule(code, code, D(str(points)), match=terms.Match(kinds), **more)


def indicator(
    code: str, weight: object, *channels: schemes.Channel, order: int = 0, **more
) -> schemes.Indicator:
    order = order or int.from_bytes(code.encode())
    return schemes.Indicator(code, code, D(str(weight)), channels, order, **more)


def scheme(*dimensions: tuple[schemes.Indicator, ...], **more) -> schemes.Scheme:
    """Return a valid scheme, one dimension for each tuple of indicators."""
    built = tuple(
        schemes.Dimension(chr(65 + n), f"维度{n}", sum((i.weight for i in each), D(0)), each)
        for n, each in enumerate(dimensions)
    )
    tables = {
        "departments": tuple(schemes.Named(c, f"部门{c}") for c in ("aa", "bb", "cc", "zz")),
        "groups": tuple(schemes.Named(c, f"群体{c}") for c in ("staff", "public")),
        "questions": (schemes.Named("q", "题目"),),
        "answers": ANSWERS,
        "measures": tuple(schemes.Measure(c, f"数据{c}") for c in ("done", "due", "rate", "n", "m")),
        "fact_kinds": tuple(schemes.Named(c, f"种类{c}") for c in ("light", "heavy", "style", "range")),
        "categories": tuple(schemes.Named(c, f"类别{c}") for c in ("political", "work")),
        "levels": tuple(schemes.Named(c, f"层级{c}") for c in ("province", "city")),
    }
    found = schemes.Scheme("test", "测试方案", built, **tables | more)
    assert scheme_checks.faults(found) == []
    return found


def with_settings(given: schemes.Scheme, **more) -> schemes.Scheme:
    return replace(given, settings=replace(given.settings, **more))


def units(*codes: str, grouping: str = "镇街") -> list[UnitRow]:
    return [UnitRow(code, f"单位{code}", grouping) for code in codes]


def delivered(given: schemes.Scheme, *but: str) -> list[ReportRow]:
    return [ReportRow(c.code, Status.DELIVERED) for _, _, c in given.channels() if c.code not in but]


def score(given: schemes.Scheme, quarter: Quarter = Q4, **rows) -> Scored:
    """Score a round; channels are delivered unless ``reports`` says otherwise."""
    rows.setdefault("units", units("u1"))
    rows.setdefault("reports", delivered(given))
    inputs = building.build(given, quarter, building.Rows(**rows))
    return Scored(inputs, engine.compute(inputs))


def reviewed(unit: str, channel: str, department: str, points: object, reviewer: str = "甲") -> ReviewRow:
    return ReviewRow(unit, channel, department, reviewer, D(str(points)), "理由")


def votes(unit: str, group: str, **counts: int) -> list[TallyRow]:
    return [TallyRow(unit, "q", group, answer, count) for answer, count in counts.items()]


def value(unit: str, measure: str, number: object) -> ValueRow:
    return ValueRow(unit, measure, D(str(number)))


def fact(id: str, kind: str, unit: str = "u1", **more) -> FactRow:
    more.setdefault("act_date", date(2026, 10, 10))
    more.setdefault("effective_date", date(2026, 11, 11))
    return FactRow(id, kind, unit, **more)


def rows_tally(unit: str, question: str, group: str, answer: str, count: int) -> TallyRow:
    return TallyRow(unit, question, group, answer, count)
