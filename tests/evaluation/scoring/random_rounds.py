"""Random rounds, drawn from a seed: on the shipped schemes and on small random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from random import Random
from typing import Any

from qingfeng.evaluation.scoring import building, engine, rows, settings, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.periods import Period, Quarter
from tests.evaluation.scoring import rounds

CLASSES = ("镇街", "党群", "国企事业")


def small_scheme(random: Random) -> schemes.Scheme:
    """Return a valid scheme of one to three dimensions, with channels and terms of all kinds."""
    cuts = sorted(random.sample(range(1, 100), random.randint(0, 2)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    numbers = iter(random.sample(range(1, 90), 12))
    dimensions = []
    for place, size in enumerate(sizes):
        parts = [size] if size < 3 or random.random() < 0.3 else [size // 3, size - size // 3]
        dimensions.append(
            tuple(
                _indicator(random, f"{chr(65 + place)}{n}", D(part), next(numbers))
                for n, part in enumerate(parts)
            )
        )
    found = rounds.scheme(*dimensions, adjustments=ADJUSTMENTS)
    treatment = random.choice(list(settings.MissingSubmission))
    return rounds.with_settings(
        found,
        missing_submission=treatment,
        missing_share=D(40),
        minimum_ballots=random.randint(1, 8),
        bonus_cap=D(random.randint(0, 5)),
        fact_quarter=random.choice(list(settings.FactQuarter)),
        fact_unit=random.choice(list(settings.FactUnit)),
        quotas=(settings.Quota("excellent", D(30)),),
    )


ADJUSTMENTS = (
    settings.Adjustment("X", "扣分", settings.AdjustmentKind.DEDUCTION, D("0.1"), D(5), D(8)),
    settings.Adjustment("J", "加分", settings.AdjustmentKind.BONUS, D("0.1"), D(3)),
)


def _indicator(random: Random, code: str, weight: D, order: int) -> schemes.Indicator:
    makers: list[Any] = random.sample([_review, _ballot, _data], random.randint(1, 3))
    channels = tuple(make(random, f"{code}.{n}", weight) for n, make in enumerate(makers))
    if random.random() < 0.5:
        shares = {1: ["100"], 2: ["70", "30"], 3: ["50", "30", "20"]}[len(channels)]
        channels = tuple(replace(c, share=D(s)) for c, s in zip(channels, shares, strict=True))
    period = random.choice([Period.QUARTER, Period.QUARTER, Period.HALF, Period.YEAR])
    return rounds.indicator(code, weight, *channels, order=order, period=period)


def _review(random: Random, code: str, weight: D) -> schemes.ReviewChannel:
    items = (
        terms.Item("lost", "缺项", weight / 5, cap=weight / 2),
        terms.Item("range", "情节", weight / 8, points_high=weight / 2),
        terms.Item(
            "cover", "覆盖率", weight / 4, effect=terms.Effect.AWARD, per=terms.Per.RATIO, is_part=True
        ),
        terms.Item("year", "年度", weight / 4, effect=terms.Effect.AWARD, is_part=True, period=Period.YEAR),
        terms.Item("back", "补", weight / 9, effect=terms.Effect.AWARD, cap=weight / 6),
    )
    departments = random.sample(["aa", "bb", "cc"], random.randint(1, 2))
    return rounds.review(code, *departments, items=items)


def _ballot(random: Random, code: str, weight: D) -> schemes.BallotChannel:
    return rounds.ballot(code, *random.sample([("staff", 30), ("public", 70)], random.randint(1, 2)))


def _data(random: Random, code: str, weight: D) -> schemes.DataChannel:
    third = weight / 4
    measured: list[Any] = [
        terms.RatioTerm("t1", "率", third, "done", "due"),
        terms.RatioTerm(
            "t1", "率", third, "rate", otherwise=terms.LinearTerm("o", "替", third, "m", D(9), D(1))
        ),
        terms.LinearTerm("t1", "线性", third, "n", D(2), D(17)),
        terms.RankTerm("t1", "排名", third, "n", random.random() < 0.5),
        terms.MinMaxTerm("t1", "极差", third, "m", random.random() < 0.5),
    ]
    rules = (
        rounds.rule("light", weight / 10, "light"),
        rounds.rule("range", weight / 20, "range", points_high=weight / 5),
        terms.Rule("count", "按数", weight / 30, count="m", cap=weight / 3),
        terms.Rule("if", "超", weight / 7, conditions=(terms.Condition("n", terms.Op.GT, D(12)),)),
        rounds.rule("heavy", weight / 4, "heavy", "light", period=Period.HALF, cap=weight / 2),
        terms.Rule("good", "加", weight / 9, effect=terms.Effect.AWARD, match=terms.Match(("style",))),
    )
    kept = tuple(random.sample(rules, random.randint(1, len(rules))))
    factors = terms.Multipliers(D(2), D("0.5"), D(3))
    if random.random() < 0.3:
        return rounds.data(code, rounds.ladder(weight, *kept, multipliers=factors, cap=weight / 2))
    base = random.choice([weight - third, D(0)])
    first = random.choice(measured)
    if not base:
        first = replace(first, points=weight)
        if isinstance(first, terms.RatioTerm) and first.otherwise:
            first = replace(first, otherwise=replace(first.otherwise, points=weight))
    return rounds.data(code, first, rounds.ladder(base, *kept, multipliers=factors))


def random_rows(given: schemes.Scheme, random: Random, units: int) -> building.Rows:
    """Return rows with gaps of every kind."""
    codes = [f"u{n:02d}" for n in range(units)]
    owner = random.choice(codes)
    owned = given.departments[0].code
    values = [
        rows.ValueRow(u, m.code, D(random.randint(0, 200)) / 10)
        for u in codes
        for m in given.measures
        if random.random() < 0.8
    ]
    tallies = [
        rows.TallyRow(u, q.code, g.code, a.code, random.randint(0, 6))
        for u in codes
        for q in given.questions
        for g in given.groups
        for a in given.answers
    ]
    reports = [
        rows.ReportRow(c.code, random.choice(list(rows.Status) + [rows.Status.DELIVERED] * 4))
        for _, _, c in given.channels()
    ]
    reports += [rows.ReportRow(r.channel, rows.Status.NOT_DELIVERED, codes[0]) for r in reports[::3]]
    return building.Rows(
        units=[rows.UnitRow(u, f"单位{u}", random.choice(CLASSES)) for u in codes],
        reviews=_reviews(given, random, codes, owned, owner),
        tallies=tallies,
        values=values,
        facts=[_fact(given, random, n, codes) for n in range(units * 2)],
        reports=reports,
        missing=[
            rows.MissingRow(u, i.code) for u in codes for _, i in given.indicators() if random.random() < 0.04
        ],
        adjustments=[
            rows.AdjustmentRow(
                u, random.choice(given.adjustments).code, D(random.randint(1, 10)) / 10, "理由"
            )
            for u in codes
            for _ in range(random.randint(0, 4))
        ],
        department_units=[rows.DepartmentUnitRow(owned, owner)],
    )


def _reviews(
    given: schemes.Scheme, random: Random, codes: list[str], owned: str, owner: str
) -> list[rows.ReviewRow]:
    found: list[rows.ReviewRow] = []
    for _, indicator, channel in given.channels():
        if not isinstance(channel, schemes.ReviewChannel):
            continue
        for unit in codes:
            scorers = {
                r.substitute if r.department == owned and unit == owner else r.department
                for r in channel.reviewers
            }
            for department in sorted(scorers - ({owned} if unit == owner else set())):
                for reviewer in ["甲", "乙"][: random.choice([0, 1, 1, 2])]:
                    whole = not channel.items or random.random() < 0.5
                    points = indicator.weight * random.randint(0, 20) / 20
                    found.append(
                        rows.ReviewRow(
                            unit,
                            channel.code,
                            department,
                            reviewer,
                            points if whole else None,
                            "理由",
                            () if whole else _findings(channel, random),
                            len(found),
                        )
                    )
    return found


def _findings(channel: schemes.ReviewChannel, random: Random) -> tuple[rows.FindingRow, ...]:
    found = []
    for item in channel.items:
        for _ in range(random.choice([0, 0, 1, 2])):
            chosen = None if item.points_high is None else (item.points + item.points_high) / 2
            most = 100 if item.per == terms.Per.RATIO else 3
            found.append(rows.FindingRow(item.code, D(random.randint(0, most)), chosen, "理由"))
    return tuple(found)


def _fact(given: schemes.Scheme, random: Random, number: int, codes: list[str]) -> rows.FactRow:
    kind = random.choice(given.fact_kinds).code
    ranges = [r for _, _, c in given.channels() for r in _ranges(c) if kind in r.match.kinds]
    act = date(2025, 12, 1) + timedelta(days=random.randint(0, 390))
    return rows.FactRow(
        id=f"F{number:03d}",
        kind=kind,
        unit_at_act=random.choice(codes),
        act_date=act,
        effective_date=act + timedelta(days=random.randint(0, 60)),
        unit_at_decision=random.choice(codes),
        category=random.choice(["", *(c.code for c in given.categories)]),
        level=random.choice(["", *(c.code for c in given.levels)]),
        quantity=D(random.choice([1, 1, 1, 2])),
        is_leader=random.random() < 0.3,
        is_self_reported=random.random() < 0.2,
        is_concealed=random.random() < 0.2,
        points=ranges[0].points if ranges else None,
        reason="理由",
        event=random.choice(["", "", "", f"E{number // 3}"]),
        counted_in=random.choice(["", "", "", "", "2026Q1 A1"]),
    )


def _ranges(channel: schemes.Channel) -> list[Any]:
    if not isinstance(channel, schemes.DataChannel):
        return []
    ladders = [term for term in channel.terms if isinstance(term, terms.LadderTerm)]
    return [r for term in ladders for r in term.rules if r.match and r.points_high is not None]


def scored(given: schemes.Scheme, seed: int, units: int = 6) -> rounds.Scored:
    """Return a scored random round."""
    random = Random(seed)
    quarter = Quarter(2026, random.randint(1, 4))
    found = building.build(given, quarter, random_rows(given, random, units))
    return rounds.Scored(found, engine.compute(found))
