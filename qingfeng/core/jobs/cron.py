"""Scheduled jobs: a line says when, and a unique (name, slot) row lets only one worker start each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db import IntegrityError, transaction
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
    """A scheduled job: slug of its handler, title, when, and whether there is anything to do at all."""

    slug: str
    title: str
    schedule: Schedule
    is_needed: Callable[[dt.datetime], bool] | None = None


LINES: dict[str, Line] = {}


def schedule(line: Line) -> None:
    """Put a line into the table; called from `shell/wiring.py`. Raises KeyError where it has no handler."""
    jobs.HANDLERS[line.slug]
    LINES[line.slug] = line


def start_due(now: dt.datetime) -> int:
    """Start what is due and not started yet; a slot missed while no worker ran is made up once."""
    return sum(_start(line, line.schedule.latest(now), now) for line in LINES.values())


def _start(line: Line, slot: dt.datetime, now: dt.datetime) -> bool:
    if CronSlot.objects.filter(name=line.slug, slot=slot).exists():
        return False
    if line.is_needed is not None and not line.is_needed(now):
        return False
    open_ones = Job.objects.filter(
        slug=line.slug, is_routine=True, status__in=[JobStatus.QUEUED, JobStatus.RUNNING]
    )
    if open_ones.exists():  # the one before is still at work; this slot waits for it
        return False
    try:
        with transaction.atomic():
            row = CronSlot.objects.create(name=line.slug, slot=slot)
            row.job = jobs.enqueue(line.slug, title=line.title, is_routine=True)
            row.save(update_fields=["job"])
    except IntegrityError:  # another worker was quicker
        return False
    return True


def forget(before: dt.datetime) -> None:
    """Drop slots that are long past."""
    CronSlot.objects.filter(slot__lt=before).delete()
