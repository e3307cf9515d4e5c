"""The audit book as its page shows it: entries with their seal, the chain's state, the last verification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.audit import queries as audit
from qingfeng.audit import tasks
from qingfeng.audit.gateways import last_head
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.jobs import queries as jobs
from qingfeng.core.models import Job
from qingfeng.shell.queries import audit_words
from qingfeng.shell.queries.audit_words import action_words, kind_words


@dataclass(frozen=True)
class Line:
    """An entry in words, with the sequence of its seal (None while it waits)."""

    entry: Entry
    action: str
    subject: str
    detail: str
    sequence: int | None


@dataclass(frozen=True)
class Chain:
    """How the book stands: what is sealed, what waits, the exported head, the last verification."""

    total: int
    waiting: int
    sequence: int
    digest: str
    sealed_at: dt.datetime | None
    exported_at: str
    verification: Job | None
    asked_by: str
    is_head_newest: bool


def chain(user: User) -> Chain:
    last, head, now = audit.last_seal(), last_head(), clock.now()
    exported = clock.spoken(dt.datetime.fromisoformat(head.at)) if head else ""
    job = last_verification()
    return Chain(
        total=audit.visible_to(user).count(),
        waiting=audit.unsealed(now).count(),
        sequence=last.sequence if last else 0,
        digest=last.digest if last else "",
        sealed_at=last.sealed_at if last else None,
        exported_at=exported,
        verification=job,
        asked_by=_asked_by(job),
        is_head_newest=head is not None and last is not None and head.sequence == last.sequence,
    )


def _asked_by(job: Job | None) -> str:
    """Return who asked for a verification: a person, or the plan of every night."""
    if job is None or job.by_id is None:
        return "平台按计划"
    return User.objects.filter(pk=job.by_id).values_list("name", flat=True).first() or ""


def last_verification() -> Job | None:
    return jobs.newest(tasks.VERIFY)


def between(rows: QuerySet[Entry], first: dt.date | None, last: dt.date | None) -> QuerySet[Entry]:
    """Narrow the book to days in China, both included."""
    if first:
        rows = rows.filter(at__gte=_midnight(first))
    if last:
        rows = rows.filter(at__lt=_midnight(last + dt.timedelta(days=1)))
    return rows


def _midnight(date: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(date, dt.time()))


def lines(entries: Iterable[Entry]) -> list[Line]:
    found = list(entries)
    sealed = audit.sealed_ids([entry.pk for entry in found])
    return [
        Line(
            entry, action_words(entry.action), subject_words(entry), detail_words(entry), sealed.get(entry.pk)
        )
        for entry in found
    ]


def subject_words(entry: Entry) -> str:
    return f"{kind_words(entry.subject_kind)} {entry.subject_id}" if entry.subject_kind else ""


def detail_words(entry: Entry) -> str:
    """Return the detail in words; it holds ids, counts and slugs only."""
    if "sentence" in entry.detail:
        return str(entry.detail["sentence"])
    return audit_words.detail_words(entry.subject_kind, entry.detail)


def action_choices() -> list[tuple[str, str]]:
    return sorted(((slug, action_words(slug)) for slug in audit.actions_seen()), key=lambda pair: pair[1])
