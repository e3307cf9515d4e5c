"""What units hand in: self-report, evidence, sign-off, returns."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.core import events
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import SubmissionState
from qingfeng.evaluation.events import EvidenceReturned, SubmissionReturned, SubmissionSigned
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import rounds
from qingfeng.evaluation.queries import submissions as queries
from qingfeng.workflow import engine

EDITABLE = {SubmissionState.DRAFTING, SubmissionState.RETURNED}


@transaction.atomic
def save_report(
    *, submission: Submission, self_report: str, lock: int, by: Actor, at: dt.datetime
) -> Submission:
    """Save the self-report as a draft. Raises `Conflict` where somebody saved since the page was opened."""
    row = _editable(submission, by=by)
    common.check_lock(row, lock)
    row.self_report = self_report
    row.lock += 1
    row.save(update_fields=["self_report", "lock"])
    return row


@transaction.atomic
def offer_evidence(
    *,
    submission: Submission,
    indicator: str,
    text: str,
    by: Actor,
    at: dt.datetime,
    carried_over: bool = False,
) -> EvidenceItem:
    """Write the evidence for one indicator. Raises `Refused` for an indicator that asks for none."""
    row = _editable(submission, by=by)
    if indicator not in {entry.code for entry in rounds.evidence_indicators(row.round_unit.round)}:
        raise Refused("本轮没有要求报送这项指标的材料")
    values = {
        "text": text.strip(),
        "carried_over": carried_over,
        "changed_at": at,
        "changed_by_id": common.actor_id(by),
    }
    item, _ = EvidenceItem.objects.update_or_create(submission=row, indicator=indicator, defaults=values)
    Submission.objects.filter(pk=row.pk).update(lock=row.lock + 1)
    return item


@transaction.atomic
def carry_over(*, submission: Submission, by: Actor, at: dt.datetime, indicator: str = "") -> int:
    """Take over last round's evidence where none is written yet (无变化沿用上季), and count the items.

    With `indicator` only that item: the unit says of it that nothing has changed. Raises `Refused` where it
    is written already, or the last round has nothing for it.
    """
    row = _editable(submission, by=by)
    earlier = queries.previous(row)
    if earlier is None:
        raise Refused("没有上一轮的报送材料可以沿用")
    wanted = {entry.code for entry in rounds.evidence_indicators(row.round_unit.round)}
    wanted -= set(row.evidence.values_list("indicator", flat=True))
    old = [item for item in earlier.evidence.all() if item.indicator in wanted and item.text]
    if indicator:
        old = [item for item in old if item.indicator == indicator]
        if not old:
            raise Refused("这一项已经写过，或者上季没有报送，请直接填写")
    for item in old:
        offer_evidence(
            submission=row, indicator=item.indicator, text=item.text, carried_over=True, by=by, at=at
        )
    return len(old)


@transaction.atomic
def hand_in(
    *, submission: Submission, by: Actor, at: dt.datetime, with_gaps: bool = False, note: str = ""
) -> Submission:
    """Hand the submission to the unit's head for sign-off.

    Raises `Refused` where the self-report is empty, or where indicators have no evidence and `with_gaps` does
    not say that the unit knows it.
    """
    _require_open(submission)
    row = common.begin(submission, states.HAND_IN, rule=rules.hand_in, by=by)
    gaps = queries.gaps(row)
    if not row.self_report.strip():
        raise Refused("请先填写自评报告")
    if gaps and not with_gaps:
        names = "、".join(entry.name for entry in gaps[:6])
        raise Refused(
            f"还有 {len(gaps)} 项指标没有材料（{names}），缺项将按评价方案处理，请补齐或确认缺项提交"
        )
    engine.advance(submission, states.HAND_IN, rule=rules.hand_in, by=by, at=at, note=note)
    Submission.objects.filter(pk=submission.pk).update(
        handed_in_at=at, handed_in_by=common.actor_id(by), signed_at=None, signed_by=None, return_reason=""
    )
    submission.refresh_from_db()
    return submission


@transaction.atomic
def sign(*, submission: Submission, by: Actor, at: dt.datetime, note: str = "") -> Submission:
    """Sign the submission off as the unit's head: it counts from now on."""
    _require_open(submission)
    engine.advance(submission, states.SIGN, rule=rules.sign, by=by, at=at, note=note)
    Submission.objects.filter(pk=submission.pk).update(
        signed_at=at, signed_by=common.actor_id(by), return_due_on=None
    )
    submission.refresh_from_db()
    events.publish(SubmissionSigned(submission_id=submission.pk))
    return submission


