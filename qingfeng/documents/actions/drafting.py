"""From a text to a draft, and from WPS or Word back to a new version."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.documents import rules, states
from qingfeng.documents.actions import files
from qingfeng.documents.actions.files import Upload
from qingfeng.documents.enums import Genre, Slot
from qingfeng.documents.gateways.sniffing import Kind
from qingfeng.documents.layout import official
from qingfeng.documents.layout.official import OfficialText
from qingfeng.documents.models.files import Attachment, FileVersion
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.workflow import engine

ONLY_DOCX = "正文须是 docx 文件。请在 WPS 或 Word 中“另存为”docx 后再上传。"


@transaction.atomic
def draft(
    *,
    kind: str,
    title: str,
    text: OfficialText,
    by: Actor,
    at: dt.datetime,
    origin: Reference | None = None,
) -> OfficialDocument:
    """Lay a text out as the first version of a new document; its number stays open until it is issued.

    `kind` is a `Genre`; `origin` is what it was composed from. Raises `Denied` and `Refused`.
    """
    if text.number:
        raise Refused("拟稿不填发文字号，印发时由系统编号")
    return draft_from_file(
        kind=kind, title=title, upload=(f"{title}.docx", official.render(text)), by=by, at=at, origin=origin
    )


@transaction.atomic
def draft_from_file(
    *,
    kind: str,
    title: str,
    upload: Upload,
    by: Actor,
    at: dt.datetime,
    origin: Reference | None = None,
) -> OfficialDocument:
    """Take a .docx that was written elsewhere as the first version of a new document.

    Raises `Denied`, and `Refused` where the title is empty or the file is no .docx.
    """
    rules.draft.check(by)
    return begin(kind=kind, title=title, upload=upload, by=by, at=at, origin=origin)


def begin(
    *,
    kind: str,
    title: str,
    upload: Upload,
    by: Actor,
    at: dt.datetime,
    origin: Reference | None = None,
) -> OfficialDocument:
    """Begin a document with its first text; the caller has checked who may. Raises as `draft_from_file`."""
    title = title.replace("\n", "").strip()
    if not title or len(title) > 200:
        raise Refused("请填写标题，不超过 200 字")
    if kind not in Genre.values:
        raise Refused("没有这个文种")
    document = OfficialDocument.objects.create(
        genre=kind,
        title=title,
        origin_kind=origin.kind if origin else "",
        origin_id=origin.id if origin else None,
        drafted_by_id=by.pk,
        drafted_on=at,
    )
    subject = references.reference_to(document)
    _only_docx(
        files.attach(owner=subject, slot=Slot.TEXT, title="正文", upload=upload, by=by, at=at, note="拟稿")
    )
    audit.record(action="official_document.draft", by=by, at=at, subject=subject, detail={"genre": kind})
    return document


@transaction.atomic
def upload_edited(
    *, document: OfficialDocument, upload: Upload, by: Actor, at: dt.datetime, note: str = ""
) -> FileVersion:
    """Take the text back from WPS or Word as a new version. Raises `Denied`, `WrongState` and `Refused`."""
    engine.advance(document, states.EDIT, rule=rules.edit, by=by, at=at, note=note)
    return add_text(document, upload, by=by, at=at, note=note.strip() or "修改稿")


@transaction.atomic
def compose_again(
    *, document: OfficialDocument, text: OfficialText, by: Actor, at: dt.datetime
) -> FileVersion:
    """Lay a changed text out as a new version of the draft. Raises as `upload_edited`."""
    upload = (f"{document.title}.docx", official.render(text))
    return upload_edited(document=document, upload=upload, by=by, at=at, note="重新生成")


@transaction.atomic
def discard(*, document: OfficialDocument, reason: str, by: Actor, at: dt.datetime) -> None:
    """Give a draft up; it stays on record. Raises `Denied`, `WrongState`, and `Refused` without a reason."""
    if not reason.strip():
        raise Refused("请写明作废原因")
    engine.advance(document, states.DISCARD, rule=rules.discard, by=by, at=at, note=reason.strip())


def add_text(
    document: OfficialDocument, upload: Upload, *, by: Actor, at: dt.datetime, note: str
) -> FileVersion:
    """Add a version to the document's text; the caller has checked who may. Raises `Denied` and `Refused`."""
    return _only_docx(
        files.add_version(attachment=text_line(document), upload=upload, by=by, at=at, note=note)
    )


def text_line(document: OfficialDocument) -> Attachment:
    """Return the line of the document's text."""
    owner = references.reference_to(document)
    return Attachment.objects.get(owner_kind=owner.kind, owner_id=owner.id, slot=Slot.TEXT)


def _only_docx(version: FileVersion) -> FileVersion:
    """Refuse any other kind of text: raising rolls the version back."""
    if version.stored.file_kind != Kind.DOCX.name.lower():
        raise Refused(ONLY_DOCX)
    return version
