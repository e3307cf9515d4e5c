"""What the scheme asks of a data supplier: measures, kinds of fact, and ranges to choose within."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def ranges(scheme: core.Scheme) -> list[tuple[core.Indicator, terms.Rule]]:
    """Return the rules that leave a range to choose within, in the scheme's order."""
    found = [
        (indicator, rule)
        for _, indicator, channel in scheme.channels()
        if isinstance(channel, core.DataChannel)
        for rule in _rules(channel)
        if rule.points_high is not None
    ]
    return sorted(found, key=lambda pair: pair[0].order)


def ranged_kinds(listed: Sequence[tuple[core.Indicator, terms.Rule]]) -> set[str]:
    """Return the kinds of fact that some rule gives a range."""
    return {kind for _, rule in listed if rule.match is not None for kind in rule.match.kinds}


def range_of(listed: Sequence[tuple[core.Indicator, terms.Rule]], fact: FactLike) -> Range | None:
    """Return the range to choose within for a fact of a kind that some of the scheme's `ranges` is for.

    Of several, the first in the scheme's order that matches the fact whole; else the first of its kind.
    """
    found = [
        (matches(rule.match, fact), indicator, rule)
        for indicator, rule in listed
        if rule.match is not None and fact.kind in rule.match.kinds
    ]
    if not found:
        return None
    _, indicator, rule = next((entry for entry in found if entry[0]), found[0])
    return Range(indicator, rule.label, rule.points, rule.points_high or rule.points)
