"""Decide appeals: accept, ask the scorer's department, decide with reasons, correct as data, recompute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from qingfeng.core import events, preferences, working_days
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import AppealState, RoundState
from qingfeng.evaluation.events import AppealAccepted, AppealCommented, AppealDecided, CorrectionGranted
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.queries import appeal_parties
from qingfeng.evaluation.queries import appeals as queries
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

Correct = Callable[[Appeal], Any]
"""Corrects what an appeal is about, by one of the actions that end in `_on_appeal`."""


@transaction.atomic
def accept(*, appeal: Appeal, by: Actor, at: dt.datetime) -> Appeal:
    """Take an appeal in for review, and ask those who made the point for a written comment."""
    engine.advance(appeal, states.ACCEPT_APPEAL, rule=rules.accept_appeal, by=by, at=at)
    days = int(preferences.get(queries.COMMENT_DAYS.key))
    Appeal.objects.filter(pk=appeal.pk).update(
        accepted_at=at,
        accepted_by=common.actor_id(by),
        comment_unit_id=appeal_parties.department_of(appeal),
        comment_due_on=working_days.add_working_days(common.date_of(at), days),
    )
    appeal.refresh_from_db()
    events.publish(AppealAccepted(appeal_id=appeal.pk))
    return appeal


@transaction.atomic
def comment(*, appeal: Appeal, text: str, by: Actor, at: dt.datetime) -> Appeal:
    """Explain in writing how the point was made; once given it stays. Raises `WrongState` a second time."""
    row = common.locked(appeal)
    rules.comment_appeal.check(by, row)
    if row.state != AppealState.REVIEWING:
        raise WrongState(f"申诉当前为“{row.get_state_display()}”，不能提交说明")
    if row.commented_at is not None:
        raise WrongState("书面说明已经提交")
    row.comment = common.require_reason(text, "书面说明")
    row.commented_at, row.commented_by_id = at, by.pk
    row.save(update_fields=["comment", "commented_at", "commented_by"])
    events.publish(AppealCommented(appeal_id=row.pk))
    return row


def decide(
    *,
    appeal: Appeal,
    outcome: str,
    reasons: str,
    by: Actor,
    at: dt.datetime,
    correct: Correct | None = None,
) -> Appeal:
    """Decide an appeal by the outcome's name: granted, partly or rejected. Raises as `grant`."""
    if outcome == AppealState.REJECTED:
        if correct is not None:
            raise Refused("维持原分的，不作更正")
        return reject(appeal=appeal, reasons=reasons, by=by, at=at)
    decided = {AppealState.GRANTED: grant, AppealState.PARTLY: grant_partly}.get(AppealState(outcome))
    if decided is None:
        raise Refused("请选定复核结论")
    if correct is None:
        raise Refused("予以更正的须写明更正内容")
    return decided(appeal=appeal, reasons=reasons, correct=correct, by=by, at=at)


@transaction.atomic
def grant(*, appeal: Appeal, reasons: str, correct: Correct, by: Actor, at: dt.datetime) -> Appeal:
    """Grant an appeal and correct what it is about, in one transaction; the recomputation follows as a job.

    `correct` is called with the appeal and makes the correction. Raises `Denied` for who stands behind the
    point, `Refused` without reasons or correction, or while the written comment is neither given nor overdue.
    """
    return _decide(appeal, states.GRANT_APPEAL, rules.decide_appeal, reasons, correct, by=by, at=at)


@transaction.atomic
def grant_partly(*, appeal: Appeal, reasons: str, correct: Correct, by: Actor, at: dt.datetime) -> Appeal:
    """Grant an appeal in part. Raises as `grant`."""
    return _decide(appeal, states.GRANT_PARTLY, rules.decide_appeal, reasons, correct, by=by, at=at)


@transaction.atomic
def reject(*, appeal: Appeal, reasons: str, by: Actor, at: dt.datetime) -> Appeal:
    """Let the point stand, with reasons. Raises as `grant`."""
    return _decide(appeal, states.REJECT_APPEAL, rules.decide_appeal, reasons, None, by=by, at=at)


def _decide(
    appeal: Appeal,
    step: Transition,
    rule: Rule,
    reasons: str,
    correct: Correct | None,
    *,
    by: Actor,
    at: dt.datetime,
) -> Appeal:
    round = common.locked(appeal.round)
    row = common.begin(appeal, step, rule=rule, by=by)
    common.require_gate(round.state == RoundState.APPEALING, round, "决定申诉")
    text = common.require_reason(reasons, "复核意见")
    _require_heard(row, common.date_of(at))
    if correct is not None:
        correct(row)
        if not row.corrections.exists():
            raise Refused("没有作出更正")
    engine.advance(appeal, step, rule=rule, by=by, at=at)
    Appeal.objects.filter(pk=row.pk).update(decision=text, decided_at=at, decided_by=common.actor_id(by))
    appeal.refresh_from_db()
    events.publish(AppealDecided(appeal_id=row.pk))
    if correct is not None:
        events.publish(CorrectionGranted(appeal_id=row.pk, round_id=round.pk))
    return appeal


def _require_heard(appeal: Appeal, today: dt.date) -> None:
    due = appeal.comment_due_on
    if appeal.commented_at is None and due is not None and today <= due:
        raise Refused(f"评分部门还没有交书面说明（期限 {due:%Y-%m-%d}），交来或者期满以后再决定")
