"""Preparing a meeting: when and where, its agenda, its people; opening and cancelling it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.decisions import rules, states
from qingfeng.decisions.enums import Capacity, MeetingState, Presence
from qingfeng.decisions.events import MeetingCalled
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter, Meeting, MeetingYear
from qingfeng.decisions.models.recording import Recusal, Resolution
from qingfeng.decisions.queries import meetings as queries
from qingfeng.decisions.queries import people
from qingfeng.workflow import engine

OPEN_STATES = (MeetingState.PLANNED, MeetingState.HELD)


@transaction.atomic
def call(
    *,
    planned_for: dt.datetime,
    place: str,
    chair: User,
    recorder: User,
    by: Actor,
    at: dt.datetime,
    chair_note: str = "",
) -> Meeting:
    """Plan a meeting; the secretary and the deputy leaders are its members until the clerk says otherwise.

    Raises `Denied`, and `Refused` where somebody else than the secretary presides and no reason is given.
    """
    rules.call_meeting.check(by)
    _refuse_chair(chair, chair_note, planned_for)
    if not place.strip():
        raise Refused("请写明开会地点")
    meeting = Meeting.objects.create(
        planned_for=planned_for,
        place=place.strip()[:80],
        chair=chair,
        chair_note=chair_note.strip()[:200],
        recorder=recorder,
        called_by_id=by.pk,
        called_on=at,
    )
    members = {user.pk: user for user in [*people.members(timezone.localdate(planned_for)), chair]}
    rows = [_place(meeting, user, Capacity.MEMBER) for user in members.values()]
    if recorder.pk not in members:
        rows.append(_place(meeting, recorder, Capacity.RECORDER))
    Attendance.objects.bulk_create(rows)
    _note(meeting, "call", by, at)
    return meeting


@transaction.atomic
def change(
    *,
    meeting: Meeting,
    planned_for: dt.datetime,
    place: str,
    chair: User,
    chair_note: str,
    recorder: User,
    seen: int,
    by: Actor,
    at: dt.datetime,
) -> Meeting:
    """Change when, where and who presides before the meeting begins; `seen` is the revision that was shown.

    Raises `Denied`, `Refused` and `Conflict`.
    """
    rules.arrange.check(by, meeting)
    locked = lock(meeting)
    if locked.revision != seen:
        raise Conflict
    if locked.state != MeetingState.PLANNED:
        raise Refused("会议已经开始或取消，不能再改时间、地点和主持人")
    _refuse_chair(chair, chair_note, planned_for)
    locked.planned_for, locked.place = planned_for, place.strip()[:80]
    locked.chair, locked.chair_note, locked.recorder = chair, chair_note.strip()[:200], recorder
    locked.revision += 1
    locked.save()
    for user, capacity in ((chair, Capacity.MEMBER), (recorder, Capacity.RECORDER)):
        if not locked.attendances.filter(user=user, item__isnull=True).exists():
            _place(locked, user, capacity).save()
    _note(locked, "change", by, at)
    return locked


@transaction.atomic
def notify(*, meeting: Meeting, by: Actor, at: dt.datetime) -> None:
    """Tell everybody expected that the meeting is called. Raises `Denied` and `Refused`."""
    rules.arrange.check(by, meeting)
    if lock(meeting).state != MeetingState.PLANNED:
        raise Refused("会议已经开始或取消，不必再发通知")
    _note(meeting, "notify", by, at)
    events.publish(MeetingCalled(meeting.pk))


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, matter: Matter, by: Actor, at: dt.datetime) -> AgendaItem:
    """Put a waiting matter last on the agenda. Raises `Denied`, `WrongState`, `Refused`."""
    rules.arrange.check(by, meeting)
    _open(meeting)
    if AgendaItem.objects.filter(meeting=meeting, matter=matter).exists():
        raise Refused("这一议题本次会议已经议过")
    engine.advance(matter, states.SCHEDULE, rule=rules.place_matter, by=by, at=at)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(meeting=meeting, matter=matter, position=last + 1)


@transaction.atomic
def take_off(*, item: AgendaItem, by: Actor, at: dt.datetime) -> None:
    """Take an item off the agenda before it is dealt with; its matter waits again.

    Raises `Denied`, and `Refused` where it is decided, or somebody recused himself from it.
    """
    rules.arrange.check(by, item.meeting)
    _open(item.meeting)
    item = _as_it_is_now(item)
    if Resolution.objects.filter(item=item).exists():
        raise Refused("已经议决，不能移出议程")
    if Recusal.objects.filter(item=item).exists() or item.discussion:
        raise Refused("这一议题已有回避或讨论记录，不能移出议程；会上可以记为缓议")
    engine.advance(item.matter, states.UNSCHEDULE, rule=rules.place_matter, by=by, at=at)
    Attendance.objects.filter(item=item).delete()
    meeting = item.meeting
    item.delete()
    for place, row in enumerate(meeting.items.order_by("position", "pk"), start=1):
        AgendaItem.objects.filter(pk=row.pk).update(position=place)


@transaction.atomic
def move_up(*, item: AgendaItem, by: Actor, at: dt.datetime) -> None:
    """Let an item change places with the one before it. Raises `Denied` and `Refused`."""
    rules.arrange.check(by, item.meeting)
    if _open(item.meeting).state != MeetingState.PLANNED:
        raise Refused("会议已经开始，议程次序不再变动")
    item = _as_it_is_now(item)
    former = item.meeting.items.filter(position__lt=item.position).order_by("-position").first()
    if former is None:
        raise Refused("已经是第一项")
    AgendaItem.objects.filter(pk=former.pk).update(position=item.position)
    AgendaItem.objects.filter(pk=item.pk).update(position=former.position)


@transaction.atomic
def add_person(
    *,
    meeting: Meeting,
    capacity: str,
    by: Actor,
    at: dt.datetime,
    user: User | None = None,
    name: str = "",
    item: AgendaItem | None = None,
) -> Attendance:
    """Add a member, or an observer of one item or of the whole meeting, who may be no user.

    Raises `Denied`, and `Refused` where the person is there already or has no name.
    """
    rules.arrange.check(by, meeting)
    _open(meeting)
    said = user.name if user else name.strip()[:40]
    if not said:
        raise Refused("请选择人员，或者写明姓名")
    if user is None and capacity != Capacity.OBSERVER:
        raise Refused("委员须有平台账号")
    if item is not None and (capacity != Capacity.OBSERVER or item.meeting_id != meeting.pk):
        raise Refused("只有列席人员可以只参加一项议题")
    here = meeting.attendances.filter(item__isnull=True)
    if (user and here.filter(user=user).exists()) or meeting.attendances.filter(
        name=said, item=item
    ).exists():
        raise Refused(f"{said}已经在参会名单里")
    made = Attendance.objects.create(meeting=meeting, user=user, name=said, capacity=capacity, item=item)
    _note(meeting, "add_person", by, at, **_who(made))
    return made


@transaction.atomic
def remove_person(*, attendance: Attendance, by: Actor, at: dt.datetime) -> None:
    """Take somebody off the list before the meeting begins. Raises `Denied` and `Refused`."""
    meeting = attendance.meeting
    rules.arrange.check(by, meeting)
    if _open(meeting).state != MeetingState.PLANNED:
        raise Refused("会议已经开始，名单不再删人；没有到会的请记为请假或缺席")
    if attendance.user_id in {meeting.chair_id, meeting.recorder_id}:
        raise Refused("主持人和记录人不能移出名单，请先改定主持人或记录人")
    if Recusal.objects.filter(attendance=attendance).exists():
        raise Refused("已有回避登记的人员不能移出名单")
    _note(meeting, "remove_person", by, at, **_who(attendance))
    attendance.delete()


@transaction.atomic
def mark_presence(
    *, attendance: Attendance, presence: str, reason: str, by: Actor, at: dt.datetime
) -> Attendance:
    """Note who is here and who is on leave, and why. Raises `Denied`, and `Refused` without a reason."""
    meeting = attendance.meeting
    rules.arrange.check(by, meeting)
    _open(meeting)
    if presence == Presence.LEAVE and not reason.strip():
        raise Refused(f"{attendance.name}请假，请写明事由")
    locked = Attendance.objects.select_for_update().get(pk=attendance.pk)
    locked.presence = presence
    locked.reason = reason.strip()[:200] if presence == Presence.LEAVE else ""
    locked.save(update_fields=["presence", "reason"])
    _note(meeting, "presence", by, at, **_who(locked))
    return locked


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Actor, at: dt.datetime) -> Meeting:
    """Begin a meeting and give it the next number of its year.

    Raises `Denied`, `WrongState`, and `Refused` before its day, without an item, or without a quorum.
    """
    rules.open_meeting.check(by, meeting)
    locked = lock(meeting)
    date = timezone.localdate(locked.planned_for)
    faults = []
    if date > timezone.localdate(at):
        faults.append("还没有到开会的日期")
    if not locked.items.exists():
        faults.append("议程里还没有议题")
    count = queries.turnout(locked)
    if not count.is_met:
        faults.append(f"{count.words}，不能开会")
    if not locked.attendances.filter(user=locked.chair_id, presence=Presence.PRESENT).exists():
        faults.append("主持人没有到会，请先改定主持人")
    if locked.state == MeetingState.PLANNED and faults:
        raise Refused(*faults)
    number = _take_number(date.year) if locked.state == MeetingState.PLANNED else None
    if number:
        Meeting.objects.filter(pk=locked.pk).update(year=date.year, number=number)
    engine.advance(meeting, states.OPEN, rule=rules.open_meeting, by=by, at=at)
    return meeting


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, by: Actor, at: dt.datetime) -> None:
    """Cancel a planned meeting; its matters wait again and no number is used.

    Raises `Denied`, `WrongState`, and `Refused` without a reason.
    """
    if not reason.strip():
        raise Refused("请写明取消原因")
    engine.advance(meeting, states.CANCEL, rule=rules.cancel_meeting, by=by, at=at, note=reason.strip()[:500])
    for item in meeting.items.select_related("matter"):
        engine.advance(item.matter, states.UNSCHEDULE, rule=rules.place_matter, by=by, at=at)


@transaction.atomic
def continue_numbers(*, year: int, next_number: int, by: Actor, at: dt.datetime) -> MeetingYear:
    """Let the year's next meeting be the given one, where meetings were numbered on paper before.

    Raises `Denied`, and `Refused` once the platform has numbered a meeting of the year.
    """
    rules.call_meeting.check(by)
    row = _year(year)
    if Meeting.objects.filter(year=year).exists():
        raise Refused(f"{year} 年已有会议编号，次数接续不能再改")
    if not 1 <= next_number <= 500:
        raise Refused("次数从 1 到 500")
    row.next_number = next_number
    row.save(update_fields=["next_number"])
    detail = {"year": year, "next": next_number}
    audit.record(action="meeting_year.set", by=by, at=at, subject=references.reference_to(row), detail=detail)
    return row


def lock(meeting: Meeting) -> Meeting:
    """Lock a meeting: whoever records in it does so one after the other."""
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _open(meeting: Meeting) -> Meeting:
    locked = lock(meeting)
    if locked.state not in OPEN_STATES:
        raise Refused(f"会议{locked.get_state_display()}，不能再改")
    return locked


def _year(year: int) -> MeetingYear:
    MeetingYear.objects.get_or_create(year=year)
    return MeetingYear.objects.select_for_update().get(year=year)


def _take_number(year: int) -> int:
    row = _year(year)
    MeetingYear.objects.filter(pk=row.pk).update(next_number=row.next_number + 1)
    return row.next_number


def _refuse_chair(chair: User, note: str, planned_for: dt.datetime) -> None:
    if not people.is_secretary(chair, timezone.localdate(planned_for)) and not note.strip():
        raise Refused("会议由书记主持；由他人主持的，请写明受谁委托、什么原因")


def _place(meeting: Meeting, user: User, capacity: str) -> Attendance:
    return Attendance(meeting=meeting, user=user, name=user.name, capacity=capacity)


def _as_it_is_now(item: AgendaItem) -> AgendaItem:
    """Read an item anew, now that the meeting is locked: another clerk may have written on it meanwhile."""
    now = AgendaItem.objects.select_related("meeting", "matter").filter(pk=item.pk).first()
    if now is None:
        raise Refused("这一议题已经不在议程里，请刷新页面")
    return now


def _who(attendance: Attendance) -> dict[str, Any]:
    """Return whom an act on the list was about: by numbers, so that no name stands in the audit book."""
    return {"attendance": attendance.pk, "user": attendance.user_id, "presence": str(attendance.presence)}


def _note(meeting: Meeting, verb: str, by: Actor, at: dt.datetime, **detail: Any) -> None:
    audit.record(
        action=f"committee_meeting.{verb}",
        by=by,
        at=at,
        subject=references.reference_to(meeting),
        detail=detail,
    )
