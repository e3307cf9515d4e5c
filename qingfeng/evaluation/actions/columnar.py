"""Many rows at the speed of the database: read as columns, found by id or code, written in one stream."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Model, QuerySet

from qingfeng.evaluation.scoring import inputs


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Keep the cycle collector out while many rows come in: it would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def places(known: Mapping[Any, int], keys: Any, count: int) -> inputs.Ints:
    """Return the place of each code; -1 where a code has none."""
    get = known.get
    return np.fromiter((get(key, -1) for key in keys), np.int32, count)


class Ids:
    """Find the places of many ids at once."""

    def __init__(self, known: Mapping[int, int]) -> None:
        ids: Any = np.fromiter(known.keys(), np.int64, len(known))
        order = np.argsort(ids)
        self.ids = ids[order]
        self.places = np.fromiter(known.values(), np.int32, len(known))[order]

    def places_of(self, keys: Sequence[int]) -> inputs.Ints:
        """Return the place of each id; -1 where an id has none."""
        wanted: Any = np.fromiter(keys, np.int64, len(keys))
        if not len(self.ids):
            return np.full(len(wanted), -1, np.int32)
        at = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        return np.where(self.ids[at] == wanted, self.places[at], -1).astype(np.int32)


def read(rows: QuerySet[Any, tuple[Any, ...]], width: int) -> tuple[Sequence[Any], ...]:
    """Read rows and return their columns."""
    found = list(rows)
    return tuple(zip(*found, strict=True)) if found else ((),) * width


def write(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values in the order of the named fields: by COPY, or one prepared statement.

    The rows must not ask the database while they are drawn: a connection in COPY answers nobody.
    """
    quote = connection.ops.quote_name
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(column_of[name]) for name in names)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(rows))  # noqa: S608
