"""Turn rows into columns: codes to positions, texts to a pool, numbers to arrays.

And note what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter
from typing import Any

import numpy as np

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Bools, Floats, Index, Ints


@dataclass(frozen=True, slots=True)
class InputFault:
    """Name one fault of the inputs: table, row (0-based in the rows given), field, value.

    And what is expected.
    """

    table: str
    row: int
    field: str
    value: str
    expected: str


class InputFaultsError(ValueError):
    """Carry every fault found in the inputs; none of them was taken over."""

    def __init__(self, faults: list[InputFault]) -> None:
        """Keep the faults sorted by table and row."""
        super().__init__("\n".join(f"{f.table}[{f.row}].{f.field}: {f.expected}" for f in faults[:50]))
        self.faults = faults


class Pool:
    """Collect texts and hand out ids; the final ids follow the sorted texts.

    So that the order of rows does not matter.
    """

    def __init__(self) -> None:
        """Start with the empty text."""
        self.found: dict[str, int] = {"": 0}

    def ids(self, texts: Iterable[str], count: int) -> Ints:
        """Return provisional ids of ``count`` texts."""
        listed = list(texts)
        for text in dict.fromkeys(listed):
            self.found.setdefault(text, len(self.found))
        return np.fromiter(map(self.found.__getitem__, listed), np.int32, count)

    def finish(self) -> tuple[tuple[str, ...], Ints]:
        """Return the sorted texts, and the final id of each provisional id."""
        texts = sorted(self.found)
        final = np.empty(len(texts), np.int32)
        final[[self.found[text] for text in texts]] = np.arange(len(texts), dtype=np.int32)
        return tuple(texts), final


class Table:
    """Read the columns of one table's rows. ``faults`` lists what does not fit."""

    def __init__(self, name: str, rows: Sequence[Any], faults: list[InputFault]) -> None:
        """Keep the rows under the name by which faults call them."""
        self.name, self.rows, self.faults = name, rows, faults

    def texts(self, field: str) -> list[str]:
        """Return a column of texts."""
        return list(map(attrgetter(field), self.rows))

    def codes(self, field: str, known: Mapping[str, int], expected: str, *, optional: bool = False) -> Ints:
        """Return the positions of a column of codes.

        -1, and a fault, for unknown ones (for none if ``optional``).
        """
        texts = self.texts(field)
        found = np.fromiter(map(known.get, texts, repeat(-1)), np.int32, len(texts))
        for row in np.flatnonzero(found < 0):
            if not (optional and not texts[row]):
                self.fail(int(row), field, expected)
        return found

    def numbers(self, field: str) -> Floats:
        """Return a column of numbers, NaN for None."""
        return np.array(list(map(attrgetter(field), self.rows)), np.float64)

    def flags(self, field: str) -> Bools:
        """Return a column of truth values."""
        return np.fromiter(map(attrgetter(field), self.rows), np.bool_, len(self.rows))

    def check(self, bad: Bools, field: str, expected: str | Callable[[int], str]) -> None:
        """Note a fault for every row that is marked bad."""
        for row in np.flatnonzero(bad):
            self.fail(int(row), field, expected if isinstance(expected, str) else expected(int(row)))

    def unique(self, fields: Sequence[str], expected: str) -> None:
        """Note a fault for every row that repeats an earlier one in ``fields``."""
        key = attrgetter(*fields)
        seen: set[Any] = set()
        for row, values in enumerate(map(key, self.rows)):
            if values in seen:
                self.fail(row, fields[-1], expected)
            seen.add(values)

    def distinct(self, parts: Sequence[Ints], field: str, expected: str) -> None:
        """Note a fault for every row that repeats an earlier one in all ``parts``.

        Rows with an unknown code are left out.
        """
        keys = np.zeros(len(self.rows), np.int64)
        for part in parts:
            keys = keys * (int(part.max(initial=0)) + 1) + part
        known = np.flatnonzero(np.all([part >= 0 for part in parts], axis=0))
        order = known[np.argsort(keys[known], kind="stable")]
        repeated = np.zeros(len(self.rows), np.bool_)
        repeated[order[1:][keys[order[1:]] == keys[order[:-1]]]] = True
        self.check(repeated, field, expected)

    def fail(self, row: int, field: str, expected: str) -> None:
        """Note one fault."""
        value = getattr(self.rows[row], field, "")
        text = "" if value is None else str(value)
        self.faults.append(InputFault(self.name, row, field, text, expected))


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what every table is read with.

    The scheme, the units' positions, the texts and the faults so far.
    """

    scheme: schemes.Scheme
    index: Index
    known: Mapping[str, int]
    pool: Pool
    faults: list[InputFault]

    def table(self, name: str, rows: Sequence[Any]) -> Table:
        """Return a reader of one table's rows."""
        return Table(name, rows, self.faults)
