"""A PostgreSQL of the tests' own: one cluster for a run, on a port of its own, shared by its workers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.plumbing import programs

USER = "qingfeng"
_socket = socket.socket  # the real one: pytest-socket replaces it during a test
TEMPLATE = "qingfeng_template"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
         "max_connections=120", "shared_buffers=64MB", "log_min_messages=fatal", "timezone=UTC")  # fmt: skip


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file: one process at a time builds what all of them use."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def server_user() -> str:
    """Return the account the server runs as: PostgreSQL refuses root, then Debian's `postgres`."""
    return "postgres" if os.geteuid() == 0 else ""


def _as_server(command: list[str]) -> None:
    user = server_user()
    rights: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **rights)


def _own(path: Path) -> None:
    if server_user():
        shutil.chown(path, server_user(), server_user())


def _program(name: str) -> str:
    folder = programs.postgres_folder()
    if folder is None:
        raise RuntimeError(programs.missing("postgres"))
    return str(folder / name)


def initialise(data: Path) -> None:
    """Make an empty cluster in the folder; its superuser's password is kept beside it."""
    password = data.with_suffix(".password")
    password.write_text(secrets.token_hex(16), encoding="ascii")
    password.chmod(0o600)
    _own(password)
    data.mkdir(mode=0o700)
    _own(data)
    _as_server([
        _program("initdb"), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256",
        f"--username={USER}", f"--pwfile={password}", "--wal-segsize=1", "-D", str(data),
    ])  # fmt: skip


def _free_port() -> int:
    with _socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Cluster:
    """A running server: where it listens, and the process that supervises it."""

    port: int
    password: str
    supervisor: int
    folder: str

    def url(self, name: str) -> str:
        return f"postgresql://{USER}:{quote(self.password)}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run one administrative statement, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, name: str, template: str = TEMPLATE) -> None:
        """Make a database as a copy of a template; nobody may be connected to the template."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server; its folder stays."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.supervisor, signal.SIGTERM)
        for _ in range(300):
            if not (Path(self.folder) / "data/postmaster.pid").exists():
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not stop within 30 seconds")


def start(folder: Path, watched: int) -> Cluster:
    """Start the cluster of `folder/data`, to be stopped when the watched process is gone."""
    port = _free_port()
    command = [_program("postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
    for option in (*QUICK, "listen_addresses=127.0.0.1"):
        command += ["-c", option]
    log = folder / "log"
    guard = [sys.executable, str(Path(__file__).with_name("supervise.py"))]
    answer = subprocess.run(
        [*guard, str(watched), server_user(), str(log), *command], check=True, capture_output=True, text=True
    )
    password = (folder / "data.password").read_text(encoding="ascii")
    made = Cluster(port, password, int(answer.stdout), str(folder))
    for _ in range(200):
        with contextlib.suppress(psycopg.OperationalError):
            made.execute("SELECT 1")
            return made
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")


def save(cluster: Cluster, path: Path) -> None:
    path.write_text(json.dumps(cluster.__dict__), encoding="utf-8")
    path.chmod(0o600)


def load(path: Path) -> Cluster | None:
    return Cluster(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
