"""The worker: runs the queue's tasks, and beside them a keeper that beats, reaps and starts what is due."""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import secrets
import socket
import threading
import time
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from qingfeng.core import clock, jobs
from qingfeng.core.jobs import cron, reaper, running
from qingfeng.core.models import JobProgress

logger = logging.getLogger("qingfeng.jobs")
KEPT = dt.timedelta(days=7)


def _name() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


class Keeper(threading.Thread):
    """Every few seconds: a sign of life for worker and job, dead jobs given back, due jobs started."""

    def __init__(self, name: str, tick: float, lease: dt.timedelta) -> None:
        super().__init__(daemon=True)
        self.worker_name, self.tick, self.lease = name, tick, lease
        self.started_at = clock.now()
        self.ended = threading.Event()
        self.pruned_at = self.started_at

    def run(self) -> None:
        while not self.ended.is_set():
            close_old_connections()
            self.once()
            self.ended.wait(self.tick * random.uniform(0.8, 1.2))  # noqa: S311 -- two workers do not march in step
        connection.close()

    def once(self) -> None:
        """Do one round; a database that is away or locked is met again in the next."""
        try:
            now = clock.now()
            reaper.beat(self.worker_name, self.started_at, now)
            for job_id, token in tuple(running.active):
                JobProgress.objects.filter(pk=job_id, job__token=token).update(heartbeat_at=now)
            reaper.reap(now, self.lease)
            cron.start_due(now)
            self._prune(now)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("keeper: %s", type(error).__name__)

    def _prune(self, now: dt.datetime) -> None:
        if now - self.pruned_at < dt.timedelta(hours=1):
            return
        jobs.prune(before=now - KEPT)
        cron.forget(now - KEPT)
        reaper.forget_dead(now - KEPT)
        self.pruned_at = now


class Worker(QueueWorker):
    """The queue's worker, which ends between two tasks and outlives a database that is away for a while."""

    def __init__(self, *, interval: float = 1.0) -> None:
        super().__init__(
            queue_names=["default"], interval=interval, batch=False, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=_name(), excluded_queue_names=[],
        )  # fmt: skip

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End after the current task, or after its current step; a second signal ends at once."""
        if not self.running:
            super().shutdown(signum, frame)
        self.running = False
        running.STOPPING.set()


def serve(*, interval: float = 1.0, tick: float = 5.0, lease: dt.timedelta = reaper.LEASE) -> None:
    """Work until a signal comes. Several workers may run beside one another, on one machine or more."""
    worker = Worker(interval=interval)
    worker.configure_signals()
    keeper = Keeper(worker.worker_id, tick, lease)
    keeper.start()
    try:
        while worker.running:
            _work(worker)
    finally:
        keeper.ended.set()
        keeper.join(timeout=10)
        reaper.leave(worker.worker_id)


def _work(worker: Any) -> None:
    try:
        worker.run()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("worker: %s, trying again", type(error).__name__)
        connection.close()
        time.sleep(3)


def drain() -> None:
    """Do everything that waits in the queue now, in this process and transaction, and return."""
    worker = Worker()
    while True:
        with exclusive_transaction():
            found = DBTaskResult.objects.ready().get_locked()
            if found is None:
                return
            found.claim(worker.worker_id)
        worker.run_task(found)
