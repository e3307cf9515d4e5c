"""Correct the ledger because an appeal is granted: entries of its own, like every correction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

from django.db import transaction

from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation.actions import common, ledger, rulings
from qingfeng.evaluation.enums import AppealSubject
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Fact, FactPoints
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds, supplied
from qingfeng.evaluation.scoring import words


def _begin(appeal: Appeal, *, by: Actor) -> tuple[Appeal, Fact]:
    case = rulings.require(appeal, AppealSubject.FACT, appeal.subject_id, by=by)
    return case, Fact.objects.select_related("task__round", "unit").get(pk=case.subject_id or 0)


@transaction.atomic
def withdraw_on_appeal(*, appeal: Appeal, reason: str, by: Actor, at: dt.datetime) -> Fact:
    """Enter that the appealed fact does not stand; the old entry stays in the ledger."""
    case, fact = _begin(appeal, by=by)
    text = rulings.reason_of(case, common.require_reason(reason, "更正理由"), 200)
    made = ledger.withdraw(fact, text, by=by, at=at)
    before = {"fact": fact.pk}
    target = references.reference_to(made)
    rulings.note(case, target, "撤销这件事实", before=before, after={"fact": made.pk}, by=by, at=at)
    return made


@transaction.atomic
def correct_on_appeal(
    *,
    appeal: Appeal,
    quantity: Decimal,
    is_leader: bool,
    is_self_reported: bool,
    is_concealed: bool,
    reason: str,
    by: Actor,
    at: dt.datetime,
) -> Fact:
    """Enter the appealed fact anew with what was wrong about it: how many, by whom, how it came to light."""
    case, fact = _begin(appeal, by=by)
    text = rulings.reason_of(case, common.require_reason(reason, "更正理由"), 200)
    old = ledger.draft_of(fact)
    draft = dataclasses.replace(
        old,
        quantity=quantity,
        is_leader=is_leader,
        is_self_reported=is_self_reported,
        is_concealed=is_concealed,
    )
    if draft == old:
        raise Refused("更正后的事实与原来相同；不更正的，请选“维持原分”")
    made = ledger.replace(fact, draft, text, by=by, at=at)
    chosen = fact.chosen_points.filter(round=case.round).order_by("-pk").first()
    if chosen is not None:
        _choose(case, made, chosen.thousandths, chosen.reason, by=by, at=at)
    before, after = _said(old), _said(draft)
    target = references.reference_to(made)
    rulings.note(case, target, "更正这件事实的数量或情节", before=before, after=after, by=by, at=at)
    return made


@transaction.atomic
def choose_on_appeal(
    *, appeal: Appeal, points: Decimal, reason: str, by: Actor, at: dt.datetime
) -> FactPoints:
    """Choose other points within the range of the fact's rule. Raises `Refused` outside of it."""
    case, fact = _begin(appeal, by=by)
    span = supplied.range_of(supplied.ranges(rounds.scheme_of(case.round)), queries.fact_like(fact))
    if span is None:
        raise Refused("该类事实的分值是固定的，只能撤销或更正事实")
    if not span.low <= points <= span.high:
        raise Refused(f"应在 {span.low} 至 {span.high} 分之间选定")
    before = fact.chosen_points.filter(round=case.round).order_by("-pk").first()
    thousandths = common.to_thousandths(points)
    if before is not None and before.thousandths == thousandths:
        raise Refused("更正后的分值与原来相同；不更正的，请选“维持原分”")
    text = rulings.reason_of(case, common.require_reason(reason, "更正理由"), 200)
    made = _choose(case, fact, thousandths, text, by=by, at=at)
    old = {"thousandths": before.thousandths if before else None}
    summary = f"选定分值改为每件扣{words.number(points)}分"
    target, after = references.reference_to(made), {"thousandths": thousandths}
    rulings.note(case, target, summary, before=old, after=after, by=by, at=at)
    return made


def _choose(
    case: Appeal, fact: Fact, thousandths: int, reason: str, *, by: Actor, at: dt.datetime
) -> FactPoints:
    return FactPoints.objects.create(
        round=case.round,
        fact=fact,
        thousandths=thousandths,
        reason=reason,
        chosen_at=at,
        chosen_by_id=by.pk,
    )


def _said(draft: ledger.Draft) -> dict[str, object]:
    flags = {name: getattr(draft, name) for name in ledger.FLAGS}
    return {"quantity": str(draft.quantity)} | flags
