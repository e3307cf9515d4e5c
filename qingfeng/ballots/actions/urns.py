"""Urns: prepare, set the pools' sizes, open, close, throw away unread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from qingfeng.ballots import rules, states
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.events import UrnClosed, UrnDiscarded, UrnOpened
from qingfeng.ballots.models import COMMENT_LIMIT, SEATS, Keeper, Pool, Urn
from qingfeng.ballots.queries import issued, scope
from qingfeng.core import events
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.core.rules import Rule
from qingfeng.organizations.models import Unit
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

BATCH = 500
SMALLEST_MINIMUM = 2


@dataclass(frozen=True)
class AnswerDraft:
    """An answer; `is_valid` False is for 不了解 and the like, which is no vote."""

    code: str
    label: str
    is_valid: bool = True


@dataclass(frozen=True)
class QuestionDraft:
    """A question; `answers` are the codes it offers, `groups` whom it is asked of; none stands for all."""

    code: str
    text: str
    answers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class PoolDraft:
    unit: Unit
    group: str
    group_name: str
    size: int = 0


@dataclass(frozen=True)
class _Plan:
    questions: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def prepare(
    *,
    subject: Reference,
    title: str,
    questions: Sequence[QuestionDraft],
    answers: Sequence[AnswerDraft],
    pools: Sequence[PoolDraft],
    minimum: int,
    by: Actor,
    at: dt.datetime,
    closes_on: dt.date | None = None,
    comment_limit: int = COMMENT_LIMIT,
) -> Urn:
    """Prepare an urn about a subject that has none. Raises `Refused` with what does not fit together."""
    rules.prepare_urn.check(by)
    if scope.of_subject(subject) is not None:
        raise Refused("已经有一个票箱，不能再建")
    plan = _checked(questions, answers, pools, minimum)
    urn = Urn.objects.create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title,
        questions=plan.questions,
        answers=plan.answers,
        minimum=minimum,
        comment_limit=comment_limit,
        closes_on=closes_on,
        prepared_at=at,
        prepared_by_id=by.pk,
    )
    Pool.objects.bulk_create(
        (
            Pool(urn=urn, unit=row.unit, group=row.group, group_name=row.group_name, size=row.size)
            for row in pools
        ),
        batch_size=BATCH,
    )
    common.record("urn.prepare", urn, by=by, at=at, pools=len(pools))
    return urn


def _checked(
    questions: Sequence[QuestionDraft],
    answers: Sequence[AnswerDraft],
    pools: Sequence[PoolDraft],
    minimum: int,
) -> _Plan:
    known = [answer.code for answer in answers]
    groups = list(dict.fromkeys(row.group for row in pools))
    faults = _faults_of_questions(questions, set(known), set(groups))
    if not questions or not pools or not any(answer.is_valid for answer in answers):
        faults.append("票箱至少要有一道题、一个有效选项和一个测评群体")
    if len(set(known)) != len(known) or len(known) > 255:
        faults.append("选项编码重复或过多")
    if len({(row.unit.pk, row.group) for row in pools}) != len(pools):
        faults.append("同一单位的测评群体重复")
    if minimum < SMALLEST_MINIMUM:
        faults.append(f"最少有效票数不能小于 {SMALLEST_MINIMUM}")
    if faults:
        raise Refused(*faults)
    return _Plan(
        [
            {
                "code": question.code,
                "text": question.text,
                "answers": list(question.answers or known),
                "groups": list(question.groups or groups),
            }
            for question in questions
        ],
        [{"code": a.code, "label": a.label, "is_valid": a.is_valid} for a in answers],
    )


def _faults_of_questions(
    questions: Sequence[QuestionDraft], answers: set[str], groups: set[str]
) -> list[str]:
    faults = []
    if len({question.code for question in questions}) != len(questions):
        faults.append("题目编码重复")
    if any(set(question.answers) - answers for question in questions):
        faults.append("题目用到了没有定义的选项")
    if any(set(question.groups) - groups for question in questions):
        faults.append("题目用到了没有定义的测评群体")
    return faults


@transaction.atomic
def set_sizes(*, urn: Urn, sizes: Mapping[int, int], by: Actor, at: dt.datetime) -> Urn:
    """Say how many people pools have (pool id → number), before or while the urn is open.

    Raises `Refused` where a pool is not the urn's, or has more codes already.
    """
    row = common.locked(urn)
    rules.arrange_urn.check(by, row)
    common.require_state(row, "修改人数", UrnState.PREPARING, UrnState.OPEN)
    pools = {pool.pk: pool for pool in row.pools.select_related("unit")}
    if set(sizes) - set(pools) or any(size < 0 for size in sizes.values()):
        raise Refused("人数或测评群体有误，请刷新页面后再填")
    live = issued.live_counts(row)
    short = [
        f"“{pools[pk].unit.short_name}·{pools[pk].group_name}”已制发 {live[pk]} 张测评码，人数不能更少"
        for pk, size in sizes.items()
        if size < live.get(pk, 0)
    ]
    if short:
        raise Refused(*short)
    changed = [pools[pk] for pk, size in sizes.items() if pools[pk].size != size]
    for pool in changed:
        pool.size = sizes[pool.pk]
    Pool.objects.bulk_update(changed, ["size"], batch_size=BATCH)
    common.record("urn.set_sizes", row, by=by, at=at, pools=len(changed))
    return row


@transaction.atomic
def open_urn(*, urn: Urn, by: Actor, at: dt.datetime) -> Urn:
    """Let people vote. Raises `Refused` unless two keepers have set their passphrases."""
    row = common.locked(urn)
    rules.open_urn.check(by, row)
    accepted = Keeper.objects.filter(urn=row, accepted_at__isnull=False).count()
    if row.state == UrnState.PREPARING and accepted != len(SEATS):
        raise Refused("两位保管人都设置口令之后，才能启用票箱")
    engine.advance(urn, states.OPEN, rule=rules.open_urn, by=by, at=at)
    events.publish(UrnOpened(urn.pk, urn.subject_kind, urn.subject_id))
    return urn


@transaction.atomic
def close(*, urn: Urn, by: Actor, at: dt.datetime) -> Urn:
    """Take no more votes. A vote that is being cast meanwhile is either in the urn or refused."""
    engine.advance(urn, states.CLOSE, rule=rules.close_urn, by=by, at=at)
    events.publish(UrnClosed(urn.pk, urn.subject_kind, urn.subject_id))
    return urn


@transaction.atomic
def make_void(*, urn: Urn, reason: str, by: Actor, at: dt.datetime) -> Urn:
    """Throw the urn away unread, with the reason: votes and keys are destroyed."""
    return _discard(urn, states.VOID, rules.discard_urn, reason, by=by, at=at)


@transaction.atomic
def record_loss(*, urn: Urn, reason: str, by: Actor, at: dt.datetime) -> Urn:
    """Write down that a passphrase is lost: nobody can read the votes any more, and they are destroyed."""
    return _discard(urn, states.LOSE, rules.discard_urn, reason, by=by, at=at)


def _discard(urn: Urn, step: Transition, rule: Rule, reason: str, *, by: Actor, at: dt.datetime) -> Urn:
    engine.advance(urn, step, rule=rule, by=by, at=at, note=common.require_reason(reason))
    common.votes_of(urn).delete()
    Keeper.objects.filter(urn=urn).update(wrapped_key=None)
    events.publish(UrnDiscarded(urn.pk, urn.subject_kind, urn.subject_id))
    return urn
