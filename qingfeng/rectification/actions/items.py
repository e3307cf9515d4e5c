"""A rectification item from its opening to its verified closure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, preferences, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.documents.actions import files
from qingfeng.organizations.models import Unit
from qingfeng.rectification import rules, states
from qingfeng.rectification.actions import limits
from qingfeng.rectification.enums import Slot
from qingfeng.rectification.events import (
    ItemCancelled,
    ItemOpened,
    ItemReported,
    ItemSentBack,
    ItemVerified,
)
from qingfeng.rectification.models.items import Item, ItemReport, ItemTransfer
from qingfeng.workflow import engine

MOST_FILES = 20
VERIFY_DAYS = preferences.declare(
    "rectification_verify_days",
    "整改核查时限（工作日）",
    10,
    group="整改",
    minimum=1,
    maximum=60,
    help="单位报送整改情况后，核查人应在几个工作日内核查",
    basis="建议值",
)


@transaction.atomic
def open_item(
    *,
    origin: Reference,
    origin_label: str,
    unit: Unit,
    title: str,
    requirement: str,
    owner_name: str,
    due_on: dt.date,
    verifier_role: str = "",
    verifier_id: int | None = None,
    owner_post: str = "",
    by: Actor,
    at: dt.datetime,
) -> Item:
    """Ask a unit to put one thing right until a day; it is verified by one office or one person.

    Raises `Denied`, and `Refused` for what is missing or a day that is over.
    """
    rules.open_item.check(by, unit)
    _filled(("整改事项", title, 120), ("整改要求", requirement, 5000), ("责任人", owner_name, 40))
    if bool(verifier_role) == (verifier_id is not None):
        raise Refused("请指定一个核查部门，或者一名核查人")
    item = Item.objects.create(
        origin_kind=origin.kind,
        origin_id=origin.id,
        origin_label=origin_label[:120],
        unit=unit,
        title=title.strip(),
        requirement=requirement.strip(),
        owner_name=owner_name.strip(),
        owner_post=owner_post.strip()[:60],
        verifier_role=verifier_role,
        verifier_id=verifier_id,
        opened_at=at,
        opened_by_id=by.pk,
    )
    limits.start(item, due_on, by=by, at=at)
    detail = {"origin": [origin.kind, origin.id], "unit": unit.pk}
    audit.record(
        action="rectification_item.open",
        by=by,
        at=at,
        subject=references.reference_to(item),
        detail=detail,
    )
    events.publish(ItemOpened(item.pk, item.origin_kind, item.origin_id))
    return item


@transaction.atomic
def report(
    *, item: Item, text: str, uploads: Sequence[files.Upload] = (), by: Actor, at: dt.datetime
) -> ItemReport:
    """Report that the thing is put right, with its proof. Raises `Denied`, `WrongState` and `Refused`."""
    _filled(("整改情况", text, 5000))
    if len(uploads) > MOST_FILES:
        raise Refused(f"一次最多报送 {MOST_FILES} 个文件，请合并后再上传")
    engine.advance(item, states.REPORT, rule=rules.report, by=by, at=at)
    row = ItemReport.objects.create(
        item=item, sequence=item.reports.count() + 1, text=text.strip(), by_id=by.pk, at=at
    )
    for name, content in uploads:
        files.attach(
            owner=references.reference_to(row),
            slot=Slot.PROOF,
            title=name,
            upload=(name, content),
            by=by,
            at=at,
        )
    limits.hand_over_to_verifier(item, preferences.get(VERIFY_DAYS.key), by=by, at=at)
    events.publish(ItemReported(item.pk, item.origin_kind, item.origin_id))
    return row


@transaction.atomic
def verify(*, item: Item, opinion: str, by: Actor, at: dt.datetime) -> None:
    """Find the thing put right and close it. Raises `Denied`, `WrongState`, `Refused` without an opinion."""
    _filled(("核查意见", opinion, 500))
    Item.objects.filter(pk=item.pk).update(closed_at=at, closed_by_id=by.pk)
    engine.advance(item, states.VERIFY, rule=rules.verify, by=by, at=at, note=opinion.strip())
    limits.finish(item, by=by, at=at)
    events.publish(ItemVerified(item.pk, item.origin_kind, item.origin_id))


@transaction.atomic
def send_back(*, item: Item, reason: str, due_on: dt.date, by: Actor, at: dt.datetime) -> None:
    """Find the thing not put right, and give a new day. Raises `Denied`, `WrongState` and `Refused`."""
    _filled(("退回理由", reason, 500))
    engine.advance(item, states.SEND_BACK, rule=rules.send_back, by=by, at=at, note=reason.strip())
    limits.finish(item, by=by, at=at)
    limits.start(item, due_on, by=by, at=at)
    events.publish(ItemSentBack(item.pk, item.origin_kind, item.origin_id))


@transaction.atomic
def reopen(*, item: Item, reason: str, due_on: dt.date, by: Actor, at: dt.datetime) -> None:
    """Find on a second look that a closed item was not put right (回头看); raises as `send_back`."""
    _filled(("重新整改的理由", reason, 500))
    engine.advance(item, states.REOPEN, rule=rules.reopen, by=by, at=at, note=reason.strip())
    Item.objects.filter(pk=item.pk).update(closed_at=None, closed_by=None)
    item.refresh_from_db()
    limits.start(item, due_on, by=by, at=at)
    events.publish(ItemSentBack(item.pk, item.origin_kind, item.origin_id))


@transaction.atomic
def extend(*, item: Item, to_date: dt.date, reason: str, approval: str, by: Actor, at: dt.datetime) -> None:
    """Give the unit more time, with reason and approval. Raises `Denied` and `Refused`."""
    rules.extend.check(by, item)
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if not locked.is_with_unit:
        raise Refused("这一事项现在不在单位手中，不必延期")
    limits.extend(locked, to_date, reason=reason, approval=approval, by=by, at=at)


@transaction.atomic
def reassign(
    *,
    item: Item,
    unit: Unit,
    owner_name: str,
    reason: str,
    owner_post: str = "",
    by: Actor,
    at: dt.datetime,
) -> None:
    """Give the item to another unit (after a merger) or another owner. Raises `Denied` and `Refused`."""
    rules.reassign.check(by, item)
    _filled(("责任人", owner_name, 40), ("移交原因", reason, 500))
    locked = Item.objects.select_for_update().get(pk=item.pk)
    if not locked.is_unfinished:
        raise Refused("已经销号或者取消的事项不再移交")
    transfer = ItemTransfer.objects.create(
        item=locked,
        from_unit_id=locked.unit_id,
        to_unit=unit,
        from_owner=locked.owner_name,
        to_owner=owner_name.strip(),
        reason=reason.strip(),
        by_id=by.pk,
        at=at,
    )
    Item.objects.filter(pk=item.pk).update(
        unit=unit, owner_name=owner_name.strip(), owner_post=owner_post.strip()[:60]
    )
    item.refresh_from_db()
    audit.record(
        action="rectification_item.reassign",
        by=by,
        at=at,
        subject=references.reference_to(item),
        detail={"from": transfer.from_unit_id, "to": unit.pk},
    )


@transaction.atomic
def cancel(*, item: Item, reason: str, by: Actor, at: dt.datetime) -> None:
    """Say that the thing need not be put right any more. Raises `Denied`, `WrongState` and `Refused`."""
    _filled(("取消的理由", reason, 500))
    engine.advance(item, states.CANCEL, rule=rules.cancel, by=by, at=at, note=reason.strip())
    limits.finish(item, by=by, at=at)
    events.publish(ItemCancelled(item.pk, item.origin_kind, item.origin_id))


def _filled(*fields: tuple[str, str, int]) -> None:
    """Refuse with every field that is empty or too long."""
    faults = [f"请填写{label}" for label, value, _ in fields if not value.strip()]
    faults += [f"{label}不超过 {most} 字" for label, value, most in fields if len(value.strip()) > most]
    if faults:
        raise Refused(*faults)
