"""What is written down while a meeting goes on: discussion, votes, result; recusals; later corrections."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.decisions import rules, states
from qingfeng.decisions.actions import meetings
from qingfeng.decisions.enums import Capacity, Ground, MeetingState, Presence, Result
from qingfeng.decisions.events import MatterDecided
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Meeting
from qingfeng.decisions.models.recording import MinutesCorrection, Recusal, Resolution
from qingfeng.decisions.queries import meetings as queries
from qingfeng.workflow import engine

PASSING = (Result.PASSED, Result.PASSED_WITH_CHANGES)


@dataclass(frozen=True)
class Votes:
    """How the members voted."""

    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.abstained


@transaction.atomic
def note(*, item: AgendaItem, discussion: str, seen: int, by: Actor, at: dt.datetime) -> AgendaItem:
    """Keep what was said so far. Raises `Denied`, `Refused`, `Conflict` where another saved meanwhile."""
    locked = _open_item(item, seen, by)
    locked.discussion = discussion.strip()
    locked.revision += 1
    locked.noted_at, locked.noted_by_id = at, by.pk
    locked.save(update_fields=["discussion", "revision", "noted_at", "noted_by"])
    return locked


@transaction.atomic
def preside(*, item: AgendaItem, presider: User, by: Actor, at: dt.datetime) -> AgendaItem:
    """Let another member preside over one item, where the chair recuses himself.

    Raises `Denied`, and `Refused` where he is no member here, or recused as well.
    """
    locked = _open_item(item, None, by)
    here = locked.meeting.attendances.filter(
        user=presider, capacity=Capacity.MEMBER, presence=Presence.PRESENT
    )
    if not here.exists() or _is_out(locked, presider.pk):
        raise Refused("主持人须是到会而没有回避的委员")
    locked.presider = presider
    locked.revision += 1
    locked.save(update_fields=["presider", "revision"])
    _note(locked, "preside", by, at)
    return locked


@transaction.atomic
def decide(
    *,
    item: AgendaItem,
    result: str,
    text: str,
    votes: Votes,
    discussion: str,
    seen: int,
    by: Actor,
    at: dt.datetime,
) -> Resolution:
    """Record what the committee decided on an item; its matter follows and `MatterDecided` is published.

    Raises `Denied`, `WrongState`, `Conflict`, and `Refused` where quorum, votes and result do not agree.
    """
    locked = _open_item(item, seen, by)
    meeting = locked.meeting
    count = queries.turnout(meeting, locked)
    faults = _faults(locked, count, result, text, votes)
    if faults:
        raise Refused(*faults)
    counted = Votes() if result == Result.DEFERRED else votes
    day = timezone.localdate(meeting.planned_for)
    made = Resolution.objects.create(
        item=locked,
        result=result,
        text=text.strip(),
        discussion=discussion.strip(),
        expected=count.expected,
        voters=count.present,
        in_favour=counted.in_favour,
        against=counted.against,
        abstained=counted.abstained,
        decided_on=day,
        by_id=by.pk,
        at=at,
    )
    if result == Result.DEFERRED:
        engine.advance(locked.matter, states.DEFER, rule=rules.settle_matter, by=by, at=at)
    else:
        engine.advance(locked.matter, states.DECIDE, rule=rules.settle_matter, by=by, at=at)
    matter = locked.matter
    events.publish(
        MatterDecided(matter.pk, matter.subject_kind, matter.subject_id, str(result), meeting.pk, day, by.pk)
    )
    return made


@transaction.atomic
def recuse(
    *, item: AgendaItem, attendance: Attendance, ground: str, note: str, by: Actor, at: dt.datetime
) -> Recusal:
    """Enter that somebody takes no part in an item: himself, or by the chair's decision.

    Raises `Denied`, and `Refused` where the item is decided or the recusal stands already.
    """
    rules.recuse.check(by, item, attendance)
    meetings.lock(item.meeting)
    if attendance.meeting_id != item.meeting_id or attendance.item_id not in {None, item.pk}:
        raise Refused("回避人不参加这一议题")
    if Resolution.objects.filter(item=item).exists():
        raise Refused("这一议题已经议决，不能再登记回避；请登记纪要更正")
    if ground not in Ground.values:
        raise Refused("请选择回避情形")
    if ground == Ground.OTHER and not note.strip():
        raise Refused("属于“其他情形”的，请写明具体情况")
    if not queries.may_be_recused(item).filter(pk=attendance.pk).exists():
        raise Refused(f"{attendance.name}已经登记回避")
    made = Recusal.objects.create(
        item=item,
        attendance=attendance,
        ground=ground,
        note=note.strip()[:200],
        entered_by_id=by.pk,
        entered_on=at,
    )
    _note(item, "recuse", by, at, attendance=attendance.pk, user=attendance.user_id)
    return made


@transaction.atomic
def lift_recusal(*, recusal: Recusal, reason: str, by: Actor, at: dt.datetime) -> None:
    """Let somebody take part after all, by the chair's decision. Raises `Denied` and `Refused`."""
    rules.lift_recusal.check(by, recusal)
    meetings.lock(recusal.item.meeting)
    locked = Recusal.objects.select_for_update().get(pk=recusal.pk)
    if not reason.strip():
        raise Refused("请写明撤销回避的原因")
    if locked.lifted_at is not None or Resolution.objects.filter(item=locked.item).exists():
        raise Refused("回避已经撤销，或者议题已经议决")
    locked.lifted_at, locked.lifted_by_id, locked.lift_reason = at, by.pk, reason.strip()[:200]
    locked.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    attendance = locked.attendance
    _note(locked.item, "lift_recusal", by, at, attendance=attendance.pk, user=attendance.user_id)


