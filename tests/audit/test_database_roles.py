"""The rights that `manage.py grant_runtime` gives on PostgreSQL: enough to work, too few to tamper."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction

from qingfeng.audit import actions
from qingfeng.core.actors import SYSTEM
from qingfeng.shell import database_roles

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
pytestmark = [pytest.mark.postgres]


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def role(postgres_db, tmp_path, settings) -> Iterator[str]:
    settings.AUDIT_KEY_FILE, settings.AUDIT_HEAD_DIR = tmp_path / "audit.key", tmp_path / "heads"
    name = f"qf_app_{secrets.token_hex(4)}"
    execute(f"CREATE ROLE {name} LOGIN")
    call_command("grant_runtime", name)
    yield name
    for line in ["RESET ROLE", f"DROP OWNED BY {name}", f"DROP ROLE {name}"]:
        execute(line)


@pytest.fixture
def as_service(role: str) -> None:
    """Go on as the role of the services."""
    execute(f"SET ROLE {role}")


def test_service_writes_seals_and_verifies(as_service) -> None:
    for _ in range(3):
        actions.record(action="sign_in", by=SYSTEM, at=NOON)

    made = [actions.seal(at=NOON, limit=2), actions.seal(at=NOON, limit=2)]

    assert made == [2, 1]
    assert actions.verify(at=NOON).is_sound


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ADD COLUMN more integer",
        "DROP TABLE {table} CASCADE",
        'DROP TRIGGER "{table}_no_change" ON {table}',
        "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION qf_append_only()",
        "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
    ],
)
def test_service_is_refused_any_change_of_every_append_only_table(as_service, sql: str) -> None:
    tables = sorted(database_roles.append_only_tables())
    passed = []

    for table in tables:
        column = next(iter(columns(table)))
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            execute(sql.format(table=table, column=column))
            passed.append(table)

    assert passed == []
    assert len(tables) > 15


def columns(table: str) -> list[str]:
    """Return the columns but the one that a lock needs, the newest first."""
    with connection.cursor() as cursor:
        found = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    return [name for name in reversed(found) if name != database_roles.LOCKED.get(table)]


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id integer)",
        "CREATE SCHEMA mine",
        "DROP FUNCTION qf_append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION qf_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', 'x', now())",
        "CREATE ROLE another",
        "COPY audit_entry TO PROGRAM 'cat'",
    ],
)
def test_service_may_not_go_round_the_triggers(as_service, sql: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be (owner|superuser)"):
        execute(sql)


def test_locking_a_seal_changes_none(as_service) -> None:
    """PostgreSQL asks for UPDATE on one column before it locks a row; the trigger refuses the update."""
    actions.record(action="sign_in", by=SYSTEM, at=NOON)
    actions.seal(at=NOON)

    with pytest.raises(Exception, match="append-only: audit_seal"):
        execute("UPDATE audit_seal SET id = id + 1")


def test_table_of_a_later_migration_works_at_once_and_its_triggers_hold(role: str) -> None:
    execute("CREATE TABLE later (id serial PRIMARY KEY)")
    execute(
        "CREATE TRIGGER later_no_change BEFORE UPDATE OR DELETE ON later FOR EACH ROW "
        "EXECUTE FUNCTION qf_append_only()"
    )
    execute(f"SET ROLE {role}")

    execute("INSERT INTO later DEFAULT VALUES")
    with pytest.raises(Exception, match="append-only: later"):
        execute("DELETE FROM later")
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute("TRUNCATE later")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("GRANT DELETE ON audit_entry TO {role}", "能改删只增不改的表 audit_entry"),
        ("GRANT TRUNCATE ON workflow_statechange TO {role}", "workflow_statechange"),
        ("ALTER TABLE audit_seal OWNER TO {role}", "所有者"),
        ("GRANT CREATE ON SCHEMA public TO {role}", "能建账号、建表"),
        ("ALTER ROLE {role} SUPERUSER", "超级用户"),
    ],
)
def test_check_finds_a_right_too_many(role: str, sql: str, words: str) -> None:
    call_command("grant_runtime", role, check=True)

    execute(sql.format(role=role))

    with pytest.raises(CommandError, match=words):
        call_command("grant_runtime", role, check=True)
    if "OWNER" in sql:
        execute("ALTER TABLE audit_seal OWNER TO CURRENT_USER")
