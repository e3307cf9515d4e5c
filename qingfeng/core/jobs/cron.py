"""Scheduled jobs: a line says when, and a unique (name, slot) row lets only one worker start each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from qingfeng.core import jobs
from qingfeng.core.models import CronSlot, Job, JobStatus


class Schedule(Protocol):
    """When a line is due."""

    def latest(self, now: dt.datetime) -> dt.datetime:
        """Return the newest due time that is not in the future."""
        ...

    def next(self, now: dt.datetime) -> dt.datetime: ...

    @property
    def words(self) -> str: ...


@dataclass(frozen=True)
class Every:
    """Every so many minutes, counted from midnight UTC."""

    minutes: int

    @property
    def words(self) -> str:
        return f"每 {self.minutes} 分钟" if self.minutes > 1 else "每分钟"

    def latest(self, now: dt.datetime) -> dt.datetime:
        length = self.minutes * 60
        return dt.datetime.fromtimestamp(int(now.timestamp()) // length * length, tz=dt.UTC)

    def next(self, now: dt.datetime) -> dt.datetime:
        return self.latest(now) + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Daily:
    """Every day at a time in China."""

    hour: int
    minute: int = 0

    @property
    def words(self) -> str:
        return f"每天 {self.hour:02d}:{self.minute:02d}"

    def latest(self, now: dt.datetime) -> dt.datetime:
        local = timezone.localtime(now)
        due = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return due if due <= local else due - dt.timedelta(days=1)

    def next(self, now: dt.datetime) -> dt.datetime:
        return self.latest(now) + dt.timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A scheduled job: slug of its handler, title, when, whether it is needed, and what it waits for.

    It does not start while its own last run, or a job of one of the kinds it waits for, is open.
    """

    slug: str
    title: str
    schedule: Schedule
    is_needed: Callable[[dt.datetime], bool] | None = None
    waits_for: tuple[str, ...] = ()


LINES: dict[str, Line] = {}


def schedule(line: Line) -> None:
    """Put a line into the table; called from `shell/wiring.py`. Raises KeyError where it has no handler."""
    jobs.HANDLERS[line.slug]
    LINES[line.slug] = line


def start_due(now: dt.datetime) -> int:
    """Start what is due and not started yet; a slot missed while no worker ran is made up once.

    A line that was never seen before begins at its next time: a fresh platform does not make up last night.
    """
    seen = set(CronSlot.objects.values_list("name", flat=True).distinct())
    for line in LINES.values():
        if line.slug not in seen:
            CronSlot.objects.get_or_create(name=line.slug, slot=line.schedule.latest(now))
    return sum(_start(line, line.schedule.latest(now), now) for line in LINES.values())


def _start(line: Line, slot: dt.datetime, now: dt.datetime) -> bool:
    if CronSlot.objects.filter(name=line.slug, slot=slot).exists():
        return False
    if line.is_needed is not None and not line.is_needed(now):
        return False
    if _is_open(line):  # this slot waits for it
        return False
    try:
        with transaction.atomic():
            row = CronSlot.objects.create(name=line.slug, slot=slot)
            row.job = jobs.enqueue(line.slug, title=line.title, is_routine=True)
            row.save(update_fields=["job"])
    except IntegrityError:  # another worker was quicker
        return False
    return True


def _is_open(line: Line) -> bool:
    own = Q(slug=line.slug, is_routine=True)
    still = Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    return still.filter(own | Q(slug__in=line.waits_for)).exists()


def forget(before: dt.datetime) -> None:
    """Drop slots that are long past, but the newest of each line."""
    newest = CronSlot.objects.values("name").annotate(newest=Max("slot"))
    for row in newest:
        CronSlot.objects.filter(name=row["name"], slot__lt=min(before, row["newest"])).delete()
