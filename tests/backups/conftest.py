"""A platform with rows and files in it, and empty ones to restore into."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from qingfeng.audit import actions as audit
from qingfeng.core.actors import SYSTEM
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.documents.actions import files
from tests import stories
from tests.plumbing import databases
from tests.plumbing.databases import Database

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def command(name: str, *arguments: Any, **options: Any) -> str:
    """Run a command in this process and return what it printed."""
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def furnish() -> None:
    """Put people, audit lines with their seals, and two files into the platform."""
    user = stories.user_with(Role.CONDUCT_OFFICE)
    for number, words in enumerate(("会议记录", "谈话\t记录\n\\N 二")):
        upload = (f"证明{number}.txt", words.encode())
        files.attach(
            owner=Reference("planted", 7), slot="evidence", title="佐证", upload=upload, by=user, at=NOON
        )
    for number in range(5):
        audit.record(action=f"act.{number}", by=user, at=NOON, detail={"甲": [number, 1.5, None]})
    audit.seal(at=NOON)
    audit.export_head(at=NOON)
    audit.record(action="late", by=SYSTEM, at=NOON)


@contextlib.contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Keep the platform's files, key and heads in a folder."""
    with override_settings(
        STATE_DIR=folder, QINGFENG_STORAGE=folder / "files",
        AUDIT_KEY_FILE=folder / "audit.key", AUDIT_HEAD_DIR=folder / "heads",
    ):  # fmt: skip
        folder.mkdir(exist_ok=True)
        yield


@dataclass(frozen=True)
class Home:
    """A furnished platform: its database, its folder, and a folder for backups beside it."""

    database: Database
    folder: Path
    shelf: Path


@pytest.fixture
def home(each_db: Database, tmp_path: Path) -> Iterator[Home]:
    with kept_in(tmp_path / "home"):
        furnish()
        yield Home(each_db, tmp_path / "home", tmp_path / "shelf")


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[Database], Database]]:
    """Return a maker of a database without any table, of the same kind as another."""
    dropped: list[Callable[[], None]] = []

    def make(like: Database) -> Database:
        number = next(_numbers)
        if like.vendor == "sqlite":
            return Database("sqlite", f"sqlite:///{tmp_path / f'empty-{number}.sqlite3'}")
        server = request.getfixturevalue("postgres_cluster")
        name = f"qf_empty_{tmp_path.name.replace('-', '_')[-30:]}_{number}"
        server.create(name, template="template1")
        dropped.append(lambda: server.drop(name))
        return Database("postgresql", server.url(name))

    yield make
    for drop in dropped:
        drop()


@contextlib.contextmanager
def moved_into(database: Database, folder: Path) -> Iterator[None]:
    """Go on in another platform: its database and its folder."""
    with databases.switched_to(database), kept_in(folder):
        yield
        connection.close()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table of the platform's database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
