"""How far a job is, shown while it runs: written outside the job's own transaction where the database can.

SQLite has one writer: there, what a job says inside its transaction is shown after the commit, so long work
is stepwise and speaks between its steps. PostgreSQL shows it at once, by a connection beside the job's.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connection, connections, transaction

from qingfeng.core import clock
from qingfeng.core.jobs import running
from qingfeng.core.models import JobProgress

LEAST_SECONDS = 0.5
_state = threading.local()


def advance(done: int, total: int, sentence: str = "") -> None:
    """Say how far the current job is; half a second must lie between two writes, but the last is written.

    Outside a job (a command, a test of an action) it does nothing.
    """
    run = running.current.get()
    if run is None or not _is_due(run.job_id, done, total):
        return
    values = (done, total, sentence[:200])
    if not connection.in_atomic_block:
        _write(run, values)
    elif connection.vendor == "sqlite":
        transaction.on_commit(lambda: _write(run, values))
    else:
        _write_beside(run, values)


def _is_due(job_id: int, done: int, total: int) -> bool:
    last_job, last_time = getattr(_state, "last", (0, 0.0))
    now = time.monotonic()
    if last_job == job_id and now - last_time < LEAST_SECONDS and done < total:
        return False
    _state.last = (job_id, now)
    return True


def _write(run: running.Run, values: tuple[int, int, str]) -> None:
    done, total, sentence = values
    mine = JobProgress.objects.filter(pk=run.job_id, job__token=run.token)
    mine.update(done=done, total=total, sentence=sentence, heartbeat_at=clock.now())


def _write_beside(run: running.Run, values: tuple[int, int, str]) -> None:
    """Write by a second connection, at once; the job's own transaction does not touch the row of progress."""
    beside: Any = connections.create_connection("default")
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE core_jobprogress SET done = %s, total = %s, sentence = %s, heartbeat_at = %s "
                "WHERE job_id = %s AND EXISTS (SELECT 1 FROM core_job WHERE id = job_id AND token = %s)",
                [*values, clock.now(), run.job_id, run.token],
            )
    finally:
        beside.close()