@transaction.atomic
def send_back(*, submission: Submission, reason: str, by: Actor, at: dt.datetime) -> Submission:
    """Send it back to the liaison instead of signing."""
    text = common.require_reason(reason, "退回理由")
    engine.advance(submission, states.SEND_BACK, rule=rules.send_back, by=by, at=at, note=text)
    return _returned(submission, text, None)


@transaction.atomic
def return_submission(
    *, submission: Submission, reason: str, due_on: dt.date, by: Actor, at: dt.datetime
) -> Submission:
    """Return a signed submission to the unit as a whole, with a reason and a date."""
    _require_open(submission)
    text = common.require_reason(reason, "退回理由")
    if due_on < common.date_of(at):
        raise Refused("补正期限不能早于今天")
    engine.advance(
        submission, states.RETURN_SUBMISSION, rule=rules.return_submission, by=by, at=at, note=text
    )
    row = _returned(submission, text, due_on)
    events.publish(SubmissionReturned(submission_id=row.pk))
    return row


def _returned(submission: Submission, reason: str, due_on: dt.date | None) -> Submission:
    Submission.objects.filter(pk=submission.pk).update(
        return_reason=reason, return_due_on=due_on, signed_at=None, signed_by=None
    )
    submission.refresh_from_db()
    return submission


@transaction.atomic
def accept_evidence(*, item: EvidenceItem, by: Actor, at: dt.datetime) -> EvidenceItem:
    """Accept one item as a department that scores the indicator."""
    _require_judged(item)
    engine.advance(item, states.ACCEPT_EVIDENCE, rule=rules.judge_evidence, by=by, at=at)
    return item


@transaction.atomic
def return_evidence(
    *, item: EvidenceItem, reason: str, due_on: dt.date, by: Actor, at: dt.datetime
) -> EvidenceItem:
    """Return one item to the unit for change, with a reason and a date."""
    _require_judged(item)
    text = common.require_reason(reason, "退回理由")
    if due_on < common.date_of(at):
        raise Refused("补正期限不能早于今天")
    engine.advance(item, states.RETURN_EVIDENCE, rule=rules.judge_evidence, by=by, at=at, note=text)
    EvidenceItem.objects.filter(pk=item.pk).update(
        return_reason=text, return_due_on=due_on, returned_at=at, returned_by=common.actor_id(by)
    )
    item.refresh_from_db()
    events.publish(EvidenceReturned(evidence_id=item.pk))
    return item


@transaction.atomic
def offer_again(*, item: EvidenceItem, text: str, by: Actor, at: dt.datetime) -> EvidenceItem:
    """Answer a return with the item as changed."""
    _require_open(item.submission)
    if not text.strip():
        raise Refused("请填写补正后的情况说明")
    engine.advance(item, states.OFFER_AGAIN, rule=rules.offer_again, by=by, at=at)
    EvidenceItem.objects.filter(pk=item.pk).update(
        text=text.strip(), changed_at=at, changed_by=common.actor_id(by), carried_over=False
    )
    item.refresh_from_db()
    return item


def _require_judged(item: EvidenceItem) -> None:
    _require_open(item.submission)
    if item.submission.state != SubmissionState.SIGNED:
        raise WrongState("单位尚未审签报送，不能审核材料")


def _require_open(submission: Submission) -> None:
    unit = submission.round_unit
    common.require_gate(unit.round.is_open_for_units, unit.round, "报送或退回材料")
    if unit.left_at is not None:
        raise WrongState("该单位已退出本轮评价")


def _editable(submission: Submission, *, by: Actor) -> Submission:
    row = common.locked(submission)
    rules.edit_submission.check(by, row)
    _require_open(row)
    if row.state not in EDITABLE:
        raise WrongState(f"报送当前为“{row.get_state_display()}”，不能修改；需要修改的，请负责人或党风室退回")
    return row
