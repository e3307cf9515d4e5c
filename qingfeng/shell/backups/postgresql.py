"""A consistent copy of a running PostgreSQL database by the server's own tools, and the way back.

`pg_dump` reads the very snapshot in which rows are counted and digested, while writers go on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import facts, manifest
from qingfeng.shell.backups.manifest import Contents, Facts, Table

DUMP = "database.dump"
ROW_TEXT = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL intervalstyle = 'iso_8601'",
)
"""What the text of a row depends on besides the row."""
TABLES = """
SELECT c.oid::bigint, c.relname FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname COLLATE "C"
"""
KEYS = """
SELECT a.attname, t.typcollation <> 0 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
AND (i.indexrelid IS NULL OR a.attnum = ANY (i.indkey))
ORDER BY array_position(i.indkey::int[], a.attnum::int), a.attnum"""
SEQUENCES = """
SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace
ORDER BY relname"""
STRUCTURE = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p', 'v') "
    "AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = current_schema()::regnamespace",
    "SELECT conrelid::regclass::text, conname, contype FROM pg_constraint "
    "WHERE connamespace = current_schema()::regnamespace",
    "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()",
    "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(t.oid) FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal "
    "AND c.relnamespace = current_schema()::regnamespace",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
)
"""Names and shapes of everything, and the whole text of triggers and functions. The text of a constraint is
not there: PostgreSQL writes it in other words after it was dumped and loaded."""


@contextlib.contextmanager
def opened() -> Iterator[psycopg.Connection[Any]]:
    """Open a connection of our own, in one transaction that sees one moment and writes nothing."""
    about = connection.settings_dict
    with psycopg.connect(
        dbname=about["NAME"], user=about["USER"] or None, password=about["PASSWORD"] or None,
        host=about["HOST"] or None, port=about["PORT"] or None,
    ) as made:  # fmt: skip
        made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        made.read_only = True
        for statement in ROW_TEXT:
            made.execute(statement.encode())
        yield made


def dump(folder: Path) -> tuple[Contents, Facts]:
    """Dump the database into the folder, and read in the same snapshot what it holds.

    Raises Refused where the tool is missing, too old, or did not finish.
    """
    with opened() as source:
        tool = _tool("pg_dump", source.info.server_version // 10000)
        row = source.execute("SELECT pg_export_snapshot()").fetchone()
        before = _sequences(source)
        _run([tool, "--format=custom", f"--snapshot={row[0] if row else ''}", f"--file={folder / DUMP}"])
        held = _contents(source, before)
        return held, facts.of(source, held)


def contents() -> Contents:
    """Return what the platform's database holds now."""
    with opened() as source:
        return _contents(source, _sequences(source))


def _contents(source: psycopg.Connection[Any], sequences: dict[str, int]) -> Contents:
    tables = {name: _table(source, oid, name) for oid, name in source.execute(TABLES.encode()).fetchall()}
    state = manifest.sm3()
    for query in STRUCTURE:
        for row in sorted(map(repr, source.execute(query.encode()).fetchall())):
            state.update(row.encode())
    server = f"PostgreSQL {source.info.server_version // 10000}.{source.info.server_version % 10000}"
    return Contents(server, tables, sequences, state.hexdigest())


def _table(source: psycopg.Connection[Any], oid: int, name: str) -> Table:
    keys = source.execute(KEYS.encode(), [oid]).fetchall()
    order = [
        sql.SQL('{} COLLATE "C"' if is_text else "{}").format(sql.Identifier(key)) for key, is_text in keys
    ]
    rows = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(
        sql.Identifier(name), sql.SQL(", ").join(order)
    )
    state = manifest.sm3()
    with source.cursor() as cursor:
        with cursor.copy(rows) as copied:
            for block in copied:
                state.update(block)
        return Table(cursor.rowcount, state.hexdigest())


def _sequences(source: psycopg.Connection[Any]) -> dict[str, int]:
    found = {}
    for (name,) in source.execute(SEQUENCES.encode()).fetchall():
        row = source.execute(sql.SQL("SELECT last_value FROM {}").format(sql.Identifier(name))).fetchone()
        found[name] = int(row[0]) if row else 0
    return found


def check(folder: Path, expected: Contents) -> list[str]:
    """Return what is wrong with the dump as far as its own list of contents tells: a table without data."""
    try:
        listed = _run([_tool("pg_restore", 0), "--list", str(folder / DUMP)])
    except Refused as refusal:
        return list(refusal.sentences)
    held = {
        line.split(" TABLE DATA ")[1].split()[1] for line in listed.splitlines() if " TABLE DATA " in line
    }
    return [f"数据库转储中没有表 {name}" for name in expected.tables if name not in held]


def is_empty() -> bool:
    """Say whether the platform's database has no table, view or sequence."""
    with opened() as target:
        row = target.execute(
            b"SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        ).fetchone()
        return row == (0,)


def load(folder: Path) -> None:
    """Load the backup into the platform's empty database, in one transaction; raises Refused."""
    with opened() as target:
        tool = _tool("pg_restore", target.info.server_version // 10000)
    name = connection.settings_dict["NAME"]
    _run([tool, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments",
          f"--dbname={name}", str(folder / DUMP)])  # fmt: skip


def _tool(name: str, server: int) -> str:
    """Return the program: of the named folder, the server's own version, or the newest on the path."""
    named: str = settings.QINGFENG_PG_BIN
    own = shutil.which(name, path=named or f"/usr/lib/postgresql/{server}/bin")
    found = own or (None if named else shutil.which(name))
    if found is None:
        raise Refused(
            f"找不到 {name}。请安装与数据库服务器同版本的客户端（Debian：postgresql-client-{server or 15}），"
            "或用 QINGFENG_PG_BIN 写明它所在的文件夹"
        )
    return found


def _run(command: list[str]) -> str:
    """Run a tool on the platform's database, its password in the environment and in no process list."""
    about = connection.settings_dict
    named = {"PGDATABASE": about["NAME"], "PGUSER": about["USER"], "PGPASSWORD": about["PASSWORD"],
             "PGHOST": about["HOST"], "PGPORT": about["PORT"]}  # fmt: skip
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **{key: value for key, value in named.items() if value}}
    made = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    if made.returncode:
        words = made.stderr.strip().splitlines() or [f"返回 {made.returncode}"]
        raise Refused(f"{Path(command[0]).name} 没有完成：{words[-1]}")
    return made.stdout
