"""Who can write every table, and neither the key file nor the exported heads, is found out and located.

Each attack is verified by the action, and shown to the audit administrator on the page.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from qingfeng.audit import actions, chain, gateways, queries
from qingfeng.audit.append_only import operations
from qingfeng.audit.chain import Break
from qingfeng.audit.models import Entry, Seal
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs import worker
from qingfeng.core.roles import Role
from tests import stories

pytestmark = pytest.mark.django_db
COUNT = 8
TABLES = ("audit_entry", "audit_seal")


@pytest.fixture(autouse=True)
def keys(tmp_path, settings):
    settings.AUDIT_KEY_FILE = tmp_path / "audit.key"
    settings.AUDIT_HEAD_DIR = tmp_path / "heads"


@pytest.fixture
def book() -> list[Entry]:
    """Write and seal two days of the book, the head exported after each."""
    made = []
    for days in (3, 2):
        at = clock.now() - dt.timedelta(days=days)
        made += [actions.record(action=f"act.{days}.{n}", by=SYSTEM, at=at) for n in range(COUNT // 2)]
        actions.seal(at=at)
        actions.export_head(at=at)
    return made


def with_triggers_off(attack: Callable[[Any], None]) -> None:
    """Act as the owner of the tables could."""
    module = operations.DIALECTS[connection.vendor]
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in module.release(table):
                cursor.execute(statement)
        attack(cursor)
        for table in TABLES:
            for statement in operations.statements(connection, table):
                cursor.execute(statement)


def rechained(cursor: Any, key: bytes, start: int) -> None:
    """Make every seal from a sequence on anew, with a key of the attacker's."""
    seals = list(Seal.objects.filter(sequence__gte=start).order_by("sequence"))
    before = Seal.objects.filter(sequence=start - 1).first()
    previous = before.digest if before else chain.START
    for seal in seals:
        entry = Entry.objects.filter(pk=seal.entry_id).values(*chain.FIELDS).get()
        previous = chain.digest(key, previous, seal.sequence, seal.sealed_at, entry)
        cursor.execute("UPDATE audit_seal SET digest = %s WHERE sequence = %s", [previous, seal.sequence])


def alter(cursor: Any) -> None:
    cursor.execute("UPDATE audit_entry SET actor_name = '别人' WHERE action = 'act.2.1'")


def alter_and_rechain(cursor: Any) -> None:
    alter(cursor)
    rechained(cursor, secrets.token_bytes(32), 6)


def rechain_all(cursor: Any) -> None:
    alter(cursor)
    rechained(cursor, secrets.token_bytes(32), 1)


def remove_with_its_seal_and_close_the_gap(cursor: Any) -> None:
    entry = Entry.objects.get(action="act.2.1").pk
    cursor.execute("DELETE FROM audit_entry WHERE id = %s", [entry])
    cursor.execute("DELETE FROM audit_seal WHERE entry_id = %s", [entry])
    for sequence in (7, 8):
        cursor.execute("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", [sequence - 1, sequence])
    rechained(cursor, secrets.token_bytes(32), 6)


def insert_with_a_seal(cursor: Any) -> None:
    """Push the later seals on by one, and put an entry of the attacker's between."""
    for sequence in (8, 7, 6):
        cursor.execute("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", [sequence + 1, sequence])
    made = actions.record(action="forged", by=SYSTEM, at=clock.now() - dt.timedelta(days=2))
    Seal.objects.create(sequence=6, entry_id=made.pk, digest="ab" * 32, sealed_at=made.at)
    rechained(cursor, secrets.token_bytes(32), 6)


def let_the_platform_seal_anew(cursor: Any) -> None:
    """Throw the seals from one on away: the sealing job, which holds the key, makes sound ones."""
    alter(cursor)
    cursor.execute("DELETE FROM audit_seal WHERE sequence >= 6")
    actions.seal(at=clock.now())


