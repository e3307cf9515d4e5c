"""A migration operation that makes a table append-only, on every database the platform knows.

`ProtectRows("audit_entry")` in a migration of the app that owns the table, after its last change of columns:
on SQLite a changed table is made anew and loses its triggers, so a later change repeats the operation. A
guard test compares the triggers of every model that says `append_only = True` with what is made here.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory

from qingfeng.audit.append_only import postgresql, sqlite

DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


def statements(connection: Any, table: str) -> list[str]:
    """Return the SQL that refuses UPDATE, DELETE, replacement and TRUNCATE of the table's rows."""
    made: list[str] = DIALECTS[connection.vendor].protect(table, unique_columns(connection, table))
    return made


def unique_columns(connection: Any, table: str) -> list[tuple[str, ...]]:
    """Return the column groups of the table's primary key and unique constraints, in a stable order."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    groups = {tuple(item["columns"]) for item in found if item["unique"] or item["primary_key"]}
    return sorted(groups)


class ProtectRows(Operation):
    """Install the triggers; the reverse removes them."""

    reversible = True
    category = OperationCategory.SQL

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        connection = schema_editor.connection
        for statement in DIALECTS[connection.vendor].release(self.table) + statements(connection, self.table):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in DIALECTS[schema_editor.connection.vendor].release(self.table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Make the rows of {self.table} append-only"
