"""Making the minutes of a meeting out of what was recorded, and laying them out anew after a correction."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import meetings
from qingfeng.decisions.enums import Capacity, MeetingState, Presence
from qingfeng.decisions.layout import minutes as layout
from qingfeng.decisions.models.committee import AgendaItem, Meeting
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import printing
from qingfeng.documents import states as document_states
from qingfeng.documents.actions import drafting
from qingfeng.documents.enums import Genre
from qingfeng.documents.layout.official import OfficialText
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.workflow import engine


@transaction.atomic
def make(*, meeting: Meeting, by: Actor, at: dt.datetime) -> OfficialDocument:
    """End the recording and draft the minutes as an official document, which the office numbers and issues.

    Raises `Denied`, `WrongState`, and `Refused` while an item is not dealt with.
    """
    locked = meetings.lock(meeting)
    open_items = [item for item in queries.agenda(locked) if not queries.is_decided(item)]
    if locked.state == MeetingState.HELD and open_items:
        raise Refused(f"还有 {len(open_items)} 项议题没有记录结果，议决或者缓议后再形成纪要")
    members = locked.attendances.filter(capacity=Capacity.MEMBER, presence=Presence.EXPECTED)
    unknown = list(members.order_by("pk").values_list("name", flat=True))
    if locked.state == MeetingState.HELD and unknown:
        raise Refused(f"还没有登记到会情况：{'、'.join(unknown)}。请记为实到、请假或缺席，再形成纪要")
    engine.advance(meeting, states.MINUTE, rule=rules.make_minutes, by=by, at=at)
    text = text_of(meeting)
    document = drafting.draft(
        kind=Genre.MINUTES,
        title=text.title,
        text=text,
        by=by,
        at=at,
        origin=references.reference_to(meeting),
    )
    Meeting.objects.filter(pk=meeting.pk).update(minutes=document)
    meeting.refresh_from_db()
    return document


@transaction.atomic
def make_again(*, meeting: Meeting, by: Actor, at: dt.datetime) -> None:
    """Lay the minutes out anew with the corrections entered since, while they are not issued.

    Raises `Denied`, and `Refused` once they are issued: then the office issues a corrected copy.
    """
    rules.make_minutes.check(by, meeting)
    document = meeting.minutes
    if document is None or document.state not in document_states.WRITABLE:
        raise Refused("纪要还没有形成或者已经印发；已印发的请办公室在文书里办理更正")
    drafting.compose_again(document=document, text=text_of(meeting), by=by, at=at)


def text_of(meeting: Meeting) -> OfficialText:
    """Return the minutes of a meeting as the document says them."""
    assert meeting.year is not None, "a held meeting is numbered"
    assert meeting.number is not None, "a held meeting is numbered"
    name, short = printing.commission()
    present, absent, observers = printing.people_of(meeting)
    corrections = [row for row in queries.corrections(meeting) if row.item_id is None]
    facts = layout.Minutes(
        head_name=printing.minutes_head(),
        body_name=name,
        year=meeting.year,
        number=meeting.number,
        held_at=timezone.localtime(meeting.planned_for),
        place=meeting.place,
        chair=meeting.chair.name,
        chair_note=meeting.chair_note,
        present=present,
        absent=absent,
        observers=observers,
        recorder=meeting.recorder.name,
        items=[_item(item) for item in queries.agenda(meeting)],
        corrections=[f"{row.text}（{row.reason}）" for row in corrections],
        office=f"{short}办公室",
    )
    return layout.compose(facts)


def _item(item: AgendaItem) -> layout.Item:
    made = item.resolution
    return layout.Item(
        title=item.matter.title,
        office=printing.office_words(item.matter.office),
        discussion=made.discussion,
        result=made.get_result_display(),
        text=made.text,
        votes=printing.vote_words(item),
        recusals=[printing.recusal_words(row) for row in queries.recusals_of(item)],
        presider=item.presider.name if item.presider else "",
        corrections=[f"{row.text}（{row.reason}）" for row in item.corrections.all()],
    )
