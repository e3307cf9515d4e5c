"""The bench's own PostgreSQL: the tests' starter, on a port of its own, gone when the bench ends."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from tests.plumbing import cluster as clusters
from tests.plumbing import databases

_numbers = itertools.count(1)


@contextlib.contextmanager
def running() -> Iterator[clusters.Cluster]:
    """Start the server; stop it and remove what it kept at the end."""
    folder = Path(tempfile.mkdtemp(prefix="qingfeng-bench-"))
    server = databases.shared_cluster(folder, os.getpid())
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def fresh(server: clusters.Cluster) -> Iterator[databases.Database]:
    """Point Django at a migrated, empty database of the server, and yield it; drop it at the end."""
    name = f"bench_{next(_numbers)}"
    server.create(name)
    database = databases.Database("postgresql", server.url(name))
    with databases.switched_to(database):
        yield database
        connection.close()
    server.drop(name)
