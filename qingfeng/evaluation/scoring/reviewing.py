"""Score the review channels: each scorer's mean, nobody's own unit.

And the weighted mean of the departments.
"""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import sums, terms
from qingfeng.evaluation.scoring.inputs import Findings, Floats, Inputs, Ints, Reviews
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import ScorerStat


def review_fractions(given: Inputs, layout: Layout) -> Floats:
    """Return (R,) each review's result, 0..1.

    Score / weight, or from its findings (proposal, ``finding_fraction``).
    """
    return fractions_of(given.reviews, given.findings, layout)


def fractions_of(reviews: Reviews, findings: Findings, layout: Layout) -> Floats:
    """Return (R,) the results of some reviews with their findings, whose ``review`` numbers these."""
    found: Floats = reviews.score / layout.scale[reviews.channel]
    without = np.isnan(reviews.score)
    if not without.any():
        return found
    earned, lost = np.zeros(len(found)), np.zeros(len(found))
    for number, channel in enumerate(layout.channels):
        if not isinstance(channel, schemes.ReviewChannel) or not channel.items:
            continue
        mine = reviews.channel[findings.review] == number
        for place, item in enumerate(channel.items):
            rows = np.flatnonzero(mine & (findings.item == place))
            if not len(rows) or not layout.is_active(item.period):
                continue
            points = np.where(np.isnan(findings.points[rows]), float(item.points), findings.points[rows])
            quantity = findings.quantity[rows] / (100.0 if item.per == terms.Per.RATIO else 1.0)
            booked = sums.by_place(findings.review[rows], points * quantity, len(found))
            cap = item.points if item.is_part and item.cap is None else item.cap
            booked = booked if cap is None else np.minimum(booked, float(cap))
            earned, lost = _book(earned, lost, booked, item)
        rows = np.flatnonzero(without & (reviews.channel == number))
        found[rows] = _fraction(channel, layout, number, earned[rows], lost[rows])
    return found


def _book(earned: Floats, lost: Floats, booked: Floats, item: terms.Item) -> tuple[Floats, Floats]:
    """Add an item's points where they belong.

    To what is earned, or to what is lost (made good, if negative).
    """
    if item.is_part:
        return earned + booked, lost
    return earned, (lost + booked if item.effect == terms.Effect.DEDUCT else lost - booked)


def base_of(channel: schemes.ReviewChannel, weight: float) -> float:
    """Return where findings start from.

    The channel's base, or the weight less the awards that are part of full marks.
    """
    if channel.base is not None:
        return float(channel.base)
    return weight - float(sum(item.points for item in channel.items if item.is_part))


def _fraction(
    channel: schemes.ReviewChannel, layout: Layout, number: int, earned: Floats, lost: Floats
) -> Floats:
    """Return earned / available − lost / weight, held to 0..1.

    Parts that are not due are not available (proposal).
    """
    weight = float(layout.scale[number])
    base = base_of(channel, weight)
    parts = sum(
        float(item.points) for item in channel.items if item.is_part and layout.is_active(item.period)
    )
    if base + parts <= 0:
        return np.full(len(earned), np.nan)
    return np.clip((base + earned) / (base + parts) - lost / weight, 0.0, 1.0)


def slot_means(given: Inputs, layout: Layout, fractions: Floats) -> Floats:
    """Return (N, S) the mean of the reviews that count for each scorer's place, NaN where there is none.

    The department counts but for its own unit, for which its substitute's review counts.
    """
    units, places = len(given.units.codes), len(layout.slots)
    totals, counts = np.zeros(units * places), np.zeros(units * places)
    for rows, slot in _countable(given, layout):
        keys = given.reviews.unit[rows].astype(np.int64) * places + slot
        totals += np.bincount(keys, fractions[rows], units * places)
        counts += np.bincount(keys, None, units * places)
    with np.errstate(invalid="ignore"):
        return (totals / counts).reshape(units, places)


def _countable(given: Inputs, layout: Layout) -> list[tuple[Ints, Ints]]:
    """Return pairs of review rows and the slots for which they count: first scorers, then substitutes."""
    reviews = given.reviews
    owner = np.append(given.department_unit, -1)
    first = np.full((len(layout.channels), len(layout.index.departments) + 1), -1, np.int32)
    for number, slot in enumerate(layout.slots):
        first[slot.channel, slot.department] = number
    not_own = owner[reviews.department] != reviews.unit
    slots = first[reviews.channel, reviews.department]
    rows = np.flatnonzero(not_own & (slots >= 0)).astype(np.int32)
    found: list[tuple[Ints, Ints]] = [(rows, slots[rows])]
    for number, slot in enumerate(layout.slots):
        unit = int(owner[slot.department])
        if unit < 0 or slot.substitute < 0:
            continue
        begin, end = np.searchsorted(reviews.unit, [unit, unit + 1])
        block = np.arange(begin, end, dtype=np.int32)
        keep = (reviews.channel[block] == slot.channel) & (reviews.department[block] == slot.substitute)
        block = block[keep & not_own[block]]
        found.append((block, np.full(len(block), number, np.int32)))
    return found


def channel_means(layout: Layout, means: Floats, number: int) -> Floats:
    """Return (N,) the weighted mean over the departments that scored, NaN where none did."""
    places = [place for place, slot in enumerate(layout.slots) if slot.channel == number]
    weights = np.array([layout.slots[place].weight for place in places])
    block = means[:, places]
    scored = ~np.isnan(block)
    with np.errstate(invalid="ignore"):
        found: Floats = (np.where(scored, block, 0.0) @ weights) / (scored @ weights)
    return found


def scorer_stats(given: Inputs, layout: Layout, fractions: Floats) -> tuple[ScorerStat, ...]:
    """Return count, mean and population standard deviation of each scorer on each channel, in percent."""
    departments = max(len(layout.index.departments), 1)
    keys = given.reviews.channel.astype(np.int64) * departments + given.reviews.department
    size = len(layout.channels) * departments
    fits = ~np.isnan(fractions)
    keys, values = keys[fits], fractions[fits] * 100.0
    counts = np.bincount(keys, None, size)
    totals = np.bincount(keys, values, size)
    means = np.divide(totals, counts, out=np.zeros(size), where=counts > 0)
    squares = np.bincount(keys, (values - means[keys]) ** 2, size)
    codes = [entry.code for entry in layout.scheme.departments]
    return tuple(
        ScorerStat(
            channel=layout.channels[key // departments].code,
            department=codes[key % departments],
            count=int(counts[key]),
            mean=float(means[key]),
            spread=float(np.sqrt(squares[key] / counts[key])),
        )
        for key in np.flatnonzero(counts)
    )
