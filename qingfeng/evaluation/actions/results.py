"""Freeze the data, compute, approve, announce, and take back for correction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.rules import Rule
from qingfeng.decisions.models.recording import Resolution
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import checking, common, computing, gathering, gathering_facts
from qingfeng.evaluation.enums import ProposalState, RoundState, TaskState
from qingfeng.evaluation.events import (
    ComputationRequested,
    ResultAnnounced,
    ResultApproved,
    ResultComputed,
    RoundFrozen,
    RoundReopened,
)
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.evaluation.models.results import Approval, Revision, Snapshot
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import appeals as appeal_queries
from qingfeng.evaluation.queries import ballots, committee, frozen, progress
from qingfeng.evaluation.queries import checking as checking_queries
from qingfeng.evaluation.queries import results as queries
from qingfeng.evaluation.scoring import freezing
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition


@transaction.atomic
def freeze(*, round: Round, by: Actor, at: dt.datetime, with_gaps: bool = False) -> Snapshot:
    """Freeze what has come: sources that delivered nothing are marked so, and count as not applicable.

    Raises `Refused` naming what is missing, unless `with_gaps` says that the officer knows it; and always
    where the round's urn is not mixed, or points within a range or proposed adjustments are not decided yet.
    """
    row = common.begin(round, states.FREEZE, rule=rules.freeze, by=by)
    obstacle = ballots.why_not_frozen(row)
    if obstacle:
        raise Refused(obstacle)
    _require_decided(row)
    missing = progress.late_parts(row).sentences
    if missing and not with_gaps:
        raise Refused(*missing)
    engine.advance(round, states.FREEZE, rule=rules.freeze, by=by, at=at, note=row.correction_reason)
    for task in row.data_tasks.filter(state=TaskState.AWAITING):
        engine.advance(task, states.MISS, rule=rules.miss_task, by=by, at=at)
    snapshot = take_snapshot(row, by=by, at=at)
    events.publish(RoundFrozen(round_id=row.pk, snapshot_id=snapshot.pk))
    return snapshot


def _require_decided(round: Round) -> None:
    undecided = [fact.title for fact in gathering_facts.undecided(round)]
    if undecided:
        raise Refused(f"还有 {len(undecided)} 件事实未在幅度内选定分值：{'；'.join(undecided[:5])}")
    proposed = Adjustment.objects.filter(round_unit__round=round, state=ProposalState.PROPOSED).count()
    if proposed:
        raise Refused(f"还有 {proposed} 件专项加减分未核准，请书记或分管领导先作决定")


def take_snapshot(round: Round, *, by: Actor, at: dt.datetime, reason: str = "") -> Snapshot:
    """Gather what the result depends on and keep it frozen: the part of `freeze` that reads."""
    inputs = gathering.gather(round)
    last = round.snapshots.aggregate(last=Max("number"))["last"] or 0
    digest = freezing.digest(inputs)
    frozen.keep(digest, inputs)
    return Snapshot.objects.create(
        round=round,
        number=last + 1,
        content=freezing.to_bytes(inputs),
        digest=digest,
        reason=reason or round.correction_reason,
        taken_at=at,
        taken_by_id=common.actor_id(by),
    )


@transaction.atomic
def unfreeze(*, round: Round, reason: str, by: Actor, at: dt.datetime) -> Round:
    """Take new data in again before anything was computed. The frozen copy stays."""
    return _back(round, states.UNFREEZE, rules.unfreeze, reason, by=by, at=at)


@transaction.atomic
def reopen(*, round: Round, reason: str, by: Actor, at: dt.datetime) -> Round:
    """Return a computed, approved or announced round for correction; its next computation is a new revision.

    What was announced stays what units see, until the next revision is announced.
    """
    row = _back(round, states.REOPEN, rules.reopen, reason, by=by, at=at)
    checking.close_window(row, by=by, at=at)
    events.publish(RoundReopened(round_id=row.pk))
    return row


def _back(round: Round, step: Transition, rule: Rule, reason: str, *, by: Actor, at: dt.datetime) -> Round:
    common.begin(round, step, rule=rule, by=by)
    text = common.require_reason(reason, "更正理由")
    engine.advance(round, step, rule=rule, by=by, at=at, note=text)
    Round.objects.filter(pk=round.pk).update(correction_reason=text)
    for task in round.data_tasks.filter(state=TaskState.MISSING):
        engine.advance(task, states.AWAIT_AGAIN, rule=rules.miss_task, by=by, at=at, note=text)
    round.refresh_from_db()
    return round


@transaction.atomic
def request_computation(*, round: Round, by: Actor, at: dt.datetime) -> Snapshot:
    """Ask for the trial computation; a durable job does it and shows its progress."""
    row = common.locked(round)
    rules.compute.check(by, row)
    common.require_gate(row.state == RoundState.FROZEN, row, "试算")
    snapshot = queries.latest_snapshot(row)
    if snapshot is None:
        raise Refused("还没有冻结数据")
    audit.record(action="round.request_computation", by=by, at=at, subject=references.reference_to(row))
    events.publish(ComputationRequested(round_id=row.pk, snapshot_id=snapshot.pk, by_id=common.actor_id(by)))
    return snapshot


@transaction.atomic
def compute(*, snapshot: Snapshot, by: Actor, at: dt.datetime) -> Revision:
    """Compute a frozen copy into a new revision. Run twice for one copy, it does its work once."""
    row = common.locked(snapshot.round)
    done = Revision.objects.filter(snapshot=snapshot).first()
    if done is not None:
        return done
    before = queries.latest_revision(row)
    engine.advance(row, states.COMPUTE, rule=rules.compute, by=by, at=at)
    revision = computing.store(snapshot, before, by=by, at=at)
    events.publish(ResultComputed(round_id=row.pk, revision_id=revision.pk))
    return revision


@transaction.atomic
def recompute(*, round: Round, by: Actor, at: dt.datetime) -> Revision | None:
    """Take the corrections of granted appeals into a new revision, while the units are still checking.

    The revision names the appeals as its reason. Run twice, it does its work once: None where every
    correction has been computed.
    """
    row = common.locked(round)
    granted = list(appeal_queries.to_recompute(row))
    if not granted:
        return None
    engine.advance(row, states.RECOMPUTE, rule=rules.recompute, by=by, at=at)
    numbers = "、".join(f"第{appeal.number}号（{appeal.round_unit.short_name}）" for appeal in granted)
    before = queries.latest_revision(row)
    snapshot = take_snapshot(row, by=by, at=at, reason=f"申诉更正：{numbers}"[:500])
    revision = computing.store(snapshot, before, by=by, at=at)
    Appeal.objects.filter(pk__in=[appeal.pk for appeal in granted]).update(corrected_in=revision)
    events.publish(ResultComputed(round_id=row.pk, revision_id=revision.pk))
    return revision


@transaction.atomic
def approve(
    *,
    round: Round,
    meeting: str,
    decided_on: dt.date,
    outside: str,
    by: Actor,
    at: dt.datetime,
    note: str = "",
) -> Approval:
    """Record a decision that the standing committee took outside of the platform, and why there.

    Raises `Refused` without a meeting or a reason, and while the result waits as a matter on the platform.
    """
    row = common.begin(round, states.APPROVE, rule=rules.approve_result, by=by)
    revision = queries.require_revision(row)
    text = common.require_reason(meeting, "会议名称和次数")
    reason = common.require_reason(outside, "为什么没有在平台上开会")
    standing = committee.standing(revision)
    if standing is not None and standing.is_open:
        raise Refused("议题已经提请常委会，由会议议决后自动登记；确需线下登记的，请先撤回议题")
    if decided_on > common.date_of(at):
        raise Refused("审定日期不能晚于今天")
    if decided_on < _checked_on(row, revision):
        raise Refused("审定日期不能早于核对申诉结束的日期")
    engine.advance(round, states.APPROVE, rule=rules.approve_result, by=by, at=at, note=note)
    values = {"meeting": text, "decided_on": decided_on, "note": note.strip(), "outside_reason": reason}
    return _approved(round, revision, values, by=by, at=at)


@transaction.atomic
def approve_by_committee(*, round: Round, resolution: Resolution, by: Actor, at: dt.datetime) -> Approval:
    """Take the resolution of a meeting of the platform as the decision on the round's last revision."""
    engine.advance(round, states.APPROVE, rule=rules.approve_result, by=by, at=at)
    words = f"{resolution.get_result_display()}：{resolution.text}"
    values = {
        "meeting": str(resolution.item.meeting)[:80],
        "decided_on": resolution.decided_on,
        "note": words[:500],
        "matter_id": resolution.item.matter_id,
    }
    return _approved(round, queries.require_revision(round), values, by=by, at=at)


def _approved(
    round: Round, revision: Revision, values: dict[str, Any], *, by: Actor, at: dt.datetime
) -> Approval:
    approval = Approval.objects.create(
        revision=revision, approved_at=at, approved_by_id=common.actor_id(by), **values
    )
    events.publish(ResultApproved(round_id=round.pk, revision_id=revision.pk))
    return approval


def _checked_on(round: Round, revision: Revision) -> dt.date:
    """Return the day on which the units' checking was closed."""
    window = checking_queries.window_of(round)
    closed_at = window.limit.met_at if window is not None else None
    return common.date_of(closed_at or revision.computed_at)


@transaction.atomic
def announce(*, round: Round, by: Actor, at: dt.datetime) -> Revision:
    """Announce the approved revision: from now on each unit sees its own result."""
    engine.advance(round, states.ANNOUNCE, rule=rules.announce, by=by, at=at)
    revision = queries.require_revision(round)
    Revision.objects.filter(pk=revision.pk).update(announced_at=at, announced_by=common.actor_id(by))
    Round.objects.filter(pk=round.pk).update(correction_reason="")
    revision.refresh_from_db()
    events.publish(ResultAnnounced(round_id=round.pk, revision_id=revision.pk))
    return revision
