from __future__ import annotations

import datetime as dt

from django.utils import timezone

from qingfeng.decisions.enums import ApprovalState
from qingfeng.decisions.models.approvals import ApprovalStep
from qingfeng.decisions.queries.approvals import SIGN_LIMIT
from qingfeng.workflow.models import Deadline


def late_steps(at: dt.datetime) -> list[ApprovalStep]:
    """Return the steps that wait longer than their limit."""
    late = Deadline.objects.filter(
        subject_kind=ApprovalStep.kind, name=SIGN_LIMIT, met_at=None, due_date__lt=timezone.localdate(at)
    )
    rows = ApprovalStep.objects.filter(
        pk__in=late.values("subject_id"), approval__state=ApprovalState.PENDING, written__isnull=True
    )
    return list(rows.select_related("approval", "user").order_by("pk"))


def is_any_waiting(at: dt.datetime) -> bool:
    """Say whether anything waits for a signature, so that the daily job is worth starting."""
    return ApprovalStep.objects.filter(approval__state=ApprovalState.PENDING, written__isnull=True).exists()
