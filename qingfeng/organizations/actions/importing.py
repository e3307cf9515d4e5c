from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from qingfeng.audit import actions as audit
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict
from qingfeng.organizations import rules
from qingfeng.organizations.actions import locking, writing
from qingfeng.organizations.models import ImportDraft
from qingfeng.organizations.workbook import planning, snapshot
from qingfeng.organizations.workbook.planning import Plan

KEPT_FOR = dt.timedelta(hours=24)
"""How long an uploaded workbook waits for its confirmation (proposal)."""
CHANGED_MEANWHILE = "预览之后，单位或人员又有变动，这次没有写入。请按新的预览再确认一次。"


@transaction.atomic
def stage_import(
    *, content: bytes, file_name: str, by: Actor, at: dt.datetime
) -> tuple[ImportDraft | None, Plan]:
    """Check a workbook and keep it for confirmation; with nothing to change, keep nothing.

    Raises `Denied`, `Refused` where the file cannot be read, `FaultyWorkbook` with every fault.
    """
    rules.import_workbook.check(by)
    plan = planning.plan(content, snapshot.read())
    ImportDraft.objects.filter(expires_at__lte=at).delete()
    if not plan.changes:
        return None, plan
    draft = ImportDraft.objects.create(
        uploader_id=by.pk,
        file_name=file_name[-200:],
        content=content,
        uploaded_at=at,
        expires_at=at + KEPT_FOR,
    )
    return draft, plan


@transaction.atomic
def confirm_import(*, draft: ImportDraft, digest: str, by: Actor, at: dt.datetime) -> Plan:
    """Write what was previewed, whole, and drop the draft.

    `digest` is the previewed plan's. Raises `Denied`, `Conflict` where units or people changed since the
    preview, `FaultyWorkbook` where they changed so that the workbook no longer fits.
    """
    rules.import_workbook.check(by)
    plan = _import(bytes(draft.content), by=by, at=at, digest=digest)
    draft.delete()
    return plan


@transaction.atomic
def discard_import(*, draft: ImportDraft, by: Actor) -> None:
    """Drop an uploaded workbook without importing it. Raises `Denied`."""
    rules.import_workbook.check(by)
    draft.delete()


@transaction.atomic
def import_workbook(*, content: bytes, by: Actor, at: dt.datetime) -> Plan:
    """Import units, people and posts in one step, all or nothing, and return what was done.

    Raises `Denied`, `Refused` where the file cannot be read, `FaultyWorkbook` with every fault.
    """
    rules.import_workbook.check(by)
    return _import(content, by=by, at=at)


def preview(draft: ImportDraft) -> Plan:
    """Return what the draft would change now. Raises `FaultyWorkbook` where it no longer fits."""
    return planning.plan(bytes(draft.content), snapshot.read())


def _import(content: bytes, *, by: Actor, at: dt.datetime, digest: str | None = None) -> Plan:
    locking.hold_tree()
    plan = planning.plan(content, snapshot.read())
    if digest is not None and plan.digest != digest:
        raise Conflict(CHANGED_MEANWHILE)
    try:
        with transaction.atomic():
            writing.write(plan)
    except IntegrityError as failure:
        raise Conflict(CHANGED_MEANWHILE) from failure
    counts = {
        name: {effect.name.lower(): number for effect, number in row.items()}
        for name, row in plan.counts().items()
    }
    audit.record(
        action="organizations.import", by=by, at=at, detail={"counts": counts, "digest": plan.digest}
    )
    return plan
