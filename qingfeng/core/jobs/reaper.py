"""Give back the jobs of workers that died: killed, out of memory, without power."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from qingfeng.core import events, jobs
from qingfeng.core.jobs.events import JobEnded
from qingfeng.core.models import Job, JobStatus, WorkerBeat

LEASE = dt.timedelta(seconds=60)
"""A worker beats every few seconds; after so long without a sign its job is given to another."""
GONE = "执行进程中断了 {} 次，没有继续尝试。请核对数据量和服务器内存，再点“重试”。"


def reap(now: dt.datetime, lease: dt.timedelta = LEASE) -> int:
    """Queue again every open job whose attempt is dead; return how many. Two workers may reap at once."""
    candidates = Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    rows = candidates.values_list("pk", "status", "task_id", "progress__heartbeat_at", "run_after")
    states = _queue_states(row[2] for row in rows)
    dead = [
        pk
        for pk, status, task_id, heartbeat, run_after in rows
        if _is_dead(status, states.get(task_id), heartbeat, now - lease, run_after)
    ]
    return sum(_give_back(pk, now, lease) for pk in dead)


def _queue_states(ids: Iterable[object]) -> dict[object, tuple[str, dt.datetime | None]]:
    found = DBTaskResult.objects.filter(pk__in=[i for i in ids if i]).values_list(
        "pk", "status", "started_at"
    )
    return {pk: (status, started) for pk, status, started in found}


def _is_dead(
    status: str,
    queued: tuple[str, dt.datetime | None] | None,
    heartbeat: dt.datetime,
    limit: dt.datetime,
    run_after: dt.datetime,
) -> bool:
    if status == JobStatus.RUNNING:
        return heartbeat < limit
    if queued is None:  # the queue's row is gone
        return run_after < limit
    taken, started = queued
    return taken != "READY" and (started is None or started < limit)


@transaction.atomic
def _give_back(pk: int, now: dt.datetime, lease: dt.timedelta) -> bool:
    """Look again under the job's lock; a job whose row is locked is in the middle of a step, so alive."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None or not job.is_open:
        return False
    states = _queue_states([job.task_id])
    if not _is_dead(
        job.status, states.get(job.task_id), job.progress.heartbeat_at, now - lease, job.run_after
    ):
        return False
    known = jobs.HANDLERS.get(job.slug)
    stale = DBTaskResult.objects.filter(pk__in=[job.task_id], status="RUNNING")
    stale.update(status="FAILED", finished_at=now)
    if known is not None and job.attempts >= known.max_attempts:
        job.status, job.finished_at, job.error = JobStatus.FAILED, now, GONE.format(job.attempts)
        job.token = ""
        job.save(update_fields=["status", "finished_at", "error", "token"])
        events.publish(JobEnded(job.pk, job.by_id, is_done=False))
        return False
    job.status, job.run_after = JobStatus.QUEUED, now
    job.save(update_fields=["status"])
    job.progress.heartbeat_at = now
    job.progress.save(update_fields=["heartbeat_at"])
    jobs.dispatch(job)
    return True


def beat(worker: str, started_at: dt.datetime, now: dt.datetime) -> None:
    """Say that a worker lives."""
    WorkerBeat.objects.update_or_create(
        worker=worker, defaults={"seen_at": now}, create_defaults={"started_at": started_at, "seen_at": now}
    )


def leave(worker: str) -> None:
    WorkerBeat.objects.filter(worker=worker).delete()


def forget_dead(before: dt.datetime) -> None:
    """Drop the signs of workers that were killed long ago."""
    WorkerBeat.objects.filter(seen_at__lt=before).delete()
