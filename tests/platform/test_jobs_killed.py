"""A worker killed in mid-job loses nothing and doubles nothing: real processes, both databases."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from config.environment import ROOT
from qingfeng.audit.models import Entry
from qingfeng.core import jobs
from qingfeng.core.models import Job, JobProgress, JobStatus, WorkerBeat
from tests.platform import handlers
from tests.plumbing.databases import Database

SERVE = """
import datetime, sys
import django
django.setup()
import tests.platform.handlers
from qingfeng.core.jobs import worker
worker.serve(interval=0.1, tick=0.3, lease=datetime.timedelta(seconds=float(sys.argv[1])))
"""


@contextlib.contextmanager
def worker(database: Database, folder: object, lease: float) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker process on the database; it is gone at the end, whatever happened."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(lease)],
        cwd=ROOT, env={**database.environment, "QINGFENG_STATE": str(folder)},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, "it did not come in time"
        time.sleep(0.05)


def steps_done() -> Counter[int]:
    return Counter(Entry.objects.filter(action="step").values_list("detail__n", flat=True))


def is_done(job: Job) -> bool:
    return Job.objects.get(pk=job.pk).status == JobStatus.DONE


def test_killed_in_a_long_job_goes_on_where_it_stood(each_db, tmp_path) -> None:
    job = jobs.enqueue("test.steps", title="试", args={"seconds": 0.1})

    with worker(each_db, tmp_path, lease=1) as first:
        wait_for(lambda: sum(steps_done().values()) >= 5)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    before = sum(steps_done().values())
    with worker(each_db, tmp_path, lease=1):
        wait_for(lambda: is_done(job))

    job.refresh_from_db()
    assert 5 <= before < handlers.STEPS
    assert steps_done() == Counter(range(handlers.STEPS))
    assert job.attempts == 2


def test_killed_in_one_transaction_leaves_nothing_and_is_done_once(each_db, tmp_path) -> None:
    job = jobs.enqueue("test.whole", title="试", args={"seconds": 1.5})

    with worker(each_db, tmp_path, lease=1) as first:
        wait_for(lambda: Job.objects.get(pk=job.pk).status == JobStatus.RUNNING)
        time.sleep(0.4)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    after_kill = Entry.objects.filter(action="whole").count()
    with worker(each_db, tmp_path, lease=1):
        wait_for(lambda: is_done(job))

    assert after_kill == 0
    assert Entry.objects.filter(action="whole").count() == 2


def test_two_workers_share_many_jobs_and_do_each_once(each_db, tmp_path) -> None:
    for number in range(12):
        jobs.enqueue("test.whole", title=f"第 {number} 项", args={"seconds": 0.01})

    with worker(each_db, tmp_path, lease=30), worker(each_db, tmp_path, lease=30):
        wait_for(lambda: not Job.objects.exclude(status=JobStatus.DONE).exists())

    assert Entry.objects.filter(action="whole").count() == 24


def test_stopped_worker_hands_back_and_leaves_the_list(each_db, tmp_path) -> None:
    job = jobs.enqueue("test.steps", title="试", args={"seconds": 0.1})

    with worker(each_db, tmp_path, lease=30) as first:
        wait_for(lambda: sum(steps_done().values()) >= 3)
        assert WorkerBeat.objects.count() == 1
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=20) == 0

    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)
    assert job.position == sum(steps_done().values())
    assert WorkerBeat.objects.count() == 0


def test_long_jobs_hold_up_nothing_that_is_scheduled(each_db, tmp_path) -> None:
    long = [jobs.enqueue("test.steps", title="试", args={"seconds": 0.5}) for _ in range(3)]
    routine = jobs.enqueue("test.whole", title="例行", is_routine=True)

    with worker(each_db, tmp_path, lease=30):
        wait_for(lambda: is_done(routine))
        unfinished = [is_done(job) for job in long]

    assert unfinished == [False, False, False]


@pytest.mark.postgres
def test_progress_inside_the_transaction_is_seen_while_it_runs(postgres_db, tmp_path) -> None:
    job = jobs.enqueue("test.whole", title="试", args={"seconds": 3})

    with worker(postgres_db, tmp_path, lease=30):
        wait_for(lambda: JobProgress.objects.get(job=job).sentence == "写了一半")
        still_running = Job.objects.get(pk=job.pk).status == JobStatus.RUNNING

    assert still_running
