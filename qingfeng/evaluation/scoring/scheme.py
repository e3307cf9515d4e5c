"""Describe an evaluation scheme as plain, frozen data.

A scheme has two levels, dimensions and indicators; an indicator is fed by one or more channels (department
review, ballot, data) and a data channel sums terms (``scoring.terms``). Points in terms and checklist items
are written on the scale of the whole indicator: a channel's result is points / scale, between 0 and 1, and
counts with the channel's share. All numbers are Decimal. Serialisation is in ``scoring.scheme_json``,
checks in ``scoring.scheme_checks``, shipped schemes in ``scoring.shipped``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from qingfeng.evaluation.scoring import settings as scheme_settings
from qingfeng.evaluation.scoring import terms as term_types
from qingfeng.evaluation.scoring.periods import Period


class SourceMark(StrEnum):
    """Say whether the article prints the indicator's name."""

    ARTICLE = "article"
    ADDED = "added"


class ChannelKind(StrEnum):
    """Name the three ways in which an indicator is fed."""

    REVIEW = "review"
    BALLOT = "ballot"
    DATA = "data"

    @property
    def label(self) -> str:
        """Return the Chinese name of the channel kind."""
        return {"review": "部门评审", "ballot": "民主测评", "data": "数据计分"}[self]


@dataclass(frozen=True, slots=True)
class Named:
    """Give a code of the scheme's tables (departments, fact kinds, categories, levels, groups.

    Questions) its Chinese name.
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Name a number that a data supplier delivers per unit; ``unit`` is its unit of measure (件, %, 次)."""

    code: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Give a ballot answer its score, 0 to 100; None is not counted as a valid vote."""

    code: str
    name: str
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SourceShare:
    """Weigh one source of channels, in percent, at scheme.

    Dimension or indicator level (the nearest wins).
    """

    source: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Let a department score with a weight.

    ``substitute`` scores where the department would score its own unit.
    """

    department: str
    weight: Decimal = Decimal(1)
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class GroupShare:
    """Weigh a respondent group of a ballot."""

    group: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class BallotAlert:
    """Raise an alert, without changing the score.

    Where the share of ``answers`` among valid votes is below ``below`` percent.
    """

    answers: tuple[str, ...]
    below: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class ReviewChannel:
    """Let departments score, by a whole score (0 to the indicator's weight) or by findings on ``items``.

    ``base`` is where findings start from (None: the indicator's weight less the awards that are part of
    full marks). ``share`` is percent of the indicator, None where the source shares or equal shares apply.
    """

    code: str
    reviewers: tuple[Reviewer, ...]
    items: tuple[term_types.Item, ...] = ()
    base: Decimal | None = None
    share: Decimal | None = None
    source: str = "review"
    kind: ChannelKind = ChannelKind.REVIEW


@dataclass(frozen=True, slots=True)
class BallotChannel:
    """Score a question by the weighted mean of respondent groups; ``answers`` None takes the scheme's."""

    code: str
    question: str
    groups: tuple[GroupShare, ...]
    answers: tuple[Answer, ...] = ()
    alert: BallotAlert | None = None
    share: Decimal | None = None
    source: str = "ballot"
    kind: ChannelKind = ChannelKind.BALLOT


@dataclass(frozen=True, slots=True)
class DataChannel:
    """Sum terms over what ``supplier`` delivers.

    ``scale`` is the points that the terms sum to (None: the indicator's weight).
    """

    code: str
    supplier: str
    terms: tuple[term_types.Term, ...]
    scale: Decimal | None = None
    share: Decimal | None = None
    source: str = "data"
    kind: ChannelKind = ChannelKind.DATA


Channel = ReviewChannel | BallotChannel | DataChannel


@dataclass(frozen=True, slots=True)
class Indicator:
    """Hold a second-level indicator. ``order`` ranks it for the one-fact rule.

    The lowest that matches deducts.
    """

    code: str
    name: str
    weight: Decimal
    channels: tuple[Channel, ...]
    order: int
    period: Period = Period.QUARTER
    basis: tuple[scheme_settings.Basis, ...] = ()
    evidence: str = ""
    rule_text: str = ""
    method_text: str = ""
    mark: SourceMark = SourceMark.ADDED
    sources: tuple[SourceShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """Hold a first-level indicator; its weight is the sum of its indicators' weights."""

    code: str
    name: str
    weight: Decimal
    indicators: tuple[Indicator, ...]
    sources: tuple[SourceShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """Hold a whole scheme. Build one by ``scheme_json.from_json`` or ``shipped``.

    ``scheme_checks.faults`` must be empty.
    """

    code: str
    name: str
    dimensions: tuple[Dimension, ...]
    departments: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    answers: tuple[Answer, ...] = ()
    questions: tuple[Named, ...] = ()
    measures: tuple[Measure, ...] = ()
    fact_kinds: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    levels: tuple[Named, ...] = ()
    sources: tuple[SourceShare, ...] = ()
    adjustments: tuple[scheme_settings.Adjustment, ...] = ()
    settings: scheme_settings.Settings = field(default_factory=scheme_settings.Settings)
    note: str = ""

    def indicators(self) -> Iterator[tuple[Dimension, Indicator]]:
        """Yield every indicator with its dimension.

        In the scheme's order (the column order of every result).
        """
        for dimension in self.dimensions:
            for indicator in dimension.indicators:
                yield dimension, indicator

    def channels(self) -> Iterator[tuple[Dimension, Indicator, Channel]]:
        """Yield every channel with its indicator and dimension.

        In the scheme's order (the column order of every result).
        """
        for dimension, indicator in self.indicators():
            for channel in indicator.channels:
                yield dimension, indicator, channel


def answers_of(scheme: Scheme, channel: BallotChannel) -> tuple[Answer, ...]:
    """Return the answers that score a ballot channel: its own, or the scheme's."""
    return channel.answers or scheme.answers


def scale_of(indicator: Indicator, channel: Channel) -> Decimal:
    """Return the points on which a channel's rules are written.

    Its scale, or the indicator's weight (proposal).
    """
    if isinstance(channel, DataChannel) and channel.scale is not None:
        return channel.scale
    return indicator.weight


def shares_of(scheme: Scheme, dimension: Dimension, indicator: Indicator) -> tuple[Decimal, ...]:
    """Return the shares of an indicator's channels as weights; only their ratio counts.

    Channels' own shares come first; else the nearest source shares (indicator, dimension, scheme), a
    source's percent split equally among its channels; else equal shares.
    """
    channels = indicator.channels
    if all(channel.share is not None for channel in channels):
        return tuple(channel.share or Decimal(0) for channel in channels)
    level = indicator.sources or dimension.sources or scheme.sources
    percents = {entry.source: entry.percent for entry in level}
    if any(channel.source in percents for channel in channels):
        counts = {c.source: sum(1 for other in channels if other.source == c.source) for c in channels}
        return tuple(percents.get(c.source, Decimal(0)) / counts[c.source] for c in channels)
    return tuple(Decimal(1) for _ in channels)
