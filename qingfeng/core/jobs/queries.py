from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.jobs import cron
from qingfeng.core.models import CronSlot, Job, WorkerBeat
from qingfeng.core.roles import Role

ALIVE = dt.timedelta(seconds=60)


def visible_to(user: Actor) -> QuerySet[Job]:
    """Return every job to the system administrator, his own to anybody else."""
    rows = Job.objects.select_related("progress")
    return rows if user.holds(Role.SYSTEM_ADMIN) else rows.filter(by_id=user.pk)


def newest(slug: str) -> Job | None:
    """Return the job of a kind that was asked for last."""
    return Job.objects.select_related("progress").filter(slug=slug).order_by("-pk").first()


def is_worker_alive(now: dt.datetime) -> bool:
    return WorkerBeat.objects.filter(seen_at__gte=now - ALIVE).exists()


@dataclass(frozen=True)
class Due:
    """A line of the schedule as the page shows it."""

    slug: str
    title: str
    words: str
    next_at: dt.datetime
    last: Job | None


def schedule() -> list[Due]:
    """Return every scheduled job with its next time and its last run."""
    now = clock.now()
    last = _last_jobs(cron.LINES)
    return [
        Due(line.slug, line.title, line.schedule.words, line.schedule.next(now), last.get(line.slug))
        for line in cron.LINES.values()
    ]


def _last_jobs(names: Iterable[str]) -> dict[str, Job]:
    found = {}
    for name in names:
        slots = CronSlot.objects.filter(name=name, job__isnull=False).select_related("job__progress")
        slot = slots.order_by("-slot").first()
        if slot is not None and slot.job is not None:
            found[name] = slot.job
    return found
