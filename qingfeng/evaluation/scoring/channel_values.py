"""Give every channel of every unit its value between 0 and 1, or the reason why it does not apply."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import balloting, facts, ladders, measuring, reviewing, settings, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Bools, Bytes, Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.results import FactOutcomes, Reason
from qingfeng.evaluation.scoring.rows import Status

Values = tuple[Floats, Bytes]


def values(given: Inputs, layout: Layout, fractions: Floats) -> tuple[Floats, Bytes, FactOutcomes]:
    """Return (N, C) values with NaN for not applicable, (N, C) reasons, and what became of the facts."""
    units, channels = len(given.units.codes), len(layout.channels)
    found = np.full((units, channels), np.nan)
    reasons = np.zeros((units, channels), np.uint8)
    means = reviewing.slot_means(given, layout, fractions)
    earned: dict[int, Floats] = {}
    for number, channel in enumerate(layout.channels):
        if isinstance(channel, schemes.ReviewChannel):
            found[:, number], reasons[:, number] = _review(given, layout, number, means)
        elif isinstance(channel, schemes.BallotChannel):
            found[:, number], reasons[:, number] = _ballot(given, layout, number, channel)
        else:
            earned[number], reasons[:, number] = _earned(given, layout, number, channel)
    outcomes = facts.assign(given, layout, reasons < Reason.NOT_DELIVERED)
    for number, base in earned.items():
        lost = ladders.net(given, layout, number, outcomes)
        found[:, number] = np.clip(base - lost / layout.scale[number], 0.0, 1.0)
        clean = (reasons[:, number] == Reason.SCORED) & (lost == 0) & _is_ladder_only(layout, number)
        reasons[clean, number] = Reason.NO_FACTS
    found[reasons >= Reason.NOT_DELIVERED] = np.nan
    return found, reasons, outcomes


def _is_ladder_only(layout: Layout, number: int) -> bool:
    channel = layout.channels[number]
    assert isinstance(channel, schemes.DataChannel)
    return all(isinstance(term, terms.LadderTerm) for term in channel.terms)


def _gaps(given: Inputs, layout: Layout, number: int) -> Bytes:
    """Return (N,) the reasons that hold for every kind of channel.

    Not due, then not delivered, else scored.
    """
    found = np.full(len(given.units.codes), Reason.SCORED, np.uint8)
    found[given.status[:, number] == Status.NOT_DELIVERED] = Reason.NOT_DELIVERED
    if not layout.due[layout.channel_indicator[number]]:
        found[:] = Reason.NOT_DUE
    return found


def _review(given: Inputs, layout: Layout, number: int, means: Floats) -> Values:
    """Score a review channel; what the unit itself failed to submit goes as the scheme says."""
    found, reasons = reviewing.channel_means(layout, means, number), _gaps(given, layout, number)
    empty = np.isnan(found) & (reasons == Reason.SCORED)
    nothing = given.status[:, number] == Status.NONE
    reasons[empty & ~nothing] = Reason.NO_REVIEW
    reasons[empty & nothing] = Reason.NOTHING_REPORTED
    found[empty & nothing] = 1.0
    return _missing(given, layout, number, found, reasons)


def _missing(given: Inputs, layout: Layout, number: int, found: Floats, reasons: Bytes) -> Values:
    chosen = given.scheme.settings
    rows = given.missing[:, layout.channel_indicator[number]] & (reasons != Reason.NOT_DUE)
    if chosen.missing_submission == settings.MissingSubmission.NOT_APPLICABLE:
        reasons[rows] = Reason.MISSING_NOT_APPLICABLE
    elif chosen.missing_submission == settings.MissingSubmission.SHARE:
        found[rows], reasons[rows] = float(chosen.missing_share) / 100.0, Reason.MISSING_SHARE
    else:
        found[rows], reasons[rows] = 0.0, Reason.MISSING_ZERO
    return found, reasons


def _ballot(given: Inputs, layout: Layout, number: int, channel: schemes.BallotChannel) -> Values:
    found, reasons = balloting.channel_means(given, layout, channel), _gaps(given, layout, number)
    reasons[np.isnan(found) & (reasons == Reason.SCORED)] = Reason.TOO_FEW_BALLOTS
    return found, reasons


def _earned(given: Inputs, layout: Layout, number: int, channel: schemes.DataChannel) -> Values:
    """Return (N,) earned / available points of a data channel before its deductions.

    A term without a value is not applicable and leaves its points to the others (proposal); where the
    source reports none, full.
    """
    reasons = _gaps(given, layout, number)
    present, none = reasons == Reason.SCORED, given.status[:, number] == Status.NONE
    earned, available = np.zeros(len(reasons)), np.zeros(len(reasons))
    for term in channel.terms:
        if isinstance(term, terms.LadderTerm):
            part: Floats = np.ones(len(reasons))
        else:
            part = measuring.fraction(given, layout, term, present)
            part = np.where(np.isnan(part) & none, 1.0, part)
        counts: Bools = ~np.isnan(part)
        available += np.where(counts, float(term.points), 0.0)
        earned += np.where(counts, part, 0.0) * float(term.points)
    reasons[present & none] = Reason.NOTHING_REPORTED
    reasons[present & (available <= 0)] = Reason.NO_VALUE
    return np.divide(earned, available, out=np.full(len(reasons), np.nan), where=available > 0), reasons
