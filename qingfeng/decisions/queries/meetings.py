from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from qingfeng.accounts.models import User
from qingfeng.core import preferences
from qingfeng.decisions.enums import Capacity, Presence
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter, Meeting
from qingfeng.decisions.models.recording import MinutesCorrection, Recusal
from qingfeng.decisions.queries import people, scope

TO_BE_CONFIRMED = "待核实：《中国共产党地方委员会工作条例》等关于到会和表决人数的规定，请对照原文确认"
QUORUM = preferences.declare(
    "committee_quorum",
    "到会人数要求",
    "half",
    group="呈批与会议",
    help="到会委员达不到的，不能开会，也不能表决；回避的委员在该议题的应到人数里扣除",
    basis=TO_BE_CONFIRMED,
    choices=(("half", "超过应到委员的半数"), ("two_thirds", "达到应到委员的三分之二")),
)
MAJORITY = preferences.declare(
    "committee_majority",
    "表决通过要求",
    "expected",
    group="呈批与会议",
    help="同意票达不到的，不能记为通过；回避的委员不计入",
    basis=TO_BE_CONFIRMED,
    choices=(("expected", "超过应到委员的半数"), ("present", "超过到会委员的半数")),
)


def visible_to(user: Any) -> QuerySet[Meeting]:
    """Return the meetings in the user's scope."""
    return scope.meetings(user)


def with_counts(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Load chair and recorder, and count items and resolutions (`item_count`, `resolved_count`)."""
    return rows.select_related("chair", "recorder", "minutes").annotate(
        item_count=Count("items", distinct=True),
        resolved_count=Count("items", filter=Q(items__resolution__isnull=False), distinct=True),
    )


@dataclass(frozen=True)
class Turnout:
    """How many members are expected, here, on leave; and how many must be here."""

    expected: int
    present: int
    on_leave: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.expected > 0 and self.present >= self.needed

    @property
    def words(self) -> str:
        said = f"应到委员 {self.expected} 人，实到 {self.present} 人"
        if self.on_leave:
            said += f"，请假 {self.on_leave} 人"
        return said if self.is_met else f"{said}，至少要有 {self.needed} 人到会"


def turnout(meeting: Meeting, item: AgendaItem | None = None) -> Turnout:
    """Count the members of a meeting; with an item, without those who are recused from it."""
    rows = meeting.attendances.filter(capacity=Capacity.MEMBER)
    if item is not None:
        rows = rows.exclude(Exists(_recused(item)))
    presences = list(rows.values_list("presence", flat=True))
    expected = len(presences)
    return Turnout(
        expected,
        presences.count(Presence.PRESENT),
        presences.count(Presence.LEAVE),
        needed_here(expected, str(preferences.get(QUORUM.key))),
    )


def needed_here(expected: int, way: str) -> int:
    """Return how many of the expected must be here."""
    return expected // 2 + 1 if way == "half" else -(-expected * 2 // 3)


def votes_needed(count: Turnout) -> int:
    """Return how many votes in favour pass an item."""
    base = count.expected if preferences.get(MAJORITY.key) == "expected" else count.present
    return base // 2 + 1


def agenda(meeting: Meeting) -> list[AgendaItem]:
    """Return every item of a meeting in its order, with matter, resolution, recusals and observers."""
    active = active_recusals().select_related("attendance", "entered_by", "item__meeting").order_by("pk")
    rows = meeting.items.select_related("matter__submitted_by", "resolution__by", "presider", "noted_by")
    return list(
        rows.prefetch_related(
            Prefetch("matter__items", AgendaItem.objects.prefetch_related(Prefetch("recusals", active))),
            Prefetch("observers", Attendance.objects.order_by("pk")),
            Prefetch("corrections", MinutesCorrection.objects.select_related("by").order_by("pk")),
        ).order_by("position", "pk")
    )


def recusals_of(item: AgendaItem) -> list[Recusal]:
    """Return who is recused from an item of `agenda`, also since an earlier meeting on the same matter."""
    earlier = sorted((row for row in item.matter.items.all() if row.pk <= item.pk), key=lambda row: row.pk)
    return [recusal for row in earlier for recusal in row.recusals.all()]


def attendances(meeting: Meeting) -> list[Attendance]:
    """Return who is at a meeting: members, recorder, observers."""
    order = {Capacity.MEMBER: 0, Capacity.RECORDER: 1, Capacity.OBSERVER: 2}
    rows = meeting.attendances.select_related("user", "item").order_by("pk")
    return sorted(rows, key=lambda row: order[Capacity(row.capacity)])


def corrections(meeting: Meeting) -> list[MinutesCorrection]:
    return list(meeting.corrections.select_related("by", "item").order_by("pk"))


def may_be_added(meeting: Meeting, date: dt.date) -> QuerySet[User]:
    """Return the accounts of the commission that are not at the meeting yet."""
    here = Attendance.objects.filter(meeting=meeting, user=OuterRef("pk"), item__isnull=True)
    return people.of_commission(date).exclude(Exists(here)).order_by("name", "pk")


def items_seen(user: Any, meeting: Meeting) -> frozenset[int]:
    """Return the ids of the items of a meeting that the user may read."""
    return frozenset(scope.items(user).filter(meeting=meeting).values_list("pk", flat=True))


def attendance_of(user: Any, meeting: Meeting) -> Attendance | None:
    rows = Attendance.objects.filter(meeting=meeting, user=user.pk)
    return rows.order_by("item_id", "pk").first()


def is_decided(item: AgendaItem) -> bool:
    return hasattr(item, "resolution")


def open_matters(user: Any) -> QuerySet[Matter]:
    """Return what the user may put on an agenda."""
    return scope.matters(user).filter(state="waiting").order_by("submitted_on", "pk")


def years() -> list[int]:
    """Return the years that have numbered meetings, the newest first."""
    rows = Meeting.objects.filter(year__isnull=False).values_list("year", flat=True)
    return [year for year in rows.distinct().order_by("-year") if year]


def active_recusals() -> QuerySet[Recusal]:
    rows = Recusal.objects.filter(lifted_at__isnull=True)
    return rows.select_related("attendance", "item__meeting")


def may_be_recused(item: AgendaItem) -> QuerySet[Attendance]:
    """Return who is at an item and not recused from it."""
    rows = Attendance.objects.filter(meeting=item.meeting_id).filter(Q(item__isnull=True) | Q(item=item.pk))
    return rows.exclude(Exists(_recused(item))).order_by("pk")


def _recused(item: AgendaItem) -> QuerySet[Recusal]:
    """Return the standing recusals of an attendance: its own, and those of the person from the matter."""
    own = Q(attendance=OuterRef("pk")) | Q(attendance__user=OuterRef("user"))
    return Recusal.objects.filter(own, item__matter=item.matter_id, lifted_at__isnull=True)


def may_preside(item: AgendaItem) -> QuerySet[User]:
    """Return the members who are here and not recused from an item."""
    here = may_be_recused(item).filter(capacity=Capacity.MEMBER, presence=Presence.PRESENT)
    return User.objects.filter(pk__in=here.values("user")).order_by("name", "pk")
