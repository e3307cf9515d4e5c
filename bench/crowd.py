"""What else grows with a city: people, posts, accounts, messages, the audit book, jobs, limits, documents."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from bench import bulk, parts
from bench import city as cities
from bench.city import CHINA, City
from qingfeng.accounts.models import Grant, User
from qingfeng.audit.enums import Outcome
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.models import Job, JobStatus
from qingfeng.core.roles import Role
from qingfeng.documents.enums import DocumentState, Genre
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.actions import bulletins, checking, results
from qingfeng.evaluation.models.rounds import Round
from qingfeng.notifications.enums import Urgency
from qingfeng.notifications.models import Message
from qingfeng.organizations.models import Person, Post
from qingfeng.workflow.enums import BasisMark, LimitUnit
from qingfeng.workflow.models import Deadline


def prepare(units: int) -> City:
    """Fill a database: two announced rounds, one in mid-course, and a crowd in step with the units."""
    place = cities.found(units)
    _people(place)
    last = dt.date.today().year - 1
    for quarter in (3, 4):
        _announce(place, _filled(place, last, quarter, share=1.0))
    _filled(place, last + 1, 1, share=0.6)
    _traces(place)
    bulk.analyze()
    return place


def _filled(place: City, year: int, quarter: int, *, share: float) -> Round:
    round = cities.open_round(place, year, quarter)
    parts.Filling(place, round, share=share).fill()
    return round


def _announce(place: City, round: Round) -> None:
    """Go through freezing, computation, approval, announcement and the draft of the bulletin."""
    at = dt.datetime.combine(round.trial_on, dt.time(9), CHINA)
    by = place.officer
    snapshot = results.freeze(round=round, by=by, at=at, with_gaps=True)
    results.compute(snapshot=snapshot, by=by, at=at)
    clerk = place.people[Role.COMMITTEE_CLERK]
    checking.open_appeals(round=round, by=by, at=at)
    at += dt.timedelta(days=21)  # past the units' window, holidays and all
    checking.settle(round=round, by=by, at=at)
    results.approve(
        round=round, meeting="第1次常委会会议", decided_on=at.date(), outside="线下召开", by=clerk, at=at
    )
    bulletins.draft_bulletin(round=round, by=by, at=at)
    results.announce(round=round, by=by, at=at)
    round.refresh_from_db()


def _people(place: City) -> None:
    """Give every unit three people with posts, a head and a liaison with accounts."""
    units = place.units
    people = Person.objects.bulk_create(
        (Person(code=f"P{n:06d}", name=f"干部{n}") for n in range(3 * len(units))), batch_size=1000
    )
    names: tuple[str, ...] = (
        "person",
        "unit",
        "title",
        "is_leader",
        "is_head",
        "is_concurrent",
        "held_from",
        "held_to",
    )
    posts = [
        (person.pk, units[n // 3].pk, "书记" if n % 3 == 0 else "干事", n % 3 == 0, n % 3 == 0, False,
         cities.LONG_AGO, None)
        for n, person in enumerate(people)
    ]  # fmt: skip
    bulk.insert(Post, names, posts)
    now = clock.now()
    users = User.objects.bulk_create(
        (
            User(username=f"unit.{n:06d}", name=f"干部{n}", password="!", password_changed_at=now)
            for n in range(2 * len(units))
        ),
        batch_size=1000,
    )
    roles = (Role.UNIT_HEAD, Role.UNIT_LIAISON)
    Grant.objects.bulk_create(
        (
            Grant(
                user=user,
                role=roles[n % 2],
                unit=units[n // 2],
                starts_on=cities.LONG_AGO,
                reason="任职文件",
            )
            for n, user in enumerate(users)
        ),
        batch_size=1000,
    )


def _traces(place: City) -> None:
    """Leave what work leaves: messages to every role, audit entries, jobs, limits, drafts of documents."""
    now, count = clock.now(), len(place.units)
    by = place.officer.pk
    messages = [
        (user.pk, None, "有一项工作待办理", "", "/", Urgency.ORDINARY.value, "", None, now, None)
        for user in place.people.values()
        for _ in range(count)
    ]
    names: tuple[str, ...] = (
        "recipient", "sender", "title", "body", "link", "urgency", "subject_kind", "subject_id", "sent_at",
        "read_at",
    )  # fmt: skip
    bulk.insert(Message, names, messages)
    entries = [
        (now, by, "党风室", "round.plan", "unit", n, Outcome.values[0], "127.0.0.1", json.dumps({}))
        for n in range(2 * count)
    ]
    names = ("at", "actor_id", "actor_name", "action", "subject_kind", "subject_id", "outcome", "address",
             "detail")  # fmt: skip
    bulk.insert(Entry, names, entries)
    jobs = [
        ("evaluation.compute", "评价试算", "{}", JobStatus.FAILED.value, False, by, 1, uuid.uuid4().hex, None,
         "", now, now, now, now, None, "", "{}", "中断")
        for _ in range(count)
    ]  # fmt: skip
    names = ("slug", "title", "args", "status", "is_routine", "by_id", "attempts", "token", "task_id",
             "worker", "created_at", "run_after", "started_at", "finished_at", "position", "result", "data",
             "error")  # fmt: skip
    bulk.insert(Job, names, jobs)
    _papers(place, now)


def _papers(place: City, now: dt.datetime) -> None:
    today, by = clock.today(), place.officer.pk
    limits = [
        ("unit", unit.pk, "bench", "报送期限", today, LimitUnit.DATE.value, None, today, today, "工作安排",
         BasisMark.PROPOSED.value, None)
        for unit in place.units
    ]  # fmt: skip
    names: tuple[str, ...] = (
        "subject_kind", "subject_id", "name", "label", "started_date", "unit", "amount", "fixed_date",
        "due_date", "basis", "mark", "met_at",
    )  # fmt: skip
    bulk.insert(Deadline, names, limits)
    drafts = [
        (Genre.NOTICE.value, f"关于第{n}项工作的通知", DocumentState.DRAFT.value, "", None, by, now, None,
         None, "", None, None, None)
        for n in range(len(place.units))
    ]  # fmt: skip
    names = ("genre", "title", "state", "origin_kind", "origin_id", "drafted_by", "drafted_on", "series",
             "number", "number_text", "issued_at", "issued_by", "replaces")  # fmt: skip
    bulk.insert(OfficialDocument, names, drafts)
