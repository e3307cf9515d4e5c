"""The worker: lanes that run the queues' tasks, and a keeper that beats, reaps and starts what is due."""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import secrets
import signal
import socket
import threading
import time
from types import FrameType

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


class Lane(threading.Thread):
    """One queue's tasks, one after another; outlives a database that is away for a while."""

    def __init__(self, queue: str, interval: float) -> None:
        super().__init__(name=f"lane-{queue}")
        self.is_broken = False
        self.worker = QueueWorker(
            queue_names=[queue], interval=interval, batch=False, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=_name(), excluded_queue_names=[],
        )  # fmt: skip

    def stop(self) -> None:
        """End after the current task, or after its current step."""
        self.worker.running = False

    def run(self) -> None:
        while self.worker.running:
            try:
                self.worker.run()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("%s: %s, trying again", self.name, type(error).__name__)
                connection.close()
                running.STOPPING.wait(3)
            except Exception:
                self.is_broken = True
                raise
        connection.close()


class Signals:
    """The first signal ends every lane between two tasks or steps; a second one ends the process at once."""

    def __init__(self, lanes: list[Lane]) -> None:
        self.lanes = lanes
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if running.STOPPING.is_set():
            os._exit(1)
        running.STOPPING.set()
        for lane in self.lanes:
            lane.stop()


def serve(
    *, interval: float = 1.0, tick: float = 5.0, lease: dt.timedelta = reaper.LEASE, lanes: int = 2
) -> bool:
    """Work until a signal comes; return False where a lane broke. Several workers may run beside one another.

    What people ask for runs in so many lanes, and what is scheduled in a lane of its own, so that a long job
    holds up neither the next nor the sealing of the audit book.
    """
    threads = [Lane(jobs.ASKED, interval) for _ in range(lanes)] + [Lane(jobs.ROUTINE, interval)]
    Signals(threads)
    keeper = Keeper(_name(), tick, lease)
    for thread in (keeper, *threads):
        thread.start()
    try:
        while any(lane.is_alive() for lane in threads) and not any(lane.is_broken for lane in threads):
            time.sleep(0.2)
    finally:
        running.STOPPING.set()
        for lane in threads:
            lane.stop()
            lane.join()
        keeper.ended.set()
        keeper.join(timeout=10)
        reaper.leave(keeper.worker_name)
    return not any(lane.is_broken for lane in threads)


def drain() -> None:
    """Do everything that waits in the queue now, in this process and transaction, and return."""
    worker = QueueWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=_name(), excluded_queue_names=[],
    )  # fmt: skip
    while True:
        with exclusive_transaction():
            found = DBTaskResult.objects.ready().get_locked()
            if found is None:
                return
            found.claim(worker.worker_id)
        worker.run_task(found)
