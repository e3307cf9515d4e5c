"""One attempt of a job: claimed by token, done in fenced transactions, tried again with a jittered pause."""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from qingfeng.core import clock, events
from qingfeng.core.errors import Conflict, Denied, FaultyWorkbook, Refused
from qingfeng.core.jobs.events import JobEnded
from qingfeng.core.models import Job, JobProgress, JobStatus

logger = logging.getLogger("qingfeng.jobs")

FIRST_PAUSE = 10.0
LONGEST_PAUSE = 900.0
ONE_WRITER_PAUSE = 0.1
"""SQLite has one writer and no queue for it: between two steps others get their turn."""
STOPPING = threading.Event()
"""Set when the worker is asked to stop: a stepwise job goes back to the queue at its next step."""


@dataclass(frozen=True)
class Result:
    """What a job leaves: a sentence for people, and plain values for the page that asked."""

    sentence: str
    data: dict[str, Any] = field(default_factory=dict)


class GiveUp(Exception):
    """The job cannot be done, and trying again would not help. Carries the sentence for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Lost(Exception):
    """The attempt is no longer the job's: another worker has it, and nothing of this one may be stored."""


class HandBack(Exception):
    """The worker stops: the job goes back to the queue where it stands."""


@dataclass
class Run:
    """What a handler is given: its arguments, and where an earlier attempt stopped."""

    job_id: int
    token: str
    args: dict[str, Any]
    by_id: int | None
    position: Any = None

    @contextlib.contextmanager
    def step(self, position: Any = None) -> Iterator[None]:
        """Do one part in a transaction that counts only while the job is ours, and store where to go on.

        Raises `Lost` where it is not, and `HandBack` where the worker is about to stop.
        """
        if STOPPING.is_set():
            raise HandBack
        with transaction.atomic():
            job = _ours(self.job_id, self.token)
            yield
            if position is not None:
                self.position = position
            job.position = self.position
            job.save(update_fields=["position"])
        if connection.vendor == "sqlite":
            time.sleep(ONE_WRITER_PAUSE)


Body = Callable[[Run], Any]
active: set[tuple[int, str]] = set()
"""The attempts this process is at; the worker's keeper beats for them."""
current: contextvars.ContextVar[Run | None] = contextvars.ContextVar("current_job", default=None)


@dataclass(frozen=True)
class Handler:
    """How a kind of job is done."""

    slug: str
    body: Body
    stepwise: bool
    max_attempts: int


def _ours(job_id: int, token: str) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id, token=token, status=JobStatus.RUNNING).first()
    if job is None:
        raise Lost
    return job


def perform(job_id: int, token: str, handlers: dict[str, Handler], dispatch: Callable[[Job], None]) -> str:
    """Claim the job and do one attempt; return how it ended (for the queue's own record)."""
    run = _claim(job_id, token)
    if run is None:
        return "lost"
    known = handlers.get(Job.objects.only("slug").get(pk=job_id).slug)
    marker = current.set(run)
    active.add((run.job_id, run.token))
    try:
        if known is None:
            raise GiveUp("程序中没有这类任务的处理办法，请联系系统管理员核对版本。")
        _do(run, known)
    except Lost:
        return "lost"
    except HandBack:
        _give_back(run, dispatch)
        return "handed back"
    except Exception as error:
        return _fail(run, known, error, dispatch)
    finally:
        current.reset(marker)
        active.discard((run.job_id, run.token))
    return "done"


@transaction.atomic
def _claim(job_id: int, token: str) -> Run | None:
    job = Job.objects.select_for_update().filter(pk=job_id, token=token, status=JobStatus.QUEUED).first()
    if job is None:
        return None
    now = clock.now()
    job.status, job.started_at = JobStatus.RUNNING, job.started_at or now
    job.attempts += 1
    job.save(update_fields=["status", "started_at", "attempts"])
    JobProgress.objects.filter(pk=job.pk).update(heartbeat_at=now)
    return Run(job.pk, token, job.args, job.by_id, job.position)


def _do(run: Run, known: Handler) -> None:
    if known.stepwise:
        answer = known.body(run)
        with transaction.atomic():
            _finish(_ours(run.job_id, run.token), answer)
        return
    with transaction.atomic():
        job = _ours(run.job_id, run.token)
        answer = known.body(run)
        _finish(job, answer)


def _finish(job: Job, answer: Any) -> None:
    result = answer if isinstance(answer, Result) else Result(str(answer or "完成"))
    job.status, job.finished_at, job.error = JobStatus.DONE, clock.now(), ""
    job.result, job.data = result.sentence[:500], result.data
    job.save(update_fields=["status", "finished_at", "error", "result", "data"])
    events.publish(JobEnded(job.pk, job.by_id, is_done=True))


@transaction.atomic
def _give_back(run: Run, dispatch: Callable[[Job], None]) -> None:
    job = Job.objects.select_for_update().filter(pk=run.job_id, token=run.token).first()
    if job is not None:
        job.status, job.attempts, job.run_after = JobStatus.QUEUED, job.attempts - 1, clock.now()
        job.save(update_fields=["status", "attempts"])
        dispatch(job)


def pause_before(attempt: int) -> dt.timedelta:
    """Return how long to wait after the n-th failed attempt: 10 s, 40 s, 160 s … with half of it random."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** (attempt - 1))
    return dt.timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads load, hides nothing


def _fail(run: Run, known: Handler | None, error: Exception, dispatch: Callable[[Job], None]) -> str:
    sentence, is_final = _sentence_of(error, run.job_id)
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=run.job_id, token=run.token).first()
        if job is None or job.status != JobStatus.RUNNING:
            return "lost"
        job.error = sentence[:500]
        if known is None or is_final or job.attempts >= known.max_attempts:
            job.status, job.finished_at = JobStatus.FAILED, clock.now()
            job.save(update_fields=["status", "error", "finished_at"])
            events.publish(JobEnded(job.pk, job.by_id, is_done=False))
            return "failed"
        job.status, job.run_after = JobStatus.QUEUED, clock.now() + pause_before(job.attempts)
        job.save(update_fields=["status", "error"])
        dispatch(job)
    return "will be tried again"


def _sentence_of(error: Exception, job_id: int) -> tuple[str, bool]:
    """Return the sentence for people, and whether trying again is pointless."""
    if isinstance(error, FaultyWorkbook):
        more = f"，另有 {len(error.faults) - 3} 处" if len(error.faults) > 3 else ""
        return "；".join(str(fault) for fault in error.faults[:3]) + more, True
    if isinstance(error, Refused):
        return "；".join(error.sentences), True
    if isinstance(error, Denied | Conflict | GiveUp):
        return error.sentence, True
    # The exception's text may hold a name or a case fact, so only its class and the places are logged.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job %s failed with %s\n%s", job_id, type(error).__name__, frames)
    return f"程序出错（{type(error).__name__}），详细位置记录在服务器日志，任务编号 {job_id}。", False
