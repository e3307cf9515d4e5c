"""The gate of a correction by appeal: the appeal is under review, and who corrects may decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qingfeng.core.actors import Actor
from qingfeng.core.errors import WrongState
from qingfeng.core.references import Reference
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import AppealState, AppealSubject, RoundState
from qingfeng.evaluation.models.appeals import Appeal, AppealCorrection


def require(appeal: Appeal, kind: AppealSubject, subject_id: int | None, *, by: Actor) -> Appeal:
    """Return the appeal, locked, if it lets this subject be corrected now. Raises `WrongState`, `Denied`."""
    round = common.locked(appeal.round)
    common.require_gate(round.state == RoundState.APPEALING, round, "按申诉更正")
    row = common.locked(appeal)
    if row.state != AppealState.REVIEWING:
        raise WrongState(f"申诉当前为“{row.get_state_display()}”，不能更正")
    if row.subject_kind != kind or (subject_id is not None and row.subject_id != subject_id):
        raise WrongState("申诉的不是这一分，不能据此更正")
    rules.decide_appeal.check(by, row)
    return row


def note(
    appeal: Appeal,
    target: Reference,
    summary: str,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Actor,
    at: dt.datetime,
) -> AppealCorrection:
    """Keep what the appeal changed: the row, before and after."""
    return AppealCorrection.objects.create(
        appeal=appeal,
        target_kind=target.kind,
        target_id=target.id,
        before=dict(before),
        after=dict(after),
        summary=summary[:300],
        made_at=at,
        made_by_id=by.pk,
    )


def reason_of(appeal: Appeal, text: str, limit: int) -> str:
    """Name the appeal before a reason, and hold it to the field's length."""
    return f"第{appeal.number}号申诉更正：{text}"[:limit]
