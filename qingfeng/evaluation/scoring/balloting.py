"""Score the ballot channels from frozen tallies."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout


def group_means(given: Inputs, layout: Layout, channel: schemes.BallotChannel) -> tuple[Floats, Floats]:
    """Return (N, G) means 0..1 and valid votes of the channel's groups.

    Mean = Σ votes × answer score / Σ votes, over the answers that count; below the scheme's minimum of
    valid votes it is NaN (practice of style ballots: 不了解 is no valid vote; the minimum is a proposal that
    keeps few voters unrecognised).
    """
    scores = {answer.code: answer.score for answer in schemes.answers_of(layout.scheme, channel)}
    counted = [(layout.index.answers[code], float(s)) for code, s in scores.items() if s is not None]
    groups = [layout.index.groups[share.group] for share in channel.groups]
    votes = given.tallies[:, layout.index.questions[channel.question]][:, groups]
    block = votes[:, :, [place for place, _ in counted]].astype(np.float64)
    valid = block.sum(axis=2)
    points = block @ np.array([score for _, score in counted])
    enough = valid >= layout.scheme.settings.minimum_ballots
    means = np.divide(points, valid * 100.0, out=np.full(valid.shape, np.nan), where=enough)
    return means, valid


def channel_means(given: Inputs, layout: Layout, channel: schemes.BallotChannel) -> Floats:
    """Return (N,) the weighted mean over the groups with enough votes, NaN where there is none."""
    means, _ = group_means(given, layout, channel)
    weights = np.array([float(share.weight) for share in channel.groups])
    scored = ~np.isnan(means)
    with np.errstate(invalid="ignore"):
        found: Floats = (np.where(scored, means, 0.0) @ weights) / (scored @ weights)
    return found


def alerts(given: Inputs, layout: Layout, channel: schemes.BallotChannel) -> Bools:
    """Return (N,) where the share of the alert's answers among all valid votes is below its line."""
    alert = channel.alert
    if alert is None:
        return np.zeros(len(given.units.codes), np.bool_)
    scores = {answer.code: answer.score for answer in schemes.answers_of(layout.scheme, channel)}
    groups = [layout.index.groups[share.group] for share in channel.groups]
    votes = given.tallies[:, layout.index.questions[channel.question]][:, groups].sum(axis=1)
    valid = votes[:, [layout.index.answers[code] for code, s in scores.items() if s is not None]].sum(axis=1)
    good = votes[:, [layout.index.answers[code] for code in alert.answers]].sum(axis=1)
    enough = valid >= layout.scheme.settings.minimum_ballots
    below: Bools = good * 100.0 < valid * float(alert.below)
    found: Bools = enough & below
    return found
