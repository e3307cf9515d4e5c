"""Append-only rows on SQLite: three triggers a table.

`INSERT OR REPLACE` deletes the old row without a delete trigger, so an insert that meets an existing key is
refused as well. There is no TRUNCATE.
"""

from __future__ import annotations

EVENTS = ("update", "delete", "insert")


def trigger(table: str, event: str) -> str:
    return f"{table}_no_{'replace' if event == 'insert' else event}"


def protect(table: str, unique: list[tuple[str, ...]]) -> list[str]:
    """Return the CREATE TRIGGER statements; `unique` are the column groups that a replacement could meet."""
    refuse = f"SELECT RAISE(ABORT, 'append-only: {table}')"
    made = [
        f'CREATE TRIGGER "{trigger(table, event)}" BEFORE {event.upper()} ON "{table}" BEGIN {refuse}; END'
        for event in ("update", "delete")
    ]
    same = [" AND ".join(f'"{column}" = NEW."{column}"' for column in group) for group in unique]
    meets = " OR ".join(f"({condition})" for condition in same)
    head = f'CREATE TRIGGER "{trigger(table, "insert")}" BEFORE INSERT ON "{table}"'
    met = f'SELECT 1 FROM "{table}" WHERE {meets}'  # noqa: S608 -- names of our own tables
    return [*made, f"{head} WHEN EXISTS ({met}) BEGIN {refuse}; END"]


def release(table: str) -> list[str]:
    return [f'DROP TRIGGER IF EXISTS "{trigger(table, event)}"' for event in EVENTS]


INSTALLED = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s ORDER BY name"
"""Lists the table's triggers, for the guard and for `audit_verify`."""
