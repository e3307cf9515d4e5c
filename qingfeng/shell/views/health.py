"""Whether the platform is well: asked by the supervisor, answered without a session and without detail."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from qingfeng.core import clock
from qingfeng.core.jobs import queries as jobs

LEAST_FREE = 200 * 1024 * 1024
"""Bytes that must be free where files are stored."""


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 where database, worker and storage are well, else 503."""
    database, worker = _database_and_worker()
    found = {"database": database, "worker": worker, "storage": _is_storage_well(settings.QINGFENG_STORAGE)}
    words = {name: "ok" if is_well else "down" for name, is_well in found.items()}
    return JsonResponse(words, status=200 if all(found.values()) else 503)


def _database_and_worker() -> tuple[bool, bool]:
    with contextlib.suppress(DatabaseError, InterfaceError):
        return True, jobs.is_worker_alive(clock.now())
    return False, False


def _is_storage_well(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"well")
        return shutil.disk_usage(folder).free >= LEAST_FREE
    except OSError:
        return False
