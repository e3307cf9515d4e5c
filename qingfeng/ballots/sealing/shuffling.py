"""Shuffles from the system's secure source."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np

Item = TypeVar("Item")
Table = np.ndarray[Any, np.dtype[np.uint8]]


def shuffled(items: Iterable[Item]) -> list[Item]:
    """Return the items in a new list, in random order."""
    made = list(items)
    secrets.SystemRandom().shuffle(made)
    return made


def shuffle_columns(table: Table) -> Table:
    """Return a (ballots, questions) table with each column in a random order of its own.

    Each cell draws a 64-bit key from the system's source and each column is sorted by its keys: every
    order is equally likely but for equal keys, which are drawn again.
    """
    rows, columns = table.shape
    if rows < 2:
        return table.copy()
    keys = _keys(rows, columns)
    order = np.argsort(keys, axis=0)
    return np.take_along_axis(table, order, axis=0)


def _keys(rows: int, columns: int) -> Any:
    while True:
        keys = np.frombuffer(os.urandom(8 * rows * columns), np.uint64).reshape(rows, columns)
        ranked = np.sort(keys, axis=0)
        if not (ranked[1:] == ranked[:-1]).any():
            return keys
