"""What the scheme asks of a data supplier: measures, kinds of fact, and ranges to choose within."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import terms
from qingfeng.evaluation.scoring.periods import Quarter


def data_channels(
    scheme: core.Scheme, quarter: Quarter, supplier: str = ""
) -> Iterator[tuple[core.Indicator, core.DataChannel]]:
    """Yield the data channels due in the quarter, of one supplier if given."""
    for _, indicator, channel in scheme.channels():
        if not isinstance(channel, core.DataChannel) or supplier not in {"", channel.supplier}:
            continue
        if quarter.is_due(indicator.period):
            yield indicator, channel


def _measures(channel: core.DataChannel) -> Iterator[str]:
    for term in channel.terms:
        if isinstance(term, terms.LadderTerm):
            for rule in term.rules:
                yield from (rule.count, *(condition.measure for condition in rule.conditions))
        elif isinstance(term, terms.RatioTerm):
            yield from (term.numerator, term.denominator)
            yield from (term.otherwise.measure,) if term.otherwise else ()
        elif isinstance(term, terms.LinearTerm):
            yield term.measure
            yield from (term.otherwise.measure,) if term.otherwise else ()
        else:
            yield term.measure


def owners(scheme: core.Scheme, quarter: Quarter) -> dict[str, str]:
    """Return the supplier of each measure: the first, in the scheme's order, whose channel uses it."""
    found: dict[str, str] = {}
    for _, channel in data_channels(scheme, quarter):
        for code in _measures(channel):
            if code:
                found.setdefault(code, channel.supplier)
    return found


def measures_of(scheme: core.Scheme, quarter: Quarter, supplier: str) -> list[core.Measure]:
    """Return the measures a supplier delivers for every unit, in the scheme's order."""
    owned = owners(scheme, quarter)
    return [measure for measure in scheme.measures if owned.get(measure.code) == supplier]


def _rules(channel: core.DataChannel) -> Iterator[terms.Rule]:
    for term in channel.terms:
        if isinstance(term, terms.LadderTerm):
            yield from (rule for rule in term.rules if rule.match is not None)


def kinds_of(scheme: core.Scheme, quarter: Quarter, supplier: str) -> list[core.Named]:
    """Return the kinds of fact a supplier reports, in the scheme's order."""
    wanted: set[str] = set()
    for _, channel in data_channels(scheme, quarter, supplier):
        for rule in _rules(channel):
            wanted |= set(rule.match.kinds if rule.match else ())
    return [kind for kind in scheme.fact_kinds if kind.code in wanted]


@dataclass(frozen=True)
class FactLike:
    """What a rule matches on."""

    kind: str
    category: str
    level: str
    is_leader: bool
    is_concealed: bool


def matches(match: terms.Match, fact: FactLike) -> bool:
    """Say whether a rule's match takes a fact."""
    return (
        fact.kind in match.kinds
        and (not match.categories or fact.category in match.categories)
        and (not match.levels or fact.level in match.levels)
        and (not match.leader or fact.is_leader)
        and (not match.concealed or fact.is_concealed)
    )


@dataclass(frozen=True)
class Range:
    """The points within which the reviewer chooses for one fact, and the rule that says so."""

    indicator: core.Indicator
    label: str
    low: Decimal
    high: Decimal


def range_of(scheme: core.Scheme, quarter: Quarter, fact: FactLike) -> Range | None:
    """Return the range of the rule that takes the fact, or None where its points are fixed.

    The indicators take a fact in the scheme's order; within one, the first rule that matches.
    """
    channels = sorted(data_channels(scheme, quarter), key=lambda pair: pair[0].order)
    for indicator, channel in channels:
        for rule in _rules(channel):
            if rule.match is None or not matches(rule.match, fact):
                continue
            if rule.period is not None and not quarter.is_due(rule.period):
                continue
            if rule.points_high is None:
                return None
            return Range(indicator, rule.label, rule.points, rule.points_high)
    return None
