"""The printed form of an approval, whose making is written into the book."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.decisions.layout import approval_sheet
from qingfeng.decisions.layout.approval_sheet import Sheet, Signature
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.queries import printing


def sheet_of(approval: Approval) -> Sheet:
    """Return what the form of an approval loaded by `with_chain` says."""
    return Sheet(
        body_name=printing.commission()[1],
        title=approval.title,
        office=printing.office_words(approval.office),
        asked_by=approval.asked_by.name if approval.asked_by else "系统",
        asked_on=timezone.localdate(approval.asked_on),
        body=approval.body,
        papers=printing.paper_names(approval),
        signatures=[_signature(step) for step in approval.steps.all()],
        remark=f"再次呈批，前次{approval.follows.get_state_display()}" if approval.follows else "",
    )


@transaction.atomic
def print_sheet(*, approval: Approval, by: Actor, at: dt.datetime) -> tuple[str, bytes]:
    """Return the form as a .docx with its name; who may know has been checked by the fetch in scope."""
    subject = references.reference_to(approval)
    audit.record(action="leaders_approval.print", by=by, at=at, subject=subject, detail={})
    return f"呈批表 {approval.title}.docx"[:120], approval_sheet.render(sheet_of(approval))


def _signature(step: ApprovalStep) -> Signature:
    written = getattr(step, "written", None)
    place = printing.step_words(step)
    if written is None:
        return Signature(place)
    stood = written.stands_in_for
    return Signature(
        place,
        opinion=written.get_opinion_display(),
        text=written.text,
        name=written.by.name,
        stands_in_for=stood.name if stood else "",
        date=timezone.localdate(written.at),
    )
