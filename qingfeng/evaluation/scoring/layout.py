"""Lay a scheme out in arrays: where each channel, scorer and rule stands, and what it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import terms
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Index, Ints
from qingfeng.evaluation.scoring.periods import Period, Quarter


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold one scorer's place on a review channel."""

    channel: int
    department: int
    substitute: int
    weight: float


@dataclass(frozen=True, slots=True)
class Rung:
    """Hold one rule of a ladder with its place: ``number`` is its place among all rules of the scheme."""

    number: int
    channel: int
    term: terms.LadderTerm
    rule: terms.Rule
    period: Period
    order: int

    @property
    def multipliers(self) -> terms.Multipliers:
        """Return the rule's own multipliers, or the ladder's."""
        return self.rule.multipliers or self.term.multipliers


class Layout:
    """Number a scheme's parts for C channels, I indicators, D dimensions, S scorer slots and R rungs."""

    def __init__(self, scheme: schemes.Scheme, quarter: Quarter) -> None:
        """Lay out one scheme for one quarter."""
        self.scheme, self.quarter, self.index = scheme, quarter, Index(scheme)
        self.listed = list(scheme.channels())
        self.channels = [channel for _, _, channel in self.listed]
        self.indicators = [indicator for _, indicator in scheme.indicators()]
        self.channel_indicator: Ints = np.array(
            [self.index.indicators[indicator.code] for _, indicator, _ in self.listed], np.int32
        )
        self.indicator_dimension: Ints = np.array(
            [self.index.dimensions[dimension.code] for dimension, _ in scheme.indicators()], np.int32
        )
        self.due: Bools = np.array([quarter.is_due(i.period) for i in self.indicators], np.bool_)
        self.scale: Floats = np.array([float(schemes.scale_of(i, c)) for _, i, c in self.listed])
        self.indicator_weight: Floats = np.array([float(i.weight) for i in self.indicators])
        self.dimension_weight: Floats = np.array([float(d.weight) for d in scheme.dimensions])

    @cached_property
    def share(self) -> Floats:
        """Return (C,) shares of the channels, summing to 1 within each indicator."""
        found: list[float] = []
        for dimension, indicator in self.scheme.indicators():
            shares = schemes.shares_of(self.scheme, dimension, indicator)
            found += [float(share / sum(shares)) for share in shares]
        return np.array(found)

    @cached_property
    def slots(self) -> list[Slot]:
        """Return the scorers' places in the order of channels and scorers."""
        return [
            Slot(
                number,
                self.index.departments[reviewer.department],
                self.index.departments.get(reviewer.substitute, -1),
                float(reviewer.weight),
            )
            for number, channel in enumerate(self.channels)
            if isinstance(channel, schemes.ReviewChannel)
            for reviewer in channel.reviewers
        ]

    @cached_property
    def rungs(self) -> list[Rung]:
        """Return all ladder rules in the order of the scheme."""
        found: list[Rung] = []
        for number, (_, indicator, channel) in enumerate(self.listed):
            if not isinstance(channel, schemes.DataChannel):
                continue
            for term in channel.terms:
                if isinstance(term, terms.LadderTerm):
                    for rule in term.rules:
                        period = rule.period or indicator.period
                        found.append(Rung(len(found), number, term, rule, period, indicator.order))
        return found

    def is_active(self, period: Period | None) -> bool:
        """Say whether a rule or item with this period (None: the indicator's) is judged in the quarter."""
        return period is None or self.quarter.is_due(period)
