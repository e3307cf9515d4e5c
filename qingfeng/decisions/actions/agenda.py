"""Putting matters before the standing committee, and taking them back."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.decisions import rules, states
from qingfeng.decisions.enums import MatterState
from qingfeng.decisions.events import MatterSubmitted
from qingfeng.decisions.models.committee import Matter
from qingfeng.decisions.queries import people
from qingfeng.workflow import engine

SUBMITTED_ALREADY = "同一议题已经提交，还没有议决"


@transaction.atomic
def submit(*, subject: Reference, title: str, summary: str, by: Actor, at: dt.datetime) -> Matter:
    """Put a matter into the pool. Raises `Denied`, `Refused` where words are missing or it waits already."""
    rules.submit_matter.check(by)
    title, summary = title.strip(), summary.strip()
    faults = []
    if not title or len(title) > 200:
        faults.append("请写明议题，不超过 200 字")
    if not summary:
        faults.append("请写明汇报提纲")
    open_states = (MatterState.WAITING, MatterState.SCHEDULED)
    same = Matter.objects.filter(subject_kind=subject.kind, subject_id=subject.id, title=title)
    if same.filter(state__in=open_states).exists():
        faults.append(SUBMITTED_ALREADY)
    if faults:
        raise Refused(*faults)
    matter = Matter(
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title,
        summary=summary,
        submitted_by_id=by.pk,
        submitted_on=at,
        office=people.office_of(by),
    )
    try:
        with transaction.atomic():
            matter.save()
    except IntegrityError as twice:  # the constraint decides between two who submit the same at once
        raise Refused(SUBMITTED_ALREADY) from twice
    audit.record(
        action="matter.submit",
        by=by,
        at=at,
        subject=references.reference_to(matter),
        detail={"of": [subject.kind, subject.id]},
    )
    events.publish(MatterSubmitted(matter.pk, matter.subject_kind, matter.subject_id, by.pk))
    return matter


@transaction.atomic
def take_back(*, matter: Matter, reason: str, by: Actor, at: dt.datetime) -> None:
    """Take a waiting matter back. Raises `Denied`, `WrongState`, and `Refused` without a reason."""
    if not reason.strip():
        raise Refused("请写明撤回原因")
    engine.advance(matter, states.TAKE_BACK, rule=rules.take_back, by=by, at=at, note=reason.strip()[:500])
