"""Issuing, and what can happen to an issued document: scan, correction, withdrawal, reissue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.documents import rules, states
from qingfeng.documents.actions import drafting, files, numbers
from qingfeng.documents.actions.files import Upload
from qingfeng.documents.enums import FileKind, Slot
from qingfeng.documents.events import (
    DocumentCorrected,
    DocumentIssued,
    DocumentReissued,
    DocumentWithdrawn,
)
from qingfeng.documents.gateways.sniffing import Kind
from qingfeng.documents.layout import numbering, parts
from qingfeng.documents.models.files import Attachment, FileVersion
from qingfeng.documents.models.official import IssuedCopy, NumberSeries, OfficialDocument, Recipient
from qingfeng.workflow import engine

SCANS = (FileKind.PDF, FileKind.OFD, FileKind.JPEG, FileKind.PNG, FileKind.TIFF)
NO_PLACE = (
    f"正文里没有“{parts.NUMBER_PLACE}”字样，系统不知道发文字号编在哪里。"
    "请在发文字号的位置填上这几个字，重新上传后再印发。"
)


@dataclass(frozen=True)
class Addressee:
    """To whom a document goes: a unit, or a body that the platform does not know, by name."""

    name: str
    unit_id: int | None = None
    is_copy: bool = False


@transaction.atomic
def issue(
    *,
    document: OfficialDocument,
    series: NumberSeries,
    recipients: Sequence[Addressee],
    by: Actor,
    at: dt.datetime,
) -> OfficialDocument:
    """Give the document its number, its immutable copy and its recipients.

    Number, copy and state are one transaction: whatever fails gives the number back. Raises `Denied`,
    `WrongState`, and `Refused` where nobody receives it, the series is of another year, or the text keeps no
    place for the number.
    """
    rules.issue.check(by, document)
    if not any(not addressee.is_copy for addressee in recipients):
        raise Refused("请至少写明一个主送机关")
    OfficialDocument.objects.select_for_update().get(pk=document.pk)
    _give_number(document, series, by=by, at=at)
    engine.advance(document, states.ISSUE, rule=rules.issue, by=by, at=at, note=document.number_text)
    _issue_copy(document, _numbered(document), reason="", by=by, at=at)
    Recipient.objects.bulk_create(
        Recipient(document=document, name=one.name, unit_id=one.unit_id, is_copy=one.is_copy)
        for one in _each_once(recipients)
    )
    events.publish(DocumentIssued(document_id=document.pk))
    return document


@transaction.atomic
def attach_scan(
    *, document: OfficialDocument, upload: Upload, by: Actor, at: dt.datetime, note: str = ""
) -> FileVersion:
    """File the scan of the stamped copy. Raises `Denied`, `WrongState`, and `Refused` where it is no scan."""
    engine.advance(document, states.ATTACH_SCAN, rule=rules.attach_scan, by=by, at=at, note=note)
    owner = references.reference_to(document)
    line = Attachment.objects.filter(owner_kind=owner.kind, owner_id=owner.id, slot=Slot.SCAN).first()
    if line is None:
        version = files.attach(
            owner=owner, slot=Slot.SCAN, title=Slot.SCAN.label, upload=upload, by=by, at=at, note=note
        )
    else:
        version = files.add_version(attachment=line, upload=upload, by=by, at=at, note=note)
    if version.stored.file_kind not in SCANS:
        raise Refused("盖章扫描件须是 PDF、OFD 或图片")
    return version


@transaction.atomic
def correct(
    *, document: OfficialDocument, upload: Upload, reason: str, by: Actor, at: dt.datetime
) -> IssuedCopy:
    """Issue a corrected copy under the same number; the former copies stay.

    Raises `Denied`, `WrongState`, and `Refused` without a reason, or where the text lacks the number.
    """
    if not reason.strip():
        raise Refused("请写明更正原因")
    engine.advance(document, states.CORRECT, rule=rules.correct, by=by, at=at, note=reason.strip())
    name, content = upload
    if files.inspect(name, content).kind is not Kind.DOCX:
        raise Refused(drafting.ONLY_DOCX)
    if not numbering.carries(content, document.number_text):
        raise Refused(f"更正稿里没有发文字号“{document.number_text}”，请核对是不是这份公文")
    named = (f"{document.title}（更正件）.docx", content)
    copy = _issue_copy(document, named, reason=reason.strip(), by=by, at=at)
    events.publish(DocumentCorrected(document_id=document.pk))
    return copy


@transaction.atomic
def withdraw(*, document: OfficialDocument, reason: str, by: Actor, at: dt.datetime) -> None:
    """Withdraw an issued document; its number stays used and the register shows it.

    Raises `Denied`, `WrongState`, and `Refused` without a reason.
    """
    if not reason.strip():
        raise Refused("请写明撤回原因")
    engine.advance(document, states.WITHDRAW, rule=rules.withdraw, by=by, at=at, note=reason.strip())
    events.publish(DocumentWithdrawn(document_id=document.pk))


@transaction.atomic
def reissue(*, document: OfficialDocument, by: Actor, at: dt.datetime) -> OfficialDocument:
    """Draft a withdrawn document anew, from its last copy; it will get a number of its own.

    Raises `Denied` and `WrongState`.
    """
    engine.advance(document, states.REISSUE, rule=rules.reissue, by=by, at=at)
    last = document.copies.select_related("version__stored").order_by("sequence").last()
    assert last is not None, "an issued document has a copy"
    content = numbering.clear(files.content_of(last.version), document.number_text)
    successor = drafting.begin(
        kind=document.genre, title=document.title, upload=(f"{document.title}.docx", content), by=by, at=at
    )
    OfficialDocument.objects.filter(pk=successor.pk).update(
        replaces=document, origin_kind=document.origin_kind, origin_id=document.origin_id
    )
    successor.refresh_from_db()
    events.publish(DocumentReissued(document_id=document.pk, successor_id=successor.pk))
    return successor


def _give_number(document: OfficialDocument, series: NumberSeries, *, by: Actor, at: dt.datetime) -> None:
    number = numbers.take(series=series, at=at)
    OfficialDocument.objects.filter(pk=document.pk).update(
        series=series, number=number, number_text=series.written(number), issued_at=at, issued_by_id=by.pk
    )
    document.refresh_from_db()


def _numbered(document: OfficialDocument) -> Upload:
    latest = drafting.text_line(document).versions.select_related("stored").order_by("number").last()
    assert latest is not None, "a document has a text"
    try:
        filled = numbering.fill(files.content_of(latest), document.number_text)
    except numbering.NumberMissing as missing:
        raise Refused(NO_PLACE) from missing
    return f"{document.title}.docx", filled


def _issue_copy(
    document: OfficialDocument, upload: Upload, *, reason: str, by: Actor, at: dt.datetime
) -> IssuedCopy:
    version = drafting.add_text(document, upload, by=by, at=at, note="更正件" if reason else "印发件")
    return IssuedCopy.objects.create(
        document=document,
        sequence=document.copies.count() + 1,
        version=version,
        reason=reason,
        by_id=by.pk,
        at=at,
    )


def _each_once(recipients: Sequence[Addressee]) -> list[Addressee]:
    """Keep the first of each name: nobody receives a document twice."""
    kept: dict[str, Addressee] = {}
    for one in recipients:
        kept.setdefault(one.name, one)
    return list(kept.values())
