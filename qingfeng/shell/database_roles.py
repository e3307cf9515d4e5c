"""The rights of the role that runs the platform on PostgreSQL: enough to work, too few to tamper.

One role owns the tables and migrates; another, which owns nothing, runs web server and worker. An owner can
drop a trigger, so that the append-only tables hold against the running platform only (ADR 0022).
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg import sql

LOCKED = {"audit_seal": "id"}
"""Append-only tables of which a row is locked: PostgreSQL asks for UPDATE on one column, and the trigger
refuses any real update."""
TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')
AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"""
FREE, KEPT = "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT"
OUTSIDE = {"django_migrations": "SELECT"}
"""What the running platform only reads: whoever could write it could hide that a migration is missing."""
HELD = """
SELECT c.relname,
has_table_privilege(%(role)s, c.oid, 'UPDATE'), has_table_privilege(%(role)s, c.oid, 'DELETE'),
has_table_privilege(%(role)s, c.oid, 'TRUNCATE'), has_table_privilege(%(role)s, c.oid, 'TRIGGER'),
pg_has_role(%(role)s, c.relowner, 'MEMBER')
FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname"""
WHOLE = """
SELECT rolsuper, rolcreaterole, rolbypassrls, has_schema_privilege(%(role)s, current_schema(), 'CREATE'),
has_database_privilege(%(role)s, current_database(), 'CREATE')
FROM pg_roles WHERE rolname = %(role)s"""


def append_only_tables() -> set[str]:
    """Return the tables of every model that says it is append-only."""
    return {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}


def statements(role: str, tables: list[str]) -> list[sql.Composed]:
    """Return the grants, for the role and the tables that there are."""
    named, kept = sql.Identifier(role), append_only_tables()
    lines = [
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT {FREE} ON TABLES TO {{role}}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    made = [sql.SQL(line).format(schema=sql.Identifier(_schema()), role=named) for line in lines]
    for table in tables:
        rights = OUTSIDE.get(table, KEPT if table in kept else FREE)
        given = sql.SQL(rights)
        made.append(sql.SQL("GRANT {} ON {} TO {}").format(given, sql.Identifier(table), named))
    for table in kept & LOCKED.keys() & set(tables):
        column = sql.Identifier(LOCKED[table])
        made.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(column, sql.Identifier(table), named))
    return made


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def grant(role: str) -> int:
    """Give the role its rights on every table; to be run by the owner after each migration."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [str(row[0]) for row in cursor.fetchall()]
        for statement in statements(role, tables):
            cursor.execute(statement)
    return len(tables)


def faults(role: str) -> list[str]:
    """Return what the role may and must not: own, change or empty what is append-only, make tables."""
    kept, found = append_only_tables(), []
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, {"role": role})
        rights = cursor.fetchone()
        if rights is None:
            return [f"没有 {role} 这个账号"]
        if any(rights):
            found.append(f"{role} 是超级用户，或者能建账号、建表")
        cursor.execute(HELD, {"role": role})
        for table, may_update, may_delete, may_empty, may_trigger, is_owner in cursor.fetchall():
            if is_owner or may_empty or may_trigger:
                found.append(f"{role} 是表 {table} 的所有者，或者能清空它、改它的触发器")
            elif table in kept and (may_update or may_delete):
                found.append(f"{role} 能改删只增不改的表 {table}")
    return found