@transaction.atomic
def correct(
    *, meeting: Meeting, item: AgendaItem | None, text: str, reason: str, by: Actor, at: dt.datetime
) -> MinutesCorrection:
    """Enter a correction beside what was recorded, which stays. Raises `Denied` and `Refused`."""
    rules.correct_minutes.check(by, meeting)
    if meeting.state not in {MeetingState.HELD, MeetingState.MINUTED}:
        raise Refused("会议还没有记录，不必更正")
    if not text.strip() or not reason.strip():
        raise Refused("请写明更正内容和原因")
    made = MinutesCorrection.objects.create(
        meeting=meeting, item=item, text=text.strip(), reason=reason.strip()[:200], by_id=by.pk, at=at
    )
    subject = references.reference_to(meeting)
    audit.record(action="committee_meeting.correct", by=by, at=at, subject=subject, detail={})
    return made


def _open_item(item: AgendaItem, seen: int | None, by: Actor) -> AgendaItem:
    """Lock the meeting and return the item as it is now, if it can still be recorded on."""
    meeting = meetings.lock(item.meeting)
    locked = AgendaItem.objects.select_related("meeting", "matter").get(pk=item.pk)
    rules.record.check(by, locked)
    if meeting.state != MeetingState.HELD:
        raise Refused("会议开始以后才能记录" if meeting.state == MeetingState.PLANNED else "会议记录已经结束")
    if Resolution.objects.filter(item=locked).exists():
        raise Conflict("这一议题已经记录议决结果，您写的内容没有保存。要改动请登记更正。")
    if seen is not None and locked.revision != seen:
        raise Conflict("您打开页面之后，另一位记录人员修改过这一议题。请核对下面两份内容，再保存一次。")
    return locked


def _is_out(item: AgendaItem, user_id: int | None) -> bool:
    rows = Recusal.objects.filter(item__matter=item.matter_id, attendance__user=user_id)
    return rows.filter(lifted_at__isnull=True).exists()


def _why_not_presided(item: AgendaItem) -> str:
    """Say why nobody presides over an item: whoever does is a member, is here, and is not recused."""
    who = item.presider_id or item.meeting.chair_id
    if _is_out(item, who):
        return "主持人已回避这一议题，请先指定本议题的主持人"
    here = item.meeting.attendances.filter(user=who, capacity=Capacity.MEMBER, presence=Presence.PRESENT)
    return "" if here.exists() else "主持人没有到会，请先指定本议题的主持人"


def _faults(item: AgendaItem, count: queries.Turnout, result: str, text: str, votes: Votes) -> list[str]:
    faults = []
    if result not in Result.values:
        faults.append("请选择议决结果")
    if not text.strip():
        faults.append("请写明决定事项；缓议的写明原因")
    why_not = _why_not_presided(item)
    if why_not:
        faults.append(why_not)
    return faults if result == Result.DEFERRED else [*faults, *_vote_faults(count, result, votes)]


def _vote_faults(count: queries.Turnout, result: str, votes: Votes) -> list[str]:
    """Say where quorum, votes and result do not agree."""
    faults = []
    if not count.is_met:
        faults.append(f"{count.words}（回避的不计），不能表决，可以缓议")
    if votes.total != count.present:
        faults.append(f"参加表决的委员 {count.present} 人，票数合计 {votes.total} 票，请核对")
    needed = queries.votes_needed(count)
    if result in PASSING and votes.in_favour < needed:
        faults.append(f"同意 {votes.in_favour} 票，不到通过所需的 {needed} 票，不能记为通过")
    if result == Result.REJECTED and votes.in_favour >= needed:
        faults.append(f"同意 {votes.in_favour} 票，已达到通过所需的 {needed} 票，不能记为不通过")
    return faults


def _note(item: AgendaItem, verb: str, by: Actor, at: dt.datetime, **detail: Any) -> None:
    subject = references.reference_to(item)
    audit.record(action=f"agenda_item.{verb}", by=by, at=at, subject=subject, detail=detail)
