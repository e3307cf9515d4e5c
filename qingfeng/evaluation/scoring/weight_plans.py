"""What weights judged for some parts of a scheme would change in it, before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from qingfeng.evaluation.scoring import plain
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.apportioning import apportioned

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be weighed: code, name, and the weight it has now (None: none of its own)."""

    code: str
    name: str
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One weight before and after; ``within`` is the dimension, where an indicator follows its dimension."""

    code: str
    name: str
    before: Decimal | None
    after: Decimal
    within: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The weights of the items, and everything that follows: indicators' weights, or source shares."""

    lines: tuple[Line, ...]
    followers: tuple[Line, ...] = ()
    indicators: Mapping[str, Decimal] = field(default_factory=dict)
    sources: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def zeros(self) -> list[str]:
        """Name what would be rounded to nothing: a weight must be more than 0."""
        return [line.name for line in (*self.lines, *self.followers) if line.after <= 0]


def dimension_of(scheme: schemes.Scheme, code: str) -> schemes.Dimension | None:
    return next((one for one in scheme.dimensions if one.code == code), None)


def dimension_items(scheme: schemes.Scheme) -> list[Item]:
    return [Item(one.code, one.name, one.weight) for one in scheme.dimensions]


def indicator_items(dimension: schemes.Dimension) -> list[Item]:
    return [Item(one.code, one.name, one.weight) for one in dimension.indicators]


def source_items(scheme: schemes.Scheme, part: str) -> list[Item]:
    """Return the sources of the channels of a dimension, or of the whole scheme, in their order."""
    found = dimension_of(scheme, part) if part else None
    shares = {one.source: one.percent for one in (found.sources if found else scheme.sources)}
    names = {str(kind): kind.label for kind in schemes.ChannelKind}
    listed = [
        channel.source for dimension, _, channel in scheme.channels() if not part or dimension.code == part
    ]
    return [Item(code, names.get(code, code), shares.get(code)) for code in dict.fromkeys(listed)]


def for_dimensions(scheme: schemes.Scheme, shares: Sequence[float], places: int) -> Plan:
    """Share 100 points among the dimensions; within each, its indicators keep their ratio (proposal)."""
    parts = apportioned(shares, HUNDRED, places)
    lines = tuple(
        Line(one.code, one.name, one.weight, part) for one, part in zip(scheme.dimensions, parts, strict=True)
    )
    followers: list[Line] = []
    for dimension, part in zip(scheme.dimensions, parts, strict=True):
        weights = [one.weight for one in dimension.indicators]
        if weights:
            followers += [
                Line(one.code, one.name, one.weight, after, dimension.name)
                for one, after in zip(dimension.indicators, apportioned(weights, part, places), strict=True)
            ]
    return Plan(lines, tuple(followers), indicators={line.code: line.after for line in followers})


def for_indicators(dimension: schemes.Dimension, shares: Sequence[float], places: int) -> Plan:
    """Share a dimension's weight among its indicators."""
    parts = apportioned(shares, dimension.weight, places)
    lines = tuple(
        Line(one.code, one.name, one.weight, part)
        for one, part in zip(dimension.indicators, parts, strict=True)
    )
    return Plan(lines, indicators={line.code: line.after for line in lines})


def for_sources(items: Sequence[Item], shares: Sequence[float], places: int) -> Plan:
    """Share 100 percent among sources."""
    parts = apportioned(shares, HUNDRED, places)
    lines = tuple(Line(one.code, one.name, one.weight, part) for one, part in zip(items, parts, strict=True))
    return Plan(lines, sources={line.code: line.after for line in lines})


ChannelChanges = dict[str, dict[str, Any]]
"""Fields of channels by the channel's code, as JSON values of `scheme_json`."""
_FINEST = 3


def followed(scheme: schemes.Scheme, weights: Mapping[str, Decimal]) -> ChannelChanges:
    """Return what channels need so that their rules mean the same under new weights (proposal).

    Data rules keep the scale that they are written on, so that a deduction takes the same share as before; in
    a review, the starting score and the awards that are part of full marks share the new weight as they did
    the old one.
    """
    found: ChannelChanges = {}
    for _, indicator, channel in scheme.channels():
        after = weights.get(indicator.code, indicator.weight)
        if after == indicator.weight:
            continue
        if isinstance(channel, schemes.DataChannel) and channel.scale is None:
            found[channel.code] = {"scale": plain.encode(indicator.weight)}
        if isinstance(channel, schemes.ReviewChannel):
            found[channel.code] = _review(channel, indicator.weight, after)
    return {code: fields for code, fields in found.items() if fields}


def _review(channel: schemes.ReviewChannel, before: Decimal, after: Decimal) -> dict[str, Any]:
    parts = [item for item in channel.items if item.is_part]
    base = before - sum((item.points for item in parts), Decimal(0)) if channel.base is None else channel.base
    if base < 0 or after <= 0:
        return {}  # a fault of the draft already, which its page names
    shared = apportioned([base, *(item.points for item in parts)], after, _FINEST)
    points = dict(zip((item.code for item in parts), shared[1:], strict=True))
    fields: dict[str, Any] = {}
    if channel.base is not None:
        fields["base"] = plain.encode(shared[0])
    if parts:
        items = tuple(
            replace(item, points=points[item.code]) if item.is_part else item for item in channel.items
        )
        fields["items"] = plain.encode(items)
    return fields


def standing(scheme: schemes.Scheme, changes: ChannelChanges) -> ChannelChanges:
    """Return what the changed fields hold now: the changes that put them back."""
    return {
        channel.code: {name: plain.encode(getattr(channel, name)) for name in changes[channel.code]}
        for _, _, channel in scheme.channels()
        if channel.code in changes
    }
