"""Score the terms that work on delivered numbers: ratio, linear, rank and min–max within the class."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import terms
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Inputs
from qingfeng.evaluation.scoring.layout import Layout

MeasureTerm = terms.RatioTerm | terms.LinearTerm | terms.RankTerm | terms.MinMaxTerm


def fraction(given: Inputs, layout: Layout, term: MeasureTerm, present: Bools) -> Floats:
    """Return (N,) the term's result, 0..1, NaN where its value is missing.

    ``present`` (N,) marks delivered units.
    """
    if isinstance(term, terms.RatioTerm):
        found = _ratio(given, layout, term)
    elif isinstance(term, terms.LinearTerm):
        low, high = float(term.zero_at), float(term.full_at)
        found = np.clip((_values(given, layout, term.measure) - low) / (high - low), 0.0, 1.0)
    else:
        values = np.where(present, _values(given, layout, term.measure), np.nan)
        found = _within_class(given, term, values)
    if isinstance(term, (terms.RatioTerm, terms.LinearTerm)) and term.otherwise is not None:
        found = np.where(np.isnan(found), fraction(given, layout, term.otherwise, present), found)
    return found


def holds(given: Inputs, layout: Layout, conditions: tuple[terms.Condition, ...]) -> Bools:
    """Return (N,) where all conditions hold; a missing value does not hold."""
    compare = {
        terms.Op.GT: np.greater,
        terms.Op.GE: np.greater_equal,
        terms.Op.LT: np.less,
        terms.Op.LE: np.less_equal,
        terms.Op.EQ: np.equal,
    }
    found = np.ones(len(given.units.codes), np.bool_)
    for condition in conditions:
        found &= compare[condition.op](_values(given, layout, condition.measure), float(condition.value))
    return found


def counts(given: Inputs, layout: Layout, measure: str) -> Floats:
    """Return (N,) a measure as a count: missing and negative values are 0."""
    return np.maximum(np.nan_to_num(_values(given, layout, measure)), 0.0)


def _values(given: Inputs, layout: Layout, measure: str) -> Floats:
    found: Floats = given.values[:, layout.index.measures[measure]]
    return found


def _ratio(given: Inputs, layout: Layout, term: terms.RatioTerm) -> Floats:
    """Return numerator / denominator, held to 0..1; with nothing due it is 1."""
    numerator = _values(given, layout, term.numerator)
    if not term.denominator:
        return np.clip(numerator / 100.0, 0.0, 1.0)
    denominator = _values(given, layout, term.denominator)
    found = np.where(np.isnan(numerator) | np.isnan(denominator), np.nan, 1.0)
    np.divide(numerator, denominator, out=found, where=denominator > 0)
    found[np.isnan(numerator) & (denominator <= 0)] = 1.0
    return np.clip(found, 0.0, 1.0)


def _within_class(given: Inputs, term: terms.RankTerm | terms.MinMaxTerm, values: Floats) -> Floats:
    """Score values against the other units of the same class."""
    found = np.full(len(values), np.nan)
    for grouping in range(len(given.units.groupings)):
        rows = np.flatnonzero((given.units.grouping == grouping) & ~np.isnan(values))
        if not len(rows):
            continue
        own = values[rows] if term.high_is_best else -values[rows]
        if isinstance(term, terms.RankTerm):
            better = len(own) - np.searchsorted(np.sort(own), own, side="right")
            found[rows] = (len(own) - 1 - better) / (len(own) - 1) if len(own) > 1 else 1.0
        else:
            span = own.max() - own.min()
            found[rows] = (own - own.min()) / span if span > 0 else 1.0
    return found
