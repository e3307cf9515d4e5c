from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from qingfeng.audit.models import Entry
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.documents import rules
from qingfeng.documents.actions import files as actions
from qingfeng.documents.enums import FileKind
from qingfeng.documents.gateways import storage
from qingfeng.documents.gateways.sniffing import Kind
from qingfeng.documents.models.files import Attachment, FileVersion, StoredFile
from tests import stories
from tests.documents.stories import AT

pytestmark = pytest.mark.django_db
OWNER = Reference("planted_thing", 7)


@pytest.fixture
def user():
    return stories.user_with(Role.CONDUCT_OFFICE)


@pytest.fixture
def planted(user):
    rules.let_open(
        OWNER.kind, lambda who, version: who.pk == user.pk and version.attachment.owner_id == OWNER.id
    )
    yield
    rules.OPENERS.pop(OWNER.kind)


RECORD = "会议记录".encode()


def attach(user, name="证明.txt", content=RECORD) -> FileVersion:
    return actions.attach(owner=OWNER, slot="evidence", title="佐证", upload=(name, content), by=user, at=AT)


def test_attach_stores_the_content_under_its_digest(user):
    version = attach(user)

    path = storage.path_of(Path(settings.QINGFENG_STORAGE), version.stored.digest)
    assert path.read_bytes().decode() == "会议记录"
    assert (version.number, version.name, version.stored.file_kind) == (1, "证明.txt", "text")
    assert Entry.objects.get(action="file.add").detail["owner"] == "planted_thing"


def test_attach_same_content_twice_stores_it_once(user):
    first, second = attach(user), attach(user, name="副本.txt")

    assert first.stored_id == second.stored_id
    assert StoredFile.objects.count() == 1


def test_add_version_counts_up_and_keeps_the_former(user):
    first = attach(user)

    second = actions.add_version(
        attachment=first.attachment, upload=("证明.txt", "新记录".encode()), by=user, at=AT
    )

    assert second.number == 2
    assert [v.number for v in first.attachment.versions.order_by("number")] == [1, 2]


def test_attach_marked_file_is_denied_and_leaves_nothing(user):
    with pytest.raises(Denied, match="本系统不得处理涉密信息") as refusal:
        attach(user, content="机密★10年\n会议记录".encode())

    assert refusal.value.rule == actions.CLASSIFIED_RULE
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()


def test_attach_program_is_refused_and_leaves_nothing(user):
    with pytest.raises(Refused, match="程序文件"):
        attach(user, name="证明.pdf", content=b"MZ" + b"\x00" * 50)

    assert not Attachment.objects.exists()


def test_attach_over_the_limit_is_refused(user, settings):
    settings.QINGFENG_MAX_FILE_BYTES = 10

    with pytest.raises(Refused, match="超过"):
        attach(user)


def test_open_version_gives_the_content_and_is_audited(user, planted):
    version = attach(user)

    opened = actions.open_version(version=version, by=user, at=AT, address="10.0.0.8")

    assert (opened.name, opened.media_type, opened.content.decode()) == ("证明.txt", "text/plain", "会议记录")
    entry = Entry.objects.get(action="open")
    assert (entry.subject_kind, entry.subject_id, entry.address) == ("file_version", version.pk, "10.0.0.8")


def test_open_version_of_another_is_denied(user, planted):
    version = attach(user)

    with pytest.raises(Denied, match="知悉范围"):
        actions.open_version(version=version, by=stories.user_with(Role.OFFICE), at=AT)


def test_open_version_of_an_owner_nobody_declared_is_denied(user):
    version = attach(user)

    with pytest.raises(Denied):
        actions.open_version(version=version, by=user, at=AT)


def test_open_version_that_was_altered_on_disk_is_refused(user, planted):
    version = attach(user)
    path = storage.path_of(Path(settings.QINGFENG_STORAGE), version.stored.digest)
    before = path.read_bytes()
    path.write_bytes(b"tampered....")

    try:
        with pytest.raises(Refused, match="校验值不符"):
            actions.open_version(version=version, by=user, at=AT)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("change", [{"name": "另一个.txt"}, {"number": 9}])
def test_file_version_cannot_be_changed(user, change):
    version = attach(user)

    with pytest.raises(DatabaseError), transaction.atomic():
        FileVersion.objects.filter(pk=version.pk).update(**change)


def test_file_kinds_are_those_of_the_sniffer():
    assert {(kind.name.lower(), kind.label) for kind in Kind} == set(FileKind.choices)


class TestStorage:
    """The disk alone."""

    def test_put_on_a_full_disk_leaves_no_half_file(self, tmp_path, monkeypatch):
        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)

        with pytest.raises(storage.StorageFailed, match="磁盘空间不足"):
            storage.put(tmp_path, b"x" * 1000)

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_put_killed_while_writing_leaves_nothing_under_a_digest(self, tmp_path):
        script = (
            "import os, sys; from pathlib import Path; from qingfeng.documents.gateways import storage\n"
            "os.fsync = lambda handle: os.kill(os.getpid(), 9)\n"
            "storage.put(Path(sys.argv[1]), b'x' * 1000)"
        )
        ended = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], check=False, cwd=settings.BASE_DIR
        )

        digest = storage.digest_of(b"x" * 1000)
        assert ended.returncode == -9
        assert not storage.path_of(tmp_path, digest).exists()
        assert storage.put(tmp_path, b"x" * 1000) == digest
        assert storage.get(tmp_path, digest) == b"x" * 1000

    def test_put_mends_a_file_that_was_cut_short(self, tmp_path):
        digest = storage.put(tmp_path, b"abcdef")
        storage.path_of(tmp_path, digest).write_bytes(b"abc")

        storage.put(tmp_path, b"abcdef")

        assert storage.get(tmp_path, digest) == b"abcdef"

    def test_digest_is_the_standard_vector_of_sm3(self):
        assert storage.digest_of(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
