from __future__ import annotations

import datetime as dt
from typing import Any

from qingfeng.audit.enums import Outcome
from qingfeng.audit.models import Entry
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference


def record(
    *,
    action: str,
    by: Actor | None,
    at: dt.datetime,
    subject: Reference | None = None,
    outcome: str = Outcome.DONE,
    address: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Write one line of the audit book: kinds and ids, never a case fact or a phone number."""
    return Entry.objects.create(
        at=at,
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "未登录",
        action=action,
        subject_kind=subject.kind if subject else "",
        subject_id=subject.id if subject else None,
        outcome=outcome,
        address=address,
        detail=detail or {},
    )
