"""Taking files in and giving them out: inspected, stored once by content, in versions, audited."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.references import Reference
from qingfeng.documents import rules
from qingfeng.documents.gateways import inspection, storage
from qingfeng.documents.gateways.inspection import ClassifiedFile, Inspected
from qingfeng.documents.gateways.sniffing import Kind, UnsuitableFile
from qingfeng.documents.models.files import Attachment, FileVersion, StoredFile

CLASSIFIED_RULE = "documents.take_in_file"
Upload = tuple[str, bytes]
"""A file as it came: its name and its content."""


@dataclass(frozen=True)
class OpenedFile:
    """What a download answers with."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def attach(
    *, owner: Reference, slot: str, title: str, upload: Upload, by: Actor, at: dt.datetime, note: str = ""
) -> FileVersion:
    """Begin a line of files of an owner with its first version; the caller has checked who may.

    Raises `Denied` for a file that is marked as classified, and `Refused` for one that cannot be taken.
    """
    line = Attachment.objects.create(
        owner_kind=owner.kind, owner_id=owner.id, slot=slot, title=title[:120], by_id=by.pk, at=at
    )
    return add_version(attachment=line, upload=upload, by=by, at=at, note=note)


@transaction.atomic
def add_version(
    *, attachment: Attachment, upload: Upload, by: Actor, at: dt.datetime, note: str = ""
) -> FileVersion:
    """Add a version to a line; the caller has checked who may. Raises `Denied` and `Refused` as `attach`."""
    name, content = upload
    found = inspect(name, content)
    line = Attachment.objects.select_for_update().get(pk=attachment.pk)
    version = FileVersion.objects.create(
        attachment=line,
        number=line.versions.count() + 1,
        stored=_store(content, found.kind, at),
        name=found.name,
        note=note,
        unread=found.unread,
        by_id=by.pk,
        at=at,
    )
    audit.record(
        action="file.add",
        by=by,
        at=at,
        subject=references.reference_to(version),
        detail={"owner": line.owner_kind, "owner_id": line.owner_id, "digest": version.stored.digest},
    )
    return version


def inspect(name: str, content: bytes) -> Inspected:
    """Look at an upload; raises `Denied` where it is marked as classified, `Refused` where it is unsuitable.

    The refusal of a marked file is `Denied`, so that the middleware writes it into the audit book after the
    rollback of whatever action it came in by.
    """
    try:
        return inspection.inspect(name, content, largest=settings.QINGFENG_MAX_FILE_BYTES)
    except ClassifiedFile as marked:
        raise Denied(str(marked), CLASSIFIED_RULE) from marked
    except UnsuitableFile as unsuitable:
        raise Refused(str(unsuitable)) from unsuitable


@transaction.atomic
def open_version(*, version: FileVersion, by: Actor, at: dt.datetime, address: str = "") -> OpenedFile:
    """Give out the content of a version and audit it.

    Raises `Denied` where the owner's kind does not let the user, `Refused` where the disk has lost it.
    """
    rules.open_file.check(by, version)
    opened = OpenedFile(version.name, Kind[version.stored.file_kind.upper()].media_type, content_of(version))
    audit.record_opening(subject=references.reference_to(version), by=by, at=at, address=address)
    return opened


def content_of(version: FileVersion) -> bytes:
    """Read the content of a version, checked against its digest; raises `Refused` where the disk lost it."""
    try:
        return storage.get(Path(settings.QINGFENG_STORAGE), version.stored.digest)
    except storage.StorageFailed as lost:
        raise Refused(str(lost)) from lost


def _store(content: bytes, kind: Kind, at: dt.datetime) -> StoredFile:
    try:
        digest = storage.put(Path(settings.QINGFENG_STORAGE), content)
    except storage.StorageFailed as full:
        raise Refused(str(full)) from full
    values = {"size": len(content), "file_kind": kind.name.lower(), "at": at}
    stored, _ = StoredFile.objects.get_or_create(digest=digest, defaults=values)
    return stored
