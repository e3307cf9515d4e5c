"""What a backup notes beside the rows, and how two databases are told apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from qingfeng.shell.backups.manifest import Contents, Facts


class Source(Protocol):
    """A connection of a database driver: `execute` gives something to fetch from."""

    def execute(self, query: Any, /) -> Any: ...


MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
SEAL = "SELECT sequence, digest FROM audit_seal ORDER BY sequence DESC LIMIT 1"
ENTRIES = "SELECT count(*) FROM audit_entry"
OPEN_URNS = "SELECT count(*) FROM ballots_urn WHERE state IN ('open', 'closed')"
FILES = "SELECT digest FROM documents_storedfile ORDER BY digest"


def of(source: Source, contents: Contents) -> Facts:
    """Read the facts in the transaction that the source stands in.

    Before an upgrade is migrated, a table that the new version has may not be there.
    """
    seal = source.execute(SEAL).fetchone() or (0, "")
    return Facts(
        migrations=[f"{app}.{name}" for app, name in source.execute(MIGRATIONS).fetchall()],
        audit={"sequence": seal[0], "digest": seal[1], "entries": _count(source, ENTRIES)},
        files=[row[0] for row in source.execute(FILES).fetchall()],
        open_urns=_count(source, OPEN_URNS) if "ballots_urn" in contents.tables else 0,
    )


def _count(source: Source, query: str) -> int:
    return int(source.execute(query).fetchone()[0])


def differences(expected: Contents, found: Contents) -> list[str]:
    """Say in which tables, counters and structures the found database is not the expected one.

    A counter may stand further on than the manifest says: PostgreSQL counts outside of transactions.
    """
    faults = [f"多出表 {name}" for name in sorted(found.tables.keys() - expected.tables.keys())]
    for name, table in expected.tables.items():
        there = found.tables.get(name)
        if there is None:
            faults.append(f"缺少表 {name}")
        elif there.rows != table.rows:
            faults.append(f"表 {name} 应有 {table.rows} 行，实有 {there.rows} 行")
        elif there != table:
            faults.append(f"表 {name} 行数相符，内容不符")
    faults += [
        f"序列 {name} 应不小于 {value}，实为 {found.sequences.get(name)}"
        for name, value in expected.sequences.items()
        if found.sequences.get(name, -1) < value
    ]
    if expected.structure != found.structure:
        faults.append("表结构（列、约束、索引、触发器）不符")
    return faults


def known_migrations(applied: Iterable[str], on_disk: Iterable[str]) -> list[str]:
    """Return what was applied and is not known here: the backup is of a newer version."""
    known = set(on_disk)
    return [name for name in applied if name not in known]
