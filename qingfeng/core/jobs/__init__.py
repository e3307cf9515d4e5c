"""Durable background jobs: `@jobs.handler("kind")` declares one, `jobs.enqueue(...)` asks for it.

    @jobs.handler("organizations.import")
    def import_units(run: Run) -> str:
        actions.import_units(file_id=run.args["file_id"], by=…, at=clock.now())
        return "已导入 96 个单位"

The handler runs in one transaction together with the mark that it is done: its effect happens once, whatever
dies when. Long work is declared `stepwise=True` and does each part in `with run.step(position):`, which
stores where to go on in the same transaction. `progress.advance(...)` shows how far it is. ADR 0004.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict
from qingfeng.core.jobs import running
from qingfeng.core.models import CronSlot, Job, JobProgress, JobStatus

ASKED, ROUTINE = "default", "routine"
"""The queues: what people ask for, and what is scheduled, in a lane of its own so that neither waits."""
HANDLERS: dict[str, running.Handler] = {}
"""Every kind of job by its slug; filled when the apps' `tasks` modules are loaded (`shell/wiring.py`)."""


def handler(
    slug: str, *, stepwise: bool = False, max_attempts: int = 5
) -> Callable[[running.Body], running.Body]:
    """Make a function of a `running.Run` the handler of a kind of job. Raises ValueError on a second one."""

    def register(body: running.Body) -> running.Body:
        known = HANDLERS.get(slug)
        if known is not None and known.body is not body:
            raise ValueError(f"{slug} has a handler already")
        HANDLERS[slug] = running.Handler(slug, body, stepwise, max_attempts)
        return body

    return register


def enqueue(
    slug: str,
    *,
    title: str,
    args: dict[str, Any] | None = None,
    by: Actor | None = None,
    delay: dt.timedelta = dt.timedelta(0),
    is_routine: bool = False,
) -> Job:
    """Ask for a job in the caller's transaction: committed and rolled back with it.

    `args` are ids and plain values, never a fact; `title` is for people. Raises KeyError on an unknown slug.
    """
    known = HANDLERS[slug]
    now = clock.now()
    with transaction.atomic():
        job = Job.objects.create(
            slug=known.slug,
            title=title,
            args=args or {},
            by_id=by.pk if by else None,
            is_routine=is_routine,
            token=uuid.uuid4().hex,
            created_at=now,
            run_after=now + delay,
        )
        JobProgress.objects.create(job=job, heartbeat_at=now)
        dispatch(job)
    return job


def dispatch(job: Job) -> None:
    """Put a queued job into the queue under a new token; whoever holds an older one has lost it."""
    job.token = uuid.uuid4().hex
    later = job.run_after if job.run_after > clock.now() else None
    queue = ROUTINE if job.is_routine else ASKED
    job.task_id = run.using(run_after=later, queue_name=queue).enqueue(job.pk, job.token).id
    job.save(update_fields=["token", "task_id", "run_after"])


@transaction.atomic
def retry(*, job_id: int, at: dt.datetime) -> Job:
    """Queue a failed job again with all its attempts. Raises `Conflict` where it is not failed any more."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.status != JobStatus.FAILED:
        raise Conflict("这项任务已经不是失败状态，没有重复执行。请刷新页面。")
    job.status, job.attempts, job.run_after, job.finished_at, job.error = JobStatus.QUEUED, 0, at, None, ""
    job.save(update_fields=["status", "attempts", "finished_at", "error"])
    dispatch(job)
    return job


@transaction.atomic
def prune(*, before: dt.datetime) -> int:
    """Forget routine jobs that ended well before a time, and the queue's rows; return how many jobs."""
    old = Job.objects.filter(is_routine=True, status=JobStatus.DONE, finished_at__lt=before)
    ids = list(old.values_list("pk", flat=True))
    for block in (ids[start : start + 500] for start in range(0, len(ids), 500)):
        CronSlot.objects.filter(job_id__in=block).update(job=None)
        JobProgress.objects.filter(job_id__in=block).delete()
        Job.objects.filter(pk__in=block).delete()
    DBTaskResult.objects.filter(finished_at__lt=before).delete()
    return len(ids)


@task()
def run(job_id: int, token: str) -> str:
    """Do one attempt of a job; the queue holds the id and the token, nothing else."""
    return running.perform(job_id, token, HANDLERS, dispatch)
