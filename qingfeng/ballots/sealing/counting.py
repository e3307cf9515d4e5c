"""Counting answers where enough are there, and turnout that tells nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Table = np.ndarray[Any, np.dtype[np.uint8]]
STEP = 5
"""Turnout is shown in steps of five (proposal): a single vote moves no figure that anybody can date."""


def step_of(count: int) -> int:
    """Return the lower end of the step a count is in: 0, 5, 10 …"""
    return count // STEP * STEP


def valid_places(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> list[list[int]]:
    """Return for each question the places (from 1) of the answers that are valid votes."""
    return [
        [
            place
            for place, answer in enumerate(answers, start=1)
            if answer["is_valid"] and answer["code"] in question["answers"]
        ]
        for question in questions
    ]


def withhold(table: Table, valid: Sequence[Sequence[int]], minimum: int) -> Table | None:
    """Return a pool's (ballots, questions) table with 0 in the columns that have too few valid votes.

    None where no column has enough: then nothing of the pool is kept.
    """
    is_valid = np.zeros((len(valid), 256), np.bool_)
    for question, places in enumerate(valid):
        is_valid[question, places] = True
    enough = is_valid[np.arange(len(valid)), table].sum(axis=0) >= minimum
    if not enough.any():
        return None
    kept: Table = np.where(enough, table, np.uint8(0))
    return kept
