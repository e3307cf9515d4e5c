"""The book refuses change, in raw SQL too, on both databases; and every model that says so is protected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from qingfeng.audit import actions
from qingfeng.audit.append_only import operations
from qingfeng.audit.models import Entry, Seal
from qingfeng.core.actors import SYSTEM

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
ROW = (
    "(id, at, actor_name, action, subject_kind, outcome, address, detail) "
    "VALUES (%s, '2026-01-01', 'x', 'x', '', 'done', '', '{}')"
)


def execute(sql: str, *params: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def entry(db) -> Entry:
    return actions.record(action="signed_in", by=SYSTEM, at=NOON)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor_name = 'other'",
        "UPDATE audit_entry SET id = id + 1",
        "DELETE FROM audit_entry",
    ],
)
def test_change_of_an_entry_is_refused(entry: Entry, sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)

    assert Entry.objects.get().actor_name == "系统"


def test_replacement_of_an_entry_is_refused(entry: Entry) -> None:
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO audit_entry {ROW}"
    else:
        statement = f"INSERT INTO audit_entry {ROW} ON CONFLICT (id) DO UPDATE SET actor_name = 'x'"

    with pytest.raises(IntegrityError, match="append-only"):
        execute(statement, entry.pk)

    assert Entry.objects.get().action == "signed_in"


def test_replacement_by_another_unique_column_is_refused(entry: Entry) -> None:
    Seal.objects.create(sequence=1, entry_id=entry.pk, digest="a", sealed_at=NOON)
    values = "(id, sequence, entry_id, digest, sealed_at) VALUES (999, 1, 77, 'b', '2026-01-01')"
    replace = f"INSERT OR REPLACE INTO audit_seal {values}"
    upsert = f"INSERT INTO audit_seal {values} ON CONFLICT (sequence) DO UPDATE SET digest = 'b'"

    with pytest.raises(IntegrityError, match="append-only"):
        execute(replace if connection.vendor == "sqlite" else upsert)

    assert Seal.objects.get().digest == "a"


@pytest.mark.postgres
def test_truncate_is_refused(postgres_db) -> None:
    actions.record(action="signed_in", by=SYSTEM, at=NOON)

    with pytest.raises(IntegrityError, match="append-only"):
        execute("TRUNCATE audit_entry")

    assert Entry.objects.count() == 1


def test_insert_goes_on_after_a_refusal(entry: Entry) -> None:
    with pytest.raises(IntegrityError):
        execute("DELETE FROM audit_entry")

    actions.record(action="signed_out", by=SYSTEM, at=NOON)

    assert Entry.objects.count() == 2


def installed(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(operations.DIALECTS[connection.vendor].INSTALLED, [table])
        return [row[0] for row in cursor.fetchall()]


def expected(table: str) -> list[str]:
    made = [line for line in operations.statements(connection, table) if line.startswith("CREATE TRIGGER")]
    if connection.vendor == "sqlite":
        return sorted(made)
    return sorted(line.split('"')[1] for line in made)


@pytest.mark.django_db
def test_every_append_only_model_has_its_triggers() -> None:
    tables = [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]

    assert len(tables) >= 3
    assert {table: sorted(installed(table)) for table in tables} == {
        table: expected(table) for table in tables
    }


@pytest.mark.django_db
def test_guard_of_triggers_bites_a_table_without_them() -> None:
    assert installed("core_setting") != expected("core_setting")
