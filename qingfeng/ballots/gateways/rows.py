"""Many rows under random keys: one COPY on PostgreSQL, one prepared statement elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of plain values in the order of the named fields, each under a random `key`."""
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in ("key", *names)]
    columns = ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row((uuid.uuid4(), *row))
        else:
            marks = ", ".join(["%s"] * len(fields))
            keyed = [(uuid.uuid4().hex, *row) for row in rows]
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", keyed)  # noqa: S608
