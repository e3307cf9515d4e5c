"""Hold a round's frozen inputs in columns, so that thousands of units are scored in one pass.

Index columns point into the scheme's own order: ``channel`` into ``Index.channels``, ``department`` into
``scheme.departments``, and so on; -1 is none. Text columns hold ids into ``Inputs.texts``. Build one by
``scoring.building.build``; keep one by ``scoring.freezing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.periods import Quarter

Ints = NDArray[np.int32]
Smalls = NDArray[np.int16]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

LEADER, SELF_REPORTED, CONCEALED = 1, 2, 4  # bits of Facts.flags


@dataclass(frozen=True, slots=True)
class Units:
    """List the N units; ``grouping`` (N,) points into ``groupings``.

    The classes within which units are ranked.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    groupings: tuple[str, ...]
    grouping: Smalls


@dataclass(frozen=True, slots=True)
class Reviews:
    """Hold R reviews sorted by unit, channel, department, reviewer.

    ``score`` in points, NaN where findings decide.
    """

    unit: Ints
    channel: Smalls
    department: Smalls
    reviewer: Ints
    score: Floats
    reason: Ints
    ref: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Findings:
    """Hold checklist findings sorted by review; ``item`` indexes the channel's items.

    ``points`` NaN where none was chosen.
    """

    review: Ints
    item: Smalls
    quantity: Floats
    points: Floats
    note: Ints


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold F facts sorted by id; days are proleptic ordinals.

    ``event``, ``counted_in``, ``title``, ``reason``, ``id`` are text ids.
    """

    id: Ints
    kind: Smalls
    category: Smalls
    level: Smalls
    unit_at_act: Ints
    unit_at_decision: Ints
    act_day: Ints
    effective_day: Ints
    quantity: Floats
    flags: Bytes
    points: Floats
    reason: Ints
    event: Ints
    counted_in: Ints
    title: Ints


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Hold scheme-wide adjustment entries sorted by unit; ``points`` are positive."""

    unit: Ints
    adjustment: Smalls
    points: Floats
    reason: Ints
    reference: Ints


@dataclass(frozen=True)
class Inputs:
    """Freeze all that a round's result depends on.

    ``tallies`` (N, questions, groups, answers) counts ballots; ``values`` (N, measures) with NaN for
    missing; ``status`` (N, channels) holds ``rows.Status``; ``missing`` (N, indicators) marks what a unit
    failed to submit; ``department_unit`` (departments,) is the unit of each department or -1;
    ``parameters`` are words for the bulletin, no numbers.
    """

    scheme: schemes.Scheme
    quarter: Quarter
    units: Units
    reviews: Reviews
    findings: Findings
    tallies: Ints
    values: Floats
    facts: Facts
    status: NDArray[np.int8]
    missing: Bools
    adjustments: Adjustments
    department_unit: Ints
    texts: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()

    @cached_property
    def index(self) -> Index:
        """Return the positions of the scheme's codes."""
        return Index(self.scheme)

    @cached_property
    def unit_position(self) -> dict[str, int]:
        """Return the row of each unit's code."""
        return {code: position for position, code in enumerate(self.units.codes)}


class Index:
    """Give the position of each code of a scheme in the columns."""

    def __init__(self, scheme: schemes.Scheme) -> None:
        """Number the scheme's tables in their own order."""
        channels = list(scheme.channels())
        self.channels = _positions(channel.code for _, _, channel in channels)
        self.indicators = _positions(indicator.code for _, indicator in scheme.indicators())
        self.dimensions = _positions(dimension.code for dimension in scheme.dimensions)
        self.departments = _positions(entry.code for entry in scheme.departments)
        self.groups = _positions(entry.code for entry in scheme.groups)
        self.questions = _positions(entry.code for entry in scheme.questions)
        self.measures = _positions(entry.code for entry in scheme.measures)
        self.kinds = _positions(entry.code for entry in scheme.fact_kinds)
        self.categories = _positions(entry.code for entry in scheme.categories)
        self.levels = _positions(entry.code for entry in scheme.levels)
        self.adjustments = _positions(entry.code for entry in scheme.adjustments)
        own = [a.code for _, _, c in channels if isinstance(c, schemes.BallotChannel) for a in c.answers]
        self.answers = _positions([answer.code for answer in scheme.answers] + own)


def _positions(codes: Iterable[str]) -> dict[str, int]:
    """Number codes in the order of their first appearance."""
    found: dict[str, int] = {}
    for code in codes:
        found.setdefault(code, len(found))
    return found
