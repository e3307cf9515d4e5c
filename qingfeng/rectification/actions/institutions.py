"""Institutions (制度) on record: made, revised or repealed, with their text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.documents.actions import files
from qingfeng.documents.models.files import Attachment, FileVersion
from qingfeng.organizations.models import Unit
from qingfeng.rectification import rules
from qingfeng.rectification.enums import InstitutionAct, Slot
from qingfeng.rectification.events import InstitutionRecorded
from qingfeng.rectification.models.institutions import Institution, InstitutionItem
from qingfeng.rectification.models.items import Item


@transaction.atomic
def record(
    *,
    act: str,
    title: str,
    unit: Unit,
    effective_date: dt.date,
    origin: Reference,
    origin_label: str,
    number_text: str = "",
    former: Institution | None = None,
    former_title: str = "",
    items: Sequence[Item] = (),
    text: files.Upload | None = None,
    by: Actor,
    at: dt.datetime,
) -> Institution:
    """Put on record what a unit did with an institution, and which items it answers.

    What is revised or repealed points at the former: a record of ours, or its title where we have none.
    Raises `Denied`, and `Refused` for what is missing or does not belong together.
    """
    rules.record_institution.check(by, unit)
    has_former = former is not None or bool(former_title.strip())
    faults = _faults_of_act(act, has_former=has_former, has_text=text is not None)
    faults += _faults_of_unit(unit, former, items)
    if not title.strip() or len(title.strip()) > 120:
        faults.append("请填写制度名称，不超过 120 字")
    if faults:
        raise Refused(*faults)
    made = Institution.objects.create(
        act=act,
        title=title.strip(),
        number_text=number_text.strip()[:50],
        effective_date=effective_date,
        unit=unit,
        former=former,
        former_title="" if former else former_title.strip()[:120],
        origin_kind=origin.kind,
        origin_id=origin.id,
        origin_label=origin_label[:120],
        recorded_at=at,
        recorded_by_id=by.pk,
    )
    InstitutionItem.objects.bulk_create([InstitutionItem(institution=made, item=item) for item in items])
    if text is not None:
        _attach(made, text, by=by, at=at)
    detail = {"act": act, "unit": unit.pk, "origin": [origin.kind, origin.id]}
    audit.record(
        action="institution.record", by=by, at=at, subject=references.reference_to(made), detail=detail
    )
    events.publish(InstitutionRecorded(made.pk, made.origin_kind, made.origin_id))
    return made


@transaction.atomic
def add_text(*, institution: Institution, upload: files.Upload, by: Actor, at: dt.datetime) -> FileVersion:
    """Add a version of the text; the former stay. Raises `Denied` and `Refused`."""
    rules.add_text.check(by, institution)
    if institution.withdrawn_at is not None:
        raise Refused("登记已经撤销，不再上传文本")
    line = text_line(institution)
    if line is None:
        return _attach(institution, upload, by=by, at=at)
    return files.add_version(attachment=line, upload=upload, by=by, at=at)


@transaction.atomic
def withdraw(*, institution: Institution, reason: str, by: Actor, at: dt.datetime) -> None:
    """Take back a mistaken record; it stays on file and counts no more. Raises `Denied` and `Refused`."""
    rules.withdraw_institution.check(by, institution)
    if not reason.strip():
        raise Refused("请写明撤销登记的原因")
    changed = Institution.objects.standing().filter(pk=institution.pk)
    if not changed.update(withdrawn_at=at, withdrawn_by_id=by.pk, withdrawal_reason=reason.strip()[:500]):
        raise Refused("登记已经撤销")
    institution.refresh_from_db()
    audit.record(action="institution.withdraw", by=by, at=at, subject=references.reference_to(institution))


def text_line(institution: Institution) -> Attachment | None:
    """Return the line of files that holds the institution's text."""
    rows = Attachment.objects.filter(owner_kind=Institution.kind, owner_id=institution.pk, slot=Slot.TEXT)
    return rows.order_by("pk").first()


def _attach(institution: Institution, upload: files.Upload, *, by: Actor, at: dt.datetime) -> FileVersion:
    return files.attach(
        owner=references.reference_to(institution),
        slot=Slot.TEXT,
        title=institution.title,
        upload=upload,
        by=by,
        at=at,
    )


def _faults_of_act(act: str, *, has_former: bool, has_text: bool) -> list[str]:
    """Say what an act lacks: a revision points at the former, what is in force has a text."""
    if act not in InstitutionAct.values:
        return ["请选择新建、修订或者废止"]
    faults = []
    if act == InstitutionAct.MADE and has_former:
        faults.append("新建的制度没有原制度")
    if act != InstitutionAct.MADE and not has_former:
        faults.append("修订或者废止的，请指明原制度")
    if act != InstitutionAct.REPEALED and not has_text:
        faults.append("请上传制度文本")
    return faults


def _faults_of_unit(unit: Unit, former: Institution | None, items: Sequence[Item]) -> list[str]:
    faults = []
    if former is not None and former.unit_id != unit.pk:
        faults.append("原制度须是本单位的制度")
    if any(item.unit_id != unit.pk for item in items):
        faults.append("只能对应本单位的整改事项")
    return faults
