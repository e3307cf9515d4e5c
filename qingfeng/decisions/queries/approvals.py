from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from qingfeng.core import working_days
from qingfeng.core.references import Reference
from qingfeng.decisions.enums import ApprovalState
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.queries import scope, signers
from qingfeng.documents.models.files import FileVersion
from qingfeng.workflow import deadlines
from qingfeng.workflow.deadlines import Status
from qingfeng.workflow.models import Deadline

SIGN_LIMIT = "sign"


def visible_to(user: Any) -> QuerySet[Approval]:
    """Return the approvals in the user's scope."""
    return scope.approvals(user)


def of_subject(where: Reference) -> QuerySet[Approval]:
    """Return every approval of a thing, the newest first; the caller has checked who may know."""
    return Approval.objects.filter(subject_kind=where.kind, subject_id=where.id).order_by("-pk")


def is_granted(where: Reference, *, title: str = "") -> bool:
    """Say whether the newest approval of a thing (with a title, of that name) was granted.

    One that was withdrawn or refused and not asked again leaves the thing without approval.
    """
    rows = of_subject(where)
    newest = (rows.filter(title=title) if title else rows).first()
    return newest is not None and newest.state == ApprovalState.GRANTED


def with_chain(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """Load the chain of each with its opinions, and the last day of the step that is next (`due`)."""
    steps = ApprovalStep.objects.select_related("user", "written__by", "written__stands_in_for").order_by(
        "position"
    )
    current = ApprovalStep.objects.filter(approval=OuterRef("pk"), written__isnull=True).order_by("position")
    limit = Deadline.objects.filter(
        subject_kind=ApprovalStep.kind, subject_id=OuterRef("current_step"), name=SIGN_LIMIT, met_at=None
    )
    return (
        rows.select_related("asked_by", "follows")
        .prefetch_related(Prefetch("steps", steps))
        .annotate(current_step=Subquery(current.values("pk")[:1]))
        .annotate(due=Subquery(limit.values("due_date")[:1]))
    )


def waiting_for(user: Any) -> QuerySet[Approval]:
    """Return the approvals that wait for the user's signature; one's own requests are signed by others."""
    now = signers.steps_of(user).filter(signers.REACHED, written__isnull=True)
    rows = Approval.objects.filter(state=ApprovalState.PENDING, pk__in=now.values("approval"))
    return rows.exclude(asked_by=user.pk)


def signed_by(user: Any) -> QuerySet[Approval]:
    own = ApprovalStep.objects.filter(approval=OuterRef("pk"), written__by=user.pk)
    return Approval.objects.filter(Exists(own))


@dataclass(frozen=True)
class Place:
    """One step of a chain as pages and prints show it."""

    step: ApprovalStep
    is_current: bool
    limit: Status | None


def chain(approval: Approval, today: dt.date) -> list[Place]:
    """Return the steps of an approval loaded by `with_chain`, with the limit of the one that is next."""
    steps = list(approval.steps.all())
    is_open = approval.state == ApprovalState.PENDING
    current = next((step for step in steps if not hasattr(step, "written")), None) if is_open else None
    limit = limit_of(current) if current else None
    shown = deadlines.status(limit, today, working_days.overrides()) if limit else None
    return [Place(step, step is current, shown if step is current else None) for step in steps]


def limit_of(step: ApprovalStep) -> Deadline | None:
    return Deadline.objects.filter(
        subject_kind=ApprovalStep.kind, subject_id=step.pk, name=SIGN_LIMIT
    ).first()


def papers(approval: Approval) -> list[FileVersion]:
    """Return the papers of an approval, in the order they were added."""
    rows = FileVersion.objects.filter(attachment__owner_kind=Approval.kind, attachment__owner_id=approval.pk)
    return list(rows.select_related("stored", "by", "attachment").order_by("attachment_id", "number"))


def may_open(user: Any, version: FileVersion) -> bool:
    """Let those who may know of an approval open its papers."""
    return scope.approvals(user).filter(pk=version.attachment.owner_id).exists()


def successor(approval: Approval) -> Approval | None:
    """Return the request by which the same was asked again."""
    return Approval.objects.filter(follows=approval.pk).first()
