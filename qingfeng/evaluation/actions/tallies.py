"""Ballot tallies by Excel, and unit-specific deductions and bonuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common, rulings
from qingfeng.evaluation.enums import AppealSubject, ProposalState
from qingfeng.evaluation.gateways import tally_book
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Adjustment, BallotTally
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import appeal_parties, ballots, rounds
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

BATCH = 500


def tally_template(*, round: Round, by: Actor) -> bytes:
    """Return the Excel template of the ballot tallies: a row for each unit, group and question."""
    rules.import_tallies.check(by, round)
    units = list(rounds.taking_part(round).values_list("code", "short_name"))
    return tally_book.template(rounds.scheme_of(round), queries.due_questions(round), units)


@transaction.atomic
def import_tallies(*, round: Round, content: bytes, by: Actor, at: dt.datetime) -> int:
    """Take over a sheet of tallies, all or nothing; it replaces what stands. Return how many rows it made.

    Raises `FaultyWorkbook` with every fault, and `Refused` where the round has an urn, or the file is no
    workbook.
    """
    row = common.locked(round)
    rules.import_tallies.check(by, row)
    common.require_gate(row.is_open_for_scores, row, "导入测评票数")
    obstacle = ballots.why_no_paper(row)
    if obstacle:
        raise Refused(obstacle)
    units = dict(rounds.taking_part(row).values_list("code", "pk"))
    found = tally_book.read(content, rounds.scheme_of(row), queries.due_questions(row), set(units))
    BallotTally.objects.filter(round_unit__round=row).delete()
    made = BallotTally.objects.bulk_create(
        (
            BallotTally(
                round_unit_id=units[code],
                group=group,
                counts=counts,
                imported_at=at,
                imported_by_id=common.actor_id(by),
            )
            for code, groups in found.items()
            for group, counts in groups.items()
        ),
        batch_size=BATCH,
    )
    audit.record(action="round.import_tallies", by=by, at=at, subject=references.reference_to(row))
    return len(made)


@transaction.atomic
def propose_adjustment(
    *,
    round_unit: RoundUnit,
    code: str,
    points: Decimal,
    reason: str,
    reference: str,
    by: Actor,
    at: dt.datetime,
) -> Adjustment:
    """Propose a deduction or a bonus that the scheme names. Raises `Refused` outside its range."""
    round = common.locked(round_unit.round)
    rules.propose_adjustment.check(by, round)
    common.require_gate(round.is_open_for_scores, round, "提出专项加减分")
    known = {entry.code: entry for entry in rounds.scheme_of(round).adjustments}
    if code not in known:
        raise Refused("评价方案中没有这个加减分事项")
    entry = known[code]
    if not entry.low <= points <= entry.high:
        raise Refused(f"“{entry.name}”应在 {entry.low} 至 {entry.high} 分之间")
    return Adjustment.objects.create(
        round_unit=round_unit,
        code=code,
        adjustment_kind=str(entry.kind),
        thousandths=common.to_thousandths(points),
        reason=common.require_reason(reason, "理由"),
        reference=common.require_reason(reference, "依据"),
        proposed_at=at,
        proposed_by_id=common.actor_id(by),
    )


@transaction.atomic
def approve_adjustment(*, adjustment: Adjustment, by: Actor, at: dt.datetime, note: str = "") -> Adjustment:
    """Approve a proposal; it counts from now on. Nobody approves his own."""
    return _decide(adjustment, states.APPROVE_ADJUSTMENT, rules.decide_adjustment, note, by=by, at=at)


@transaction.atomic
def reject_adjustment(*, adjustment: Adjustment, reason: str, by: Actor, at: dt.datetime) -> Adjustment:
    """Turn a proposal down, with a reason."""
    text = common.require_reason(reason, "理由")
    return _decide(adjustment, states.REJECT_ADJUSTMENT, rules.decide_adjustment, text, by=by, at=at)


@transaction.atomic
def withdraw_adjustment(*, adjustment: Adjustment, reason: str, by: Actor, at: dt.datetime) -> Adjustment:
    """Take an approval back, with a reason."""
    text = common.require_reason(reason, "理由")
    return _decide(adjustment, states.WITHDRAW_ADJUSTMENT, rules.decide_adjustment, text, by=by, at=at)


def _decide(
    adjustment: Adjustment, step: Transition, rule: Rule, note: str, *, by: Actor, at: dt.datetime
) -> Adjustment:
    common.hold_open(adjustment.round_unit.round, "核准专项加减分")
    engine.advance(adjustment, step, rule=rule, by=by, at=at, note=note)
    Adjustment.objects.filter(pk=adjustment.pk).update(decided_at=at, decided_by=common.actor_id(by))
    adjustment.refresh_from_db()
    return adjustment


@transaction.atomic
def withdraw_on_appeal(*, appeal: Appeal, reason: str, by: Actor, at: dt.datetime) -> Adjustment:
    """Take an approved adjustment back because an appeal against it is granted."""
    case = rulings.require(appeal, AppealSubject.ADJUSTMENT, appeal.subject_id, by=by)
    row = Adjustment.objects.get(pk=case.subject_id or 0)
    text = rulings.reason_of(case, common.require_reason(reason, "更正理由"), 500)
    engine.advance(row, states.WITHDRAW_ADJUSTMENT, rule=rules.correct_adjustment, by=by, at=at, note=text)
    before = {"state": ProposalState.APPROVED, "thousandths": row.thousandths}
    summary = f"撤销{row.get_adjustment_kind_display()} {row.thousandths / 1000:g} 分"
    after = {"state": row.state}
    rulings.note(case, references.reference_to(row), summary, before=before, after=after, by=by, at=at)
    return row


@transaction.atomic
def recount_on_appeal(
    *, appeal: Appeal, counts: Mapping[str, int], by: Actor, at: dt.datetime
) -> BallotTally:
    """Put the recounted votes of one group on one question in place of those that were counted.

    What single voters answered is sealed and stays so: a tally can only be counted again.
    """
    case = rulings.require(appeal, AppealSubject.TALLY, None, by=by)
    channel = appeal_parties.channel_of(case)
    assert isinstance(channel, core.BallotChannel)
    known = {answer.code for answer in core.answers_of(rounds.scheme_of(case.round), channel)}
    if set(counts) != known or any(number < 0 for number in counts.values()):
        raise Refused("请填写每个选项重新计票的票数")
    if ballots.urn_of(case.round) is not None:
        raise Refused("票箱已经开箱混票，票数可用公布文件复算，不能更改；请维持原分并写明复算结果")
    row = BallotTally.objects.select_for_update().get(round_unit=case.round_unit, group=case.line)
    before = dict(row.counts.get(channel.question, {}))
    if {code: before.get(code, 0) for code in known} == dict(counts):
        raise Refused("重新计票与原来相同；不更正的，请选“维持原分”")
    row.counts = row.counts | {channel.question: dict(counts)}
    row.save(update_fields=["counts"])
    target = references.reference_to(row)
    rulings.note(case, target, "测评票数重新计票后更正", before=before, after=counts, by=by, at=at)
    return row
