"""A consistent copy of a running SQLite database, what it holds, and the way back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import facts, manifest
from qingfeng.shell.backups.manifest import Contents, Facts, Table

DUMP = "database.sqlite3"
WAIT_SECONDS = 60


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        yield made
    finally:
        made.close()


def _place() -> Path:
    return Path(connection.settings_dict["NAME"])


def dump(folder: Path) -> tuple[Contents, Facts]:
    """Copy the database into the folder in one step, and read from the copy what it holds.

    Raises Refused where the disk does not take it.
    """
    target = folder / DUMP
    try:
        with opened(_place()) as source, opened(target) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            held = contents_of(copy)
            return held, facts.of(copy, held)
    except sqlite3.Error as failed:
        raise Refused(f"数据库没有复制完：{failed}。请检查备份位置的剩余空间") from None


def contents() -> Contents:
    """Return what the platform's database holds now."""
    with opened(_place()) as source:
        source.execute("BEGIN")
        return contents_of(source)


def contents_of(source: sqlite3.Connection) -> Contents:
    names = [row[0] for row in source.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )]  # fmt: skip
    state = manifest.sm3()
    for row in source.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"):
        state.update(repr(row).encode())
    sequences = dict(source.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
    tables = {name: _table(source, name) for name in names}
    return Contents(f"SQLite {sqlite3.sqlite_version}", tables, sequences, state.hexdigest())


def _table(source: sqlite3.Connection, name: str) -> Table:
    about = source.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [row[1] for row in sorted(about, key=lambda row: int(row[5])) if row[5]] or [
        row[1] for row in about
    ]
    order = ", ".join(f'"{key}"' for key in keys)
    state, rows = manifest.sm3(), 0
    for row in source.execute(f'SELECT * FROM "{name}" ORDER BY {order}'):  # noqa: S608 -- names of our own tables
        state.update(repr(row).encode())
        rows += 1
    return Table(rows, state.hexdigest())


def check(folder: Path, expected: Contents) -> list[str]:
    """Return what is wrong with the copy: its pages, or any table that is not as the manifest says."""
    try:
        with opened(folder / DUMP) as copy:
            found: str = copy.execute("PRAGMA integrity_check").fetchone()[0]
            faults = [] if found == "ok" else [f"数据库副本已损坏：{found}"]
            return faults + facts.differences(expected, contents_of(copy))
    except sqlite3.Error as failed:
        return [f"数据库副本打不开：{failed}"]


def is_empty() -> bool:
    """Say whether the platform's database has no table."""
    with opened(_place()) as target:
        return not target.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def load(folder: Path) -> None:
    """Copy the backup into the platform's empty database, in one transaction."""
    try:
        with opened(folder / DUMP) as copy, opened(_place()) as target:
            copy.backup(target)
    except sqlite3.Error as failed:
        raise Refused(f"数据库没有恢复：{failed}") from None
