"""Tell people in their inbox what has come to them, and point out late parts, each at most once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from qingfeng.accounts.models import User
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference, reference_to
from qingfeng.core.roles import Role
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import SubmissionState
from qingfeng.evaluation.models.rounds import Reminder, Round
from qingfeng.evaluation.queries import addresses, progress
from qingfeng.notifications import actions as notifications
from qingfeng.notifications import queries as inbox
from qingfeng.notifications.actions import Letter
from qingfeng.notifications.enums import Urgency


@dataclass(frozen=True)
class Part:
    """One part of a round that is waited for: who has to bring it, by when, and where."""

    subject: Reference
    role: str
    unit_id: int | None
    title: str
    due: dt.date
    link: str


def waiting_parts(round: Round) -> list[Part]:
    """Return every part that is still waited for, in a constant number of queries."""
    late = progress.late_parts(round)
    units = {unit.pk: unit for unit in late.submissions}
    found = []
    for entry in progress.submissions_of(round, list(units)):
        unit = units[entry.round_unit_id]
        at_head = entry.state == SubmissionState.SUBMITTED
        role = Role.UNIT_HEAD if at_head else Role.UNIT_LIAISON
        title = f"{'审签' if at_head else '填报'}{round.label}评价材料"
        link = addresses.to("submission", entry.pk)
        found.append(Part(reference_to(entry), role, unit.unit_id, title, round.submit_by, link))
    for sheet in late.sheets:
        link, unit_id = addresses.to("sheet", sheet.pk), sheet.department.unit_id
        title = f"提交{round.label}部门评分表"
        found.append(
            Part(reference_to(sheet), Role.SCORING_DEPARTMENT, unit_id, title, round.review_by, link)
        )
    for task in late.tasks:
        link, unit_id = addresses.to("task", task.pk), task.department.unit_id
        title = f"报送{round.label}评价数据"
        found.append(Part(reference_to(task), Role.DATA_SUPPLIER, unit_id, title, round.cutoff_on, link))
    return found


@transaction.atomic
def remind(*, round: Round, by: Actor, at: dt.datetime, subjects: Sequence[Reference] | None = None) -> int:
    """Remind those whose parts are waited for; return how many messages were sent.

    With `subjects` only of these parts; without, of those due by tomorrow or late. A part is pointed out once
    a day, whoever asks.
    """
    row = common.locked(round)
    rules.remind.check(by, row)
    common.require_gate(row.is_open_for_units, row, "催办")
    today = common.date_of(at)
    wanted = [
        part
        for part in waiting_parts(row)
        if (part.subject in subjects if subjects is not None else (part.due - today).days <= 1)
    ]
    fresh = _not_yet(wanted, today)
    Reminder.objects.bulk_create(
        Reminder(
            round=row,
            part_kind=part.subject.kind,
            part_id=part.subject.id,
            sent_on=today,
            sent_at=at,
            sent_by_id=common.actor_id(by),
        )
        for part in fresh
    )
    return notifications.send_letters(letters=_letters(fresh, today), by=by, at=at)


def _not_yet(parts: Iterable[Part], today: dt.date) -> list[Part]:
    """Leave out what was pointed out today already."""
    done = set(Reminder.objects.filter(sent_on=today).values_list("part_kind", "part_id"))
    return [part for part in parts if (part.subject.kind, part.subject.id) not in done]


def _letters(parts: Sequence[Part], today: dt.date) -> list[Letter]:
    people: dict[tuple[str, int], list[User]] = {}
    for role in {part.role for part in parts}:
        units = {part.unit_id for part in parts if part.role == role and part.unit_id is not None}
        for unit_id, holders in inbox.holders_by_unit(role, today, units).items():
            people[(role, unit_id)] = holders
    found = []
    for part in parts:
        days = (part.due - today).days
        words = f"已逾期 {-days} 天" if days < 0 else f"还剩 {days} 天"
        urgency = Urgency.URGENT if days < 0 else Urgency.IMPORTANT
        for person in people.get((part.role, part.unit_id or 0), []):
            body = f"截止 {part.due:%Y-%m-%d}，{words}。"
            found.append(Letter(person, f"请{part.title}", body, part.link, urgency, part.subject))
    return found
