"""What waits for a person here: approvals to sign, returned requests, matters for a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from qingfeng.core import working_days
from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role
from qingfeng.decisions.enums import ApprovalState, MatterState, MeetingState
from qingfeng.decisions.models.approvals import Approval
from qingfeng.decisions.models.committee import Meeting
from qingfeng.decisions.queries import approvals, scope
from qingfeng.workflow import counting

SIGN, RETURNED, POOL, RECORD = "待签批", "退回的呈批", "待上会", "会议记录"


def duties_of(user: Any, today: dt.date) -> list[Duty]:
    """Return what waits for the user, with the limit of each signature."""
    if not scope.takes_part(user):
        return []
    return [*_to_sign(user, today), *_returned(user), *_pool(user), *_meetings(user)]


def count_to_sign(user: Any) -> int:
    """Count for the navigation what waits for the user's signature."""
    return approvals.waiting_for(user).count() if scope.takes_part(user) else 0


def _to_sign(user: Any, today: dt.date) -> list[Duty]:
    rows = approvals.with_chain(approvals.waiting_for(user)).order_by("asked_on", "pk")
    found: list[Any] = list(rows)  # annotated with `due`
    own = working_days.overrides() if found else {}
    here = f"{reverse('decisions:approvals')}?wait=mine"
    return [
        Duty(
            "签批呈批件",
            approval.title,
            SIGN,
            reverse("decisions:approval", args=[approval.pk]),
            here,
            approval.due,
            counting.days_left(today, approval.due, is_working=True, own=own) if approval.due else None,
            is_working_days=True,
        )
        for approval in found
    ]


def _returned(user: Any) -> list[Duty]:
    rows = Approval.objects.filter(asked_by=user.pk, state=ApprovalState.RETURNED, followed_by=None)
    here = f"{reverse('decisions:approvals')}?state={ApprovalState.RETURNED}"
    return [
        Duty("补充后再次呈批", row.title, RETURNED, reverse("decisions:approval", args=[row.pk]), here)
        for row in rows.order_by("pk")
    ]


def _pool(user: Any) -> list[Duty]:
    if not user.holds(Role.COMMITTEE_CLERK):
        return []
    rows = scope.matters(user).filter(state=MatterState.WAITING).order_by("submitted_on", "pk")
    here = f"{reverse('decisions:matters')}?state={MatterState.WAITING}"
    return [
        Duty("把议题列入会议议程", row.title, POOL, reverse("decisions:matter", args=[row.pk]), here)
        for row in rows
    ]


def _meetings(user: Any) -> list[Duty]:
    if not user.holds(Role.COMMITTEE_CLERK):
        return []
    rows = Meeting.objects.filter(state=MeetingState.HELD).order_by("pk")
    here = f"{reverse('decisions:meetings')}?state={MeetingState.HELD}"
    return [
        Duty("记完会议，形成纪要", str(row), RECORD, reverse("decisions:meeting", args=[row.pk]), here)
        for row in rows
    ]
