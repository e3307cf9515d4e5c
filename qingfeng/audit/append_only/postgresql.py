"""Append-only rows on PostgreSQL: one function, two triggers a table.

They stop everybody but a superuser and the owner, who can drop them: run the platform as a role that is
neither and has SELECT and INSERT only on these tables (docs/operations.md).
"""

from __future__ import annotations

FUNCTION = """
CREATE OR REPLACE FUNCTION qf_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$"""


def protect(table: str, unique: list[tuple[str, ...]]) -> list[str]:
    """Return the statements; an upsert is an UPDATE here, so the unique columns do not matter."""
    return [
        FUNCTION,
        f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION qf_append_only()",
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION qf_append_only()",
    ]


def release(table: str) -> list[str]:
    return [f'DROP TRIGGER IF EXISTS "{table}_no_{event}" ON "{table}"' for event in ("change", "truncate")]


INSTALLED = (
    "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
    "AND tgenabled IN ('O', 'A') ORDER BY tgname"
)
"""Lists the table's enabled triggers, for the guard and for `audit_verify`."""
