"""How tests come to approvals and meetings: by the app's own actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import approvals
from qingfeng.decisions.actions.approvals import StepDraft
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.queries import signers
from tests.stories import user_with

AT = timezone.make_aware(dt.datetime(2026, 4, 7, 9, 0))
SUBJECT = Reference("test_thing", 7)


@dataclass
class House:
    """The people of a commission, each with one role."""

    officer: User
    deputy: User
    secretary: User
    clerk: User
    office: User


def house() -> House:
    return House(
        officer=user_with(Role.CONDUCT_OFFICE, name="承办人"),
        deputy=user_with(Role.DEPUTY_LEADER, name="分管领导甲"),
        secretary=user_with(Role.SECRETARY, name="书记甲"),
        clerk=user_with(Role.COMMITTEE_CLERK, name="记录员甲"),
        office=user_with(Role.OFFICE, name="办公室甲"),
    )


def asked(people: House, **changes: Any) -> Approval:
    """Return an approval that the deputy leader and then the secretary sign."""
    given: dict[str, Any] = {
        "subject": SUBJECT,
        "title": "关于印发第一季度评价通报的请示",
        "body": "第一季度评价已经完成，拟印发通报。",
        "steps": [StepDraft(role=Role.DEPUTY_LEADER), StepDraft(role=Role.SECRETARY)],
        "by": people.officer,
        "at": AT,
    }
    return approvals.request(**{**given, **changes})


def current(approval: Approval) -> ApprovalStep:
    step = signers.current_step(approval)
    assert step is not None
    return step


def endorsed(people: House, **changes: Any) -> Approval:
    """Return an approval that waits for the secretary."""
    approval = asked(people, **changes)
    approvals.give_opinion(step=current(approval), agree=True, text="拟同意。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def granted(people: House, **changes: Any) -> Approval:
    approval = endorsed(people, **changes)
    approvals.give_opinion(step=current(approval), agree=True, text="同意。", by=people.secretary, at=AT)
    approval.refresh_from_db()
    return approval


def refused(people: House) -> Approval:
    approval = asked(people)
    approvals.give_opinion(step=current(approval), agree=False, text="理由不充分。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def returned(people: House) -> Approval:
    approval = asked(people)
    approvals.send_back(step=current(approval), text="请补充数据。", by=people.deputy, at=AT)
    approval.refresh_from_db()
    return approval


def withdrawn(people: House) -> Approval:
    approval = asked(people)
    approvals.withdraw(approval=approval, reason="材料有误。", by=people.officer, at=AT)
    return approval
