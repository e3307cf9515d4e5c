"""Migrated templates, made once and kept between runs; copies of them; and Django pointed at a copy.

The templates are kept in a folder of the temp directory under a fingerprint of every migration, so that a
second run starts at once and a changed migration makes a new template.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from config import environment
from tests.plumbing import cluster as clusters

KEPT = 4
"""Templates of each dialect that stay in the cache; the oldest go."""


@dataclass(frozen=True)
class Database:
    """A database of a test's own: its vendor, and the URL that a process started by the test is given."""

    vendor: str
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a child process that works on this database."""
        return {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "config.settings"}


def fingerprint() -> str:
    """Return a digest of every installed app's migrations and of the SQL they install."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda item: item.name):
        folders = [Path(config.path) / "migrations", Path(config.path) / "append_only"]
        for path in sorted(file for folder in folders for file in folder.glob("*.py")):
            digest.update(f"{config.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def cache() -> Path:
    """Return the folder of templates, ours alone (the server's account may pass through it)."""
    path = Path(tempfile.gettempdir()) / f"qingfeng-tests-{os.geteuid()}"
    path.mkdir(mode=0o711, exist_ok=True)
    if path.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{path} belongs to somebody else")
    return path


def _forget_old(pattern: str) -> None:
    found = sorted(cache().glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[KEPT:]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _configuration(url: str) -> dict[str, Any]:
    with mock.patch.dict(os.environ, {"DATABASE_URL": url}):
        made = environment.database(Path(tempfile.gettempdir()))
    options: dict[str, Any] = dict(made.get("OPTIONS") or {})  # type: ignore[call-overload]
    if "init_command" in options:  # a test machine may lose power
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    configured: dict[str, Any] = connections.configure_settings(
        {DEFAULT_DB_ALIAS: {**made, "OPTIONS": options}}
    )
    return dict(configured[DEFAULT_DB_ALIAS])


def _point_at(configuration: dict[str, Any]) -> None:
    connections[DEFAULT_DB_ALIAS].close()
    del connections[DEFAULT_DB_ALIAS]
    current = connections.settings[DEFAULT_DB_ALIAS]
    current.clear()
    current.update(configuration)
    ContentType.objects.clear_cache()


@contextlib.contextmanager
def switched_to(database: Database) -> Iterator[Database]:
    """Point Django's default connection, in this and every new thread, at a database; restore it after."""
    before = dict(connections.settings[DEFAULT_DB_ALIAS])
    _point_at(_configuration(database.url))
    try:
        yield database
    finally:
        _point_at(before)


def _migrate(database: Database) -> None:
    with switched_to(database):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def sqlite_template() -> Path:
    """Return the migrated SQLite file, made at the first call by one process."""
    path = cache() / f"sqlite-{fingerprint()}.sqlite3"
    with clusters.locked(cache() / "sqlite.lock"):
        if not path.exists():
            building = path.with_suffix(f".{os.getpid()}")
            _migrate(Database("sqlite", f"sqlite:///{building}"))
            building.rename(path)
            _forget_old("sqlite-*.sqlite3")
        path.touch()
    return path


def sqlite_copy(path: Path) -> Database:
    shutil.copyfile(sqlite_template(), path)
    return Database("sqlite", f"sqlite:///{path}")


def _postgres_template(watched: int) -> Path:
    path = cache() / f"postgres-{fingerprint()}"
    with clusters.locked(cache() / "postgres.lock"):
        if not path.exists():
            building = path.with_suffix(f".{os.getpid()}")
            building.mkdir(mode=0o711)
            if clusters.server_user():
                shutil.chown(building, clusters.server_user(), clusters.server_user())
            clusters.initialise(building / "data")
            server = clusters.start(building, watched)
            server.create(clusters.TEMPLATE, template="template1")
            _migrate(Database("postgresql", server.url(clusters.TEMPLATE)))
            server.stop()
            building.rename(path)
            _forget_old("postgres-*")
        os.utime(path)
    return path


def shared_cluster(run: Path, watched: int) -> clusters.Cluster:
    """Return the run's one server, started by the first that asks; it ends with the watched process."""
    state = run / "cluster.json"
    with clusters.locked(run / "cluster.lock"):
        known = clusters.load(state)
        if known is not None:
            return known
        template = _postgres_template(watched)
        folder = Path(tempfile.mkdtemp(prefix="qingfeng-postgres-"))
        folder.chmod(0o711)
        if clusters.server_user():
            shutil.chown(folder, clusters.server_user(), clusters.server_user())
        with clusters.locked(cache() / "postgres.lock"):
            subprocess.run(["cp", "-a", "--", *map(str, template.iterdir()), str(folder)], check=True)
        made = clusters.start(folder, watched)
        clusters.save(made, state)
        return made