def let_the_platform_seal_all_anew(cursor: Any) -> None:
    alter(cursor)
    cursor.execute("DELETE FROM audit_seal")
    actions.seal(at=clock.now())


def cut_the_tail(cursor: Any) -> None:
    cursor.execute("DELETE FROM audit_entry WHERE action LIKE 'act.2.%%'")
    cursor.execute("DELETE FROM audit_seal WHERE sequence > 4")


def empty_both(cursor: Any) -> None:
    for table in TABLES:
        cursor.execute(f"DELETE FROM {table}")


ATTACKS = {
    alter: (Break.ALTERED, 6),
    alter_and_rechain: (Break.ALTERED, 6),
    rechain_all: (Break.ALTERED, 1),
    remove_with_its_seal_and_close_the_gap: (Break.ALTERED, 6),
    insert_with_a_seal: (Break.REORDERED, 6),  # its entry is younger than the next
    let_the_platform_seal_anew: (Break.TRUNCATED, 8),
    let_the_platform_seal_all_anew: (Break.TRUNCATED, 4),
    cut_the_tail: (Break.TRUNCATED, 5),
    empty_both: (Break.TRUNCATED, 1),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack_is_found_located_and_shown(book, attack) -> None:
    assert actions.verify(at=clock.now()).is_sound
    broken, sequence = ATTACKS[attack]
    client = stories.signed_in(stories.user_with(Role.AUDIT_ADMIN))

    with_triggers_off(attack)
    verdict = actions.verify(at=clock.now())
    client.post(reverse("audit:verify"))
    worker.drain()
    page = client.get(reverse("audit:list")).content.decode()

    assert (verdict.broken, verdict.sequence) == (broken, sequence)
    assert f"校验不通过：封存序号 {sequence}" in page
    assert f"此前 {sequence - 1} 条完整" in page


def test_older_state_of_both_tables_is_found_by_the_heads(book) -> None:
    """Bring the tables back to what they were a day before: sound in themselves."""
    older = {table: _rows(table, "sequence <= 4" if table == "audit_seal" else "action LIKE 'act.3.%%'")
             for table in TABLES}  # fmt: skip

    def replay(cursor: Any) -> None:
        empty_both(cursor)
        for table, (columns, rows) in older.items():
            places = ", ".join(["%s"] * len(columns))
            for row in rows:
                cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", row)

    with_triggers_off(replay)
    read, broken, _ = chain.verify(
        gateways.read_key(may_create=False), queries.links(4, None), gateways.read_heads()[:1]
    )
    verdict = actions.verify(at=clock.now())

    assert (read, broken) == (4, None)
    assert (verdict.broken, verdict.links, verdict.sequence) == (Break.TRUNCATED, 4, 5)


def _rows(table: str, condition: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {condition}")
        rows = cursor.fetchall()
        return [column[0] for column in cursor.description], rows


def test_nothing_that_the_database_holds_is_the_key(book, settings) -> None:
    """Try every text, number and digest of every table as the key of the first link."""
    first = Seal.objects.get(sequence=1)
    entry = Entry.objects.filter(pk=first.entry_id).values(*chain.FIELDS).get()
    tried = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for value in {str(cell) for row in cursor.fetchall() for cell in row}:
                for key in _keys(value):
                    tried += 1
                    made = chain.digest(key, chain.START, 1, first.sealed_at, entry)
                    assert made != first.digest, table

    own = bytes.fromhex(settings.AUDIT_KEY_FILE.read_text())
    assert tried > 100
    assert chain.digest(own, chain.START, 1, first.sealed_at, entry) == first.digest


def _keys(value: str) -> list[bytes]:
    made = [value.encode()] if value else []
    if re.fullmatch(r"(?:[0-9a-f]{2})+", value):
        made.append(bytes.fromhex(value))
    return made


def test_every_model_of_the_book_is_append_only() -> None:
    models = apps.get_app_config("audit").get_models()

    assert all(getattr(model, "append_only", False) for model in models)
