"""Messages of approvals and meetings: that something waits or is decided, and never what it is about."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.core.actors import SYSTEM
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.models.committee import Matter, Meeting
from qingfeng.decisions.queries import people, reminders, signers
from qingfeng.notifications import actions as notifications
from qingfeng.notifications.enums import Urgency


def of_turn(*, approval_id: int, step_id: int, at: dt.datetime) -> int:
    """Tell whoever may sign next; who asked does not sign his own."""
    step = ApprovalStep.objects.select_related("approval", "user").get(pk=step_id)
    signing = [user for user in signers.holders(step) if user.pk != step.approval.asked_by_id]
    return _write(signing, "有一件呈批等您签批", "decisions:approval", approval_id, at)


def of_outcome(*, approval_id: int, words: str, at: dt.datetime) -> int:
    """Tell who asked how it ended."""
    approval = Approval.objects.select_related("asked_by").get(pk=approval_id)
    asked = [approval.asked_by] if approval.asked_by else []
    return _write(asked, f"您呈批的一件事项{words}", "decisions:approval", approval.pk, at)


def of_matter(*, matter_id: int, at: dt.datetime) -> int:
    """Tell the clerks that a matter waits for a meeting."""
    clerks = list(people.clerks(at.date()))
    return _write(clerks, "有一项议题待列入会议议程", "decisions:matter", matter_id, at)


def of_decision(*, matter_id: int, words: str, at: dt.datetime) -> int:
    """Tell who submitted a matter that the committee has dealt with it."""
    matter = Matter.objects.select_related("submitted_by").get(pk=matter_id)
    asked = [matter.submitted_by] if matter.submitted_by else []
    return _write(asked, f"您提交的一项议题{words}", "decisions:matter", matter.pk, at)


def of_meeting(*, meeting_id: int, at: dt.datetime) -> int:
    """Call everybody who is expected."""
    meeting = Meeting.objects.get(pk=meeting_id)
    rows = meeting.attendances.filter(user__isnull=False).select_related("user").order_by("pk")
    called = {row.user_id: row.user for row in rows if row.user}
    return _write(
        list(called.values()), "请参加常委会会议，点开看时间和议程", "decisions:meeting", meeting.pk, at
    )


@transaction.atomic
def remind_of_late(*, at: dt.datetime) -> int:
    """Remind whoever has not signed in time; once a day."""
    sent = 0
    for step in reminders.late_steps(at):
        signing = [user for user in signers.holders(step) if user.pk != step.approval.asked_by_id]
        title, pk = "有一件呈批已过签批期限", step.approval_id
        sent += _write(signing, title, "decisions:approval", pk, at, urgency=Urgency.URGENT)
    return sent


def _write(
    recipients: list[User],
    title: str,
    page: str,
    pk: int,
    at: dt.datetime,
    *,
    urgency: str = Urgency.ORDINARY,
) -> int:
    return notifications.send(
        recipients=recipients,
        title=title,
        body="点开可以查看和办理。",
        link=reverse(page, args=[pk]),
        by=SYSTEM,
        at=at,
        urgency=urgency,
    )
