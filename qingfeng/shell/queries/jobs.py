"""Jobs as the page shows them: in tabs, with names and progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.jobs import queries
from qingfeng.core.models import Job, JobStatus
from qingfeng.shell import rules

OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)
STATES = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
}
TABS: dict[str, tuple[str, Q]] = {
    "open": ("进行中", Q(status__in=OPEN)),
    "failed": ("失败", Q(status=JobStatus.FAILED)),
    "done": ("已完成", Q(status=JobStatus.DONE, is_routine=False)),
    "routine": ("例行已完成", Q(status=JobStatus.DONE, is_routine=True)),
}


@dataclass(frozen=True)
class Row:
    """A job as a table shows it."""

    job: Job
    by: str
    state: str
    words: str
    why_not_retry: str


def visible_to(user: User) -> QuerySet[Job]:
    return queries.visible_to(user)


def of_tab(user: User, tab: str) -> QuerySet[Job]:
    return visible_to(user).filter(TABS[tab][1])


def counts(user: User) -> dict[str, int]:
    """Return how many jobs each tab holds, in one query."""
    counted = {name: Count("pk", filter=condition) for name, (_, condition) in TABS.items()}
    return visible_to(user).aggregate(**counted)


def names(jobs: Iterable[Job]) -> Callable[[Job], str]:
    """Return a function that names who asked for each of the jobs, from one query."""
    ids = {job.by_id for job in jobs if job.by_id}
    known = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return lambda job: known.get(job.by_id or 0, "系统")


def asked_by_a_person(job_id: int) -> tuple[Job, User] | None:
    """Return a job with who asked for it, or None where the schedule or the system did."""
    job = Job.objects.filter(pk=job_id, is_routine=False).first()
    person = User.objects.filter(pk=job.by_id).first() if job is not None and job.by_id else None
    return (job, person) if job is not None and person is not None else None


def rows(user: User, jobs: Iterable[Job]) -> list[Row]:
    found = list(jobs)
    name_of = names(found)
    return [
        Row(
            job, name_of(job), STATES[JobStatus(job.status)], outcome(job), rules.retry_job.why_not(user, job)
        )
        for job in found
    ]


def outcome(job: Job) -> str:
    """Say how a job stands: its result, its error, when it is tried again, or how far it is."""
    if job.status == JobStatus.DONE:
        return job.result
    if job.status == JobStatus.FAILED:
        return job.error
    if job.status == JobStatus.QUEUED and job.error:
        return f"上次没有成功：{job.error} 将在 {clock.spoken(job.run_after)} 之后再试。"
    return job.progress.sentence
