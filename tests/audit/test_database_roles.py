"""The rights that docs/operations.md gives the services on PostgreSQL: enough to work, too few to tamper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction

from config.environment import ROOT
from qingfeng.audit import actions
from qingfeng.core.actors import SYSTEM

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
pytestmark = [pytest.mark.postgres]


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def as_service(postgres_db, tmp_path, settings) -> Iterator[None]:
    """Run the documented lines, and go on as the role of the services."""
    settings.AUDIT_KEY_FILE, settings.AUDIT_HEAD_DIR = tmp_path / "audit.key", tmp_path / "heads"
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    block = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)[0]
    lines = [line.split("--")[0].strip() for line in block.splitlines()]
    grants = [line for line in lines if line.startswith(("GRANT", "REVOKE"))]
    assert len(grants) == 4
    for line in ["CREATE ROLE qingfeng_app LOGIN", *grants, "SET ROLE qingfeng_app"]:
        execute(line)
    yield
    for line in ["RESET ROLE", "DROP OWNED BY qingfeng_app", "DROP ROLE qingfeng_app"]:
        execute(line)


def test_service_writes_seals_and_verifies(as_service) -> None:
    for _ in range(3):
        actions.record(action="sign_in", by=SYSTEM, at=NOON)

    made = [actions.seal(at=NOON, limit=2), actions.seal(at=NOON, limit=2)]

    assert made == [2, 1]
    assert actions.verify(at=NOON).is_sound


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor_name = 'other'",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_change ON audit_entry",
    ],
)
def test_service_may_neither_change_the_book_nor_its_triggers(as_service, sql: str) -> None:
    actions.record(action="sign_in", by=SYSTEM, at=NOON)

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(sql)
