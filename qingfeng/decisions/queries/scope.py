"""Who may know of what. Every list and page of this app starts here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingfeng.core.roles import ADMIN_ROLES, COMMISSION_ROLES, Role
from qingfeng.decisions.enums import Capacity, MeetingState, Presence
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter, Meeting
from qingfeng.decisions.models.recording import Recusal
from qingfeng.decisions.queries import signers
from qingfeng.decisions.queries.subjects import READERS

KEEPERS = (Role.COMMITTEE_CLERK, Role.SECRETARY)
"""Who prepares the meetings, and who presides over them: they see every matter but those they recuse from."""

IN_THE_ROOM = (
    Q(presence=Presence.PRESENT)
    | Q(presence=Presence.EXPECTED, meeting__state=MeetingState.PLANNED)
    | Q(presence=Presence.EXPECTED, capacity=Capacity.RECORDER)
)
"""Who was there, before the meeting who is to come, and who records."""


def approvals(user: Any) -> QuerySet[Approval]:
    """Return the approvals of which the user knows: asked by him, come to his step, or opened by their owner.

    A leader further up the chain learns of it when it reaches him.
    """
    if _has_no_part(user):
        return Approval.objects.none()
    mine = signers.steps_of(user).filter(signers.REACHED)
    condition = Q(asked_by=user.pk) | Q(pk__in=mine.values("approval")) | _opened_by_owner(user)
    return Approval.objects.filter(condition)


def matters(user: Any) -> QuerySet[Matter]:
    """Return the matters of which the user knows; one from which he recuses himself he does not see."""
    if _has_no_part(user):
        return Matter.objects.none()
    rows = Matter.objects.exclude(Exists(_recused(user, item__matter=OuterRef("pk"))))
    if user.holds(*KEEPERS):
        return rows
    condition = Q(submitted_by=user.pk) | _opened_by_owner(user)
    if _concerns(user):
        condition |= Q(Exists(items_in_the_room(user).filter(matter=OuterRef("pk"))))
    return rows.filter(condition)


def meetings(user: Any) -> QuerySet[Meeting]:
    """Return the meetings of which the user knows: those he prepares, presides over, records or attends.

    The office sees when and where each is; its agenda is another question (`items`).
    """
    if _has_no_part(user):
        return Meeting.objects.none()
    if user.holds(*KEEPERS, Role.OFFICE):
        return Meeting.objects.all()
    here = Attendance.objects.filter(IN_THE_ROOM, meeting=OuterRef("pk"), user=user.pk)
    return Meeting.objects.filter(Exists(here))


def items(user: Any) -> QuerySet[AgendaItem]:
    """Return the items whose papers, discussion and result the user may read."""
    if _has_no_part(user):
        return AgendaItem.objects.none()
    rows = AgendaItem.objects.all()
    if not user.holds(*KEEPERS):
        return items_in_the_room(user)
    return rows.exclude(Exists(_recused(user, item__matter=OuterRef("matter"))))


def items_in_the_room(user: Any) -> QuerySet[AgendaItem]:
    """Return the items that the user attends, as member, recorder or observer, and is not recused from."""
    here = Attendance.objects.filter(IN_THE_ROOM, user=user.pk)
    whole = here.filter(meeting=OuterRef("meeting"), item__isnull=True)
    one = here.filter(item=OuterRef("pk"))
    rows = AgendaItem.objects.exclude(meeting__state=MeetingState.CANCELLED)
    return rows.filter(Exists(whole) | Exists(one)).exclude(
        Exists(_recused(user, item__matter=OuterRef("matter")))
    )


def minutes_of(user: Any) -> QuerySet[Meeting]:
    """Return the meetings whose whole minutes the user may read: nothing in them may be kept from him."""
    if _has_no_part(user):
        return Meeting.objects.none()
    open_to = Meeting.objects.exclude(Exists(_recused(user, item__matter__items__meeting=OuterRef("pk"))))
    if user.holds(*KEEPERS, Role.OFFICE):
        return open_to
    whole = (Capacity.MEMBER, Capacity.RECORDER)
    here = Attendance.objects.filter(
        meeting=OuterRef("pk"), user=user.pk, capacity__in=whole, presence=Presence.PRESENT
    )
    return open_to.filter(Exists(here))


def minutes_read_by(user: Any) -> Iterable[int]:
    """Return the ids of those meetings, for the document of the minutes."""
    return cast("Iterable[int]", minutes_of(user).values("pk"))


def is_recused(user: Any, item: AgendaItem) -> bool:
    return bool(_recused(user, item__matter=item.matter_id).exists())


def is_recused_in(user: Any, meeting: Meeting) -> bool:
    """Say whether the user recuses himself from any item of the meeting."""
    return bool(_recused(user, item__matter__items__meeting=meeting.pk).exists())


def attends(user: Any, item: AgendaItem) -> bool:
    """Say whether the user is at the meeting as an item is dealt with."""
    here = Attendance.objects.filter(meeting=item.meeting_id, user=user.pk)
    return bool(here.filter(Q(item__isnull=True) | Q(item=item.pk)).exists())


def takes_part(user: Any) -> bool:
    """Say whether approvals and meetings concern the user at all; the three administrators have no part."""
    return not _has_no_part(user) and (bool(user.holds(*COMMISSION_ROLES)) or _concerns(user))


def _has_no_part(user: Any) -> bool:
    """Say whether it is the platform itself, or one of the three administrators, whatever names them."""
    return user.pk is None or bool(user.holds(*ADMIN_ROLES))


def _concerns(user: Any) -> bool:
    return bool(
        ApprovalStep.objects.filter(user=user.pk).exists() or Attendance.objects.filter(user=user.pk).exists()
    )


def _recused(user: Any, **where: Any) -> QuerySet[Recusal]:
    """Return the user's standing recusals: from a matter, at whichever meeting they were entered."""
    return Recusal.objects.filter(attendance__user=user.pk, lifted_at__isnull=True, **where)


def _opened_by_owner(user: Any) -> Q:
    condition = Q(pk__in=[])
    for kind, seen in READERS.items():
        condition |= Q(subject_kind=kind, subject_id__in=seen(user))
    return condition
