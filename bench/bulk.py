"""Rows straight into a table, by the writer that stores the platform's own results."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from qingfeng.evaluation.actions import columnar


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, a JSON field's as text, in the order of the named fields."""
    columnar.write(model, names, rows if connection.vendor == "postgresql" else map(_adapted, rows))


def _adapted(row: Sequence[Any]) -> list[Any]:
    """Write moments and random keys as Django writes them into SQLite."""
    adapt = connection.ops.adapt_datetimefield_value
    plain = [value.hex if isinstance(value, uuid.UUID) else value for value in row]
    return [adapt(value) if isinstance(value, dt.datetime) else value for value in plain]


def analyze() -> None:
    """Let PostgreSQL learn what the tables hold, as its autovacuum would after such a load."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
