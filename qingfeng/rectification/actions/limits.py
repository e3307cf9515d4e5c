"""The limits of an item: the unit's, anew after each return, and the verifier's."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import reference_to
from qingfeng.rectification.models.items import Item
from qingfeng.rectification.queries import items
from qingfeng.workflow import deadlines
from qingfeng.workflow.enums import BasisMark, LimitUnit

BASIS = "整改要求"
VERIFY_BASIS = "整改核查时限设置"


def start(item: Item, due_on: dt.date, *, by: Actor, at: dt.datetime) -> None:
    """Let a new limit run for the unit. Raises `Refused` for a day that is over."""
    today = timezone.localdate(at)
    if due_on < today:
        raise Refused(f"整改期限不能早于 {today:%Y-%m-%d}")
    count = items.limit_count(item, Item.REPORT_LIMIT)
    deadlines.set_deadline(
        subject=item,
        name=f"{Item.REPORT_LIMIT}-{count + 1}",
        label="报送整改情况" if not count else "重新整改并报送",
        started=today,
        unit=LimitUnit.DATE,
        date=due_on,
        basis=BASIS,
        mark=BasisMark.VERIFIED,
        by=by,
        at=at,
    )


def hand_over_to_verifier(item: Item, days: int, *, by: Actor, at: dt.datetime) -> None:
    """Meet the unit's limit and let the verifier's run."""
    finish(item, by=by, at=at)
    count = items.limit_count(item, Item.VERIFY_LIMIT)
    deadlines.set_deadline(
        subject=item,
        name=f"{Item.VERIFY_LIMIT}-{count + 1}",
        label="核查整改情况",
        started=timezone.localdate(at),
        unit=LimitUnit.WORKING_DAYS,
        amount=days,
        basis=VERIFY_BASIS,
        by=by,
        at=at,
    )


def finish(item: Item, *, by: Actor, at: dt.datetime) -> None:
    """Meet every limit that still runs on the item."""
    for limit in deadlines.of(reference_to(item)).filter(met_at=None):
        deadlines.meet(deadline=limit, by=by, at=at)


def extend(item: Item, to_date: dt.date, *, reason: str, approval: str, by: Actor, at: dt.datetime) -> None:
    """Move the unit's last day. Raises `Refused` without reason and approval, or for an earlier day."""
    limit = items.report_limit(item)
    if limit is None:
        raise Refused("这一事项没有期限")
    deadlines.extend(deadline=limit, to_date=to_date, reason=reason, approval=approval, by=by, at=at)
