"""Send the trial result to the units for checking, give them more time, and close the checking."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import appeals, common
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.events import AppealsExtended, AppealsOpened, ResultSettled
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import checking, checking_obstacles
from qingfeng.evaluation.queries import results as queries
from qingfeng.workflow import deadlines, engine
from qingfeng.workflow.enums import LimitUnit


@transaction.atomic
def open_appeals(*, round: Round, by: Actor, at: dt.datetime) -> Round:
    """Send the trial result to the units: each reads its own, and may appeal within the window."""
    row = common.begin(round, states.OPEN_APPEALS, rule=rules.open_appeals, by=by)
    revision = queries.require_revision(row)
    engine.advance(round, states.OPEN_APPEALS, rule=rules.open_appeals, by=by, at=at)
    deadlines.set_deadline(
        subject=round,
        name=checking.name_of(revision.number),
        label="核对申诉",
        started=common.date_of(at),
        unit=LimitUnit.WORKING_DAYS,
        amount=checking.days(),
        basis=f"设置“{checking.WINDOW_DAYS.label}”",
        by=by,
        at=at,
    )
    events.publish(AppealsOpened(round_id=round.pk, revision_id=revision.pk))
    return round


@transaction.atomic
def extend_appeals(*, round: Round, days: int, reason: str, by: Actor, at: dt.datetime) -> dt.date:
    """Give the units some more working days, with a reason; return the new last day."""
    row = common.locked(round)
    rules.open_appeals.check(by, row)
    common.require_gate(row.state == RoundState.APPEALING, row, "延长核对申诉期限")
    text = common.require_reason(reason, "延长理由")
    if not 1 <= days <= int(checking.WINDOW_DAYS.maximum or days):
        raise Refused(f"延长天数应在 1 至 {checking.WINDOW_DAYS.maximum} 个工作日之间")
    window = checking.window_of(row)
    if window is None:
        raise Refused("本轮还没有发各单位核对")
    deadlines.extend(deadline=window.limit, amount=days, reason=text, approval="党风室", by=by, at=at)
    audit.record(action="round.extend_appeals", by=by, at=at, subject=references.reference_to(row))
    events.publish(AppealsExtended(round_id=row.pk))
    window.limit.refresh_from_db()
    return window.limit.due_date or window.due


@transaction.atomic
def settle(*, round: Round, by: Actor, at: dt.datetime) -> Round:
    """Close the checking: the result as it stands goes to the standing committee.

    Raises `Refused` before the window is over (unless every unit has answered), while an appeal is undecided
    or its correction is not computed yet, naming each.
    """
    row = common.begin(round, states.SETTLE, rule=rules.settle, by=by)
    faults = checking_obstacles.of(row, common.date_of(at))
    if faults:
        raise Refused(*faults)
    revision = queries.require_revision(row)
    appeals.expire_drafts(row, by=by, at=at)
    engine.advance(round, states.SETTLE, rule=rules.settle, by=by, at=at)
    close_window(round, by=by, at=at)
    events.publish(ResultSettled(round_id=round.pk, revision_id=revision.pk))
    return round


def close_window(round: Round, *, by: Actor, at: dt.datetime) -> None:
    """Meet the limit of the checking: it was held, or the round was taken back."""
    window = checking.window_of(round)
    if window is not None:
        deadlines.meet(deadline=window.limit, by=by, at=at)
