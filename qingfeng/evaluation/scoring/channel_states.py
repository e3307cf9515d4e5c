"""Describe what a channel of a unit was fed with.

So that two computations can be compared input by input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingfeng.evaluation.scoring import plain, terms, words
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import Reason, Results
from qingfeng.evaluation.scoring.rows import Status

Part = dict[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """Hold a channel's definition, what was reported, and its inputs as texts by name."""

    definition: object
    is_due: bool
    status: str
    is_missing: bool
    reviews: Part
    votes: Part
    values: Part
    facts: Part
    class_values: tuple[float, ...]


def of_indicator(given: Inputs, layout: Layout, results: Results, row: int, code: str) -> dict[str, State]:
    """Return the states of an indicator's channels for a unit, by channel code.

    Empty where the scheme has none.
    """
    number = layout.index.indicators.get(code)
    if number is None:
        return {}
    return {
        layout.channels[c].code: _state(given, layout, results, row, int(c))
        for c in np.flatnonzero(layout.channel_indicator == number)
    }


def differences(before: State, after: State) -> list[tuple[str, str]]:
    """Return (slug, sentence) for every input that differs."""
    if before.is_due != after.is_due:  # what was reported of the other quarter says nothing more
        return [("period", "本季度评定，上次不评" if after.is_due else words.WHY[Reason.NOT_DUE])]
    found: list[tuple[str, str]] = []
    if before.definition != after.definition:
        found.append(("scheme", "方案中该渠道的设置有变化"))
    if before.status != after.status:
        found.append(("report", f"来源报送情况由“{before.status}”变为“{after.status}”"))
    if before.is_missing != after.is_missing:
        now = "本单位标为未按要求报送" if after.is_missing else "本单位不再标为未按要求报送"
        found.append(("submission", now))
    found += _input_differences(before, after)
    if before.values == after.values and before.class_values != after.class_values:
        found.append(("class_values", "同类其他单位的数据有变化"))
    return found


def _input_differences(before: State, after: State) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, kind in (("reviews", "review"), ("votes", "ballot"), ("values", "value"), ("facts", "fact")):
        old, new = getattr(before, name), getattr(after, name)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                found.append((kind, _changed(key, old.get(key), new.get(key))))
    return found


def _changed(key: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"新增{key}：{new}"
    return f"去掉{key}：{old}" if new is None else f"{key}由{old}变为{new}"


def _state(given: Inputs, layout: Layout, results: Results, row: int, number: int) -> State:
    channel = layout.channels[number]
    is_review = isinstance(channel, schemes.ReviewChannel)
    return State(
        definition=(plain.encode(channel), float(layout.share[number]), float(layout.scale[number])),
        is_due=layout.quarter.is_due(layout.listed[number][1].period),
        status=Status(int(given.status[row, number])).label,
        is_missing=is_review and bool(given.missing[row, layout.channel_indicator[number]]),
        reviews=_reviews(given, layout, row, number) if is_review else {},
        votes=_votes(given, layout, row, channel) if isinstance(channel, schemes.BallotChannel) else {},
        values=_values(given, layout, row, channel) if isinstance(channel, schemes.DataChannel) else {},
        facts=_facts(given, results, row, number),
        class_values=_class_values(given, layout, row, channel),
    )


def _reviews(given: Inputs, layout: Layout, row: int, number: int) -> Part:
    reviews, found = given.reviews, {}
    channel = layout.channels[number]
    assert isinstance(channel, schemes.ReviewChannel)
    begin, end = np.searchsorted(reviews.unit, [row, row + 1])
    for place in range(int(begin), int(end)):
        if reviews.channel[place] != number:
            continue
        department = given.scheme.departments[reviews.department[place]].name
        key = f"{department}评审（{given.texts[reviews.reviewer[place]]}）"
        score = float(reviews.score[place])
        first, last = np.searchsorted(given.findings.review, [place, place + 1])
        lines = [
            f"{channel.items[given.findings.item[r]].label}{words.number(float(given.findings.quantity[r]))}"
            + (
                ""
                if np.isnan(given.findings.points[r])
                else f"×{words.number(float(given.findings.points[r]))}"
            )
            for r in range(int(first), int(last))
        ]
        found[key] = (
            f"{words.points(score)}分" if not np.isnan(score) else f"按细则（{'；'.join(lines) or '无'}）"
        )
    return found


def _votes(given: Inputs, layout: Layout, row: int, channel: schemes.BallotChannel) -> Part:
    """Return the groups' votes; those with too few valid votes are only named, so that no number shows."""
    found: Part = {}
    answers = schemes.answers_of(given.scheme, channel)
    for share in channel.groups:
        votes = given.tallies[row, layout.index.questions[channel.question], layout.index.groups[share.group]]
        counted = [(a, int(votes[layout.index.answers[a.code]])) for a in answers]
        valid = sum(number for answer, number in counted if answer.score is not None)
        name = next(entry.name for entry in given.scheme.groups if entry.code == share.group)
        spoken = "、".join(f"{answer.name}{number}票" for answer, number in counted)
        found[f"{name}测评"] = spoken if valid >= given.scheme.settings.minimum_ballots else "有效票不足"
    return found


def measures_of(channel: schemes.DataChannel) -> list[str]:
    """Return the codes of the measures that a data channel looks at."""
    found: list[str] = []
    for term in channel.terms:
        found += term_measures(term)
    return list(dict.fromkeys(found))


def term_measures(term: terms.Term) -> list[str]:
    if isinstance(term, terms.LadderTerm):
        counts = [rule.count for rule in term.rules if rule.count]
        return counts + [condition.measure for rule in term.rules for condition in rule.conditions]
    if isinstance(term, terms.RatioTerm):
        own = [term.numerator, *([term.denominator] if term.denominator else [])]
        return own + (term_measures(term.otherwise) if term.otherwise else [])
    if isinstance(term, terms.LinearTerm) and term.otherwise:
        return [term.measure, *term_measures(term.otherwise)]
    return [term.measure]


def _values(given: Inputs, layout: Layout, row: int, channel: schemes.DataChannel) -> Part:
    names = {measure.code: measure.name for measure in given.scheme.measures}
    found: Part = {}
    for code in measures_of(channel):
        value = float(given.values[row, layout.index.measures[code]])
        if not np.isnan(value):
            found[names[code]] = words.number(value)
    return found


def _facts(given: Inputs, results: Results, row: int, number: int) -> Part:
    """Return the facts that deducted on this channel."""
    outcomes, found = results.facts, {}
    for place in np.flatnonzero((outcomes.unit == row) & (outcomes.channel == number)):
        title = given.texts[given.facts.title[place]] or given.scheme.fact_kinds[given.facts.kind[place]].name
        points = float(outcomes.points[place])
        spoken = f"{'扣' if points >= 0 else '加'}{words.points(abs(points))}分"
        found[f"事实{given.texts[given.facts.id[place]]}（{title}）"] = spoken
    return found


def _class_values(given: Inputs, layout: Layout, row: int, channel: schemes.Channel) -> tuple[float, ...]:
    """Return what the other units of the class delivered, where a term compares with them."""
    if not isinstance(channel, schemes.DataChannel):
        return ()
    compared = [t.measure for t in channel.terms if isinstance(t, (terms.RankTerm, terms.MinMaxTerm))]
    same = np.flatnonzero(given.units.grouping == given.units.grouping[row])
    found = [np.sort(given.values[same, layout.index.measures[code]]) for code in compared]
    return tuple(float(value) for block in found for value in block if not np.isnan(value))
