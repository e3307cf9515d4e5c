"""A backup brought into an empty platform is the platform: every row, every file, what guards them too."""

from __future__ import annotations

import shutil
import threading

import pytest
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from qingfeng.audit import actions as audit
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.documents.models.files import StoredFile
from tests.audit.test_append_only import expected, installed
from tests.backups.conftest import NOON, bytes_below, command, everything, moved_into
from tests.factories.organizations import UnitFactory


def backup(home, *arguments: str):
    command("backup", home.shelf, *arguments)
    return max(home.shelf.glob("qingfeng-*"))


def bring_key(home, folder) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy(home.folder / "audit.key", folder / "audit.key")


def test_restore_gives_every_row_and_every_file(home, empty_database, tmp_path) -> None:
    rows, files = everything(), bytes_below(home.folder / "files")
    folder = backup(home)
    bring_key(home, tmp_path / "new")

    with moved_into(empty_database(home.database), tmp_path / "new"):
        said = command("restore", folder)
        restored = everything()

        assert restored.keys() == rows.keys()
        restored["audit_entry"] = [row for row in restored["audit_entry"] if "backup.restore" not in row]
        assert restored == rows
        assert len(rows["audit_entry"]) > 5
        assert len(files) == 2
        assert bytes_below(tmp_path / "new" / "files") == files
        assert bytes_below(tmp_path / "new" / "heads") == bytes_below(home.folder / "heads")
        assert "校验通过：7 条记录完整" in said


def test_restored_platform_counts_on_and_still_refuses_change(home, empty_database, tmp_path) -> None:
    folder = backup(home)
    bring_key(home, tmp_path / "new")

    with moved_into(empty_database(home.database), tmp_path / "new"):
        command("restore", folder)
        before = max(Entry.objects.values_list("pk", flat=True))
        UnitFactory.create()
        added = audit.record(action="after", by=SYSTEM, at=NOON)

        assert added.pk == before + 1
        for table in ("audit_entry", "audit_seal", "documents_storedfile", "evaluation_snapshot"):
            assert sorted(installed(table)) == expected(table)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Entry.objects.update(action="changed")
        audit.seal(at=clock.now())
        assert audit.verify(at=clock.now()).is_sound


def test_backup_while_others_write_is_of_one_moment(home, empty_database, tmp_path) -> None:
    ended, errors = threading.Event(), []

    def write() -> None:
        number = 0
        try:
            while not ended.is_set():
                number += 1
                with transaction.atomic():  # always a pair: a copy of two moments would hold one half
                    audit.record(action="pair.one", by=SYSTEM, at=NOON, detail={"n": number})
                    audit.record(action="pair.two", by=SYSTEM, at=NOON, detail={"n": number})
                if number % 20 == 0:
                    audit.seal(at=clock.now())
                    audit.export_head(at=clock.now())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        folder = backup(home)
    finally:
        ended.set()
        thread.join()
    bring_key(home, tmp_path / "new")

    assert errors == []
    assert command("verify_backup", folder).startswith("备份完好")
    with moved_into(empty_database(home.database), tmp_path / "new"):
        command("restore", folder)
        one = set(Entry.objects.filter(action="pair.one").values_list("detail__n", flat=True))
        two = set(Entry.objects.filter(action="pair.two").values_list("detail__n", flat=True))

        assert one == two


@pytest.mark.parametrize("place", ["database", "files", "heads"])
def test_restore_into_what_is_not_empty_is_refused_and_writes_nothing(
    home, empty_database, tmp_path, place
) -> None:
    folder = backup(home)
    bring_key(home, tmp_path / "new")
    if place == "database":
        with pytest.raises(CommandError, match="数据库不是空的"):
            command("restore", folder)
        return
    (tmp_path / "new" / place).mkdir()
    (tmp_path / "new" / place / "heads-2020-01.jsonl").write_text("{}")

    with moved_into(empty_database(home.database), tmp_path / "new"):
        with pytest.raises(CommandError, match="不是空的，有 1 个文件"):
            command("restore", folder)
        connection.close()

        assert everything() == {}
        assert len(bytes_below(tmp_path / "new")) == 2


def test_restore_without_the_audit_key_wants_it_said(home, empty_database, tmp_path) -> None:
    folder = backup(home)

    with moved_into(empty_database(home.database), tmp_path / "new"):
        with pytest.raises(CommandError, match="审计密钥不在备份里"):
            command("restore", folder)
        said = command("restore", folder, without_key=True)

        assert "审计链没有校验" in said
        assert not (tmp_path / "new" / "audit.key").exists()


def test_restore_with_keys_brings_them_and_keeps_what_stood_there(
    home, empty_database, tmp_path, settings
) -> None:
    folder = backup(home, "--with-keys")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "secret.key").write_text("made by the first start")

    with moved_into(empty_database(home.database), tmp_path / "new"):
        said = command("restore", folder)

        assert "校验通过" in said
        assert (tmp_path / "new" / "audit.key").read_bytes() == (home.folder / "audit.key").read_bytes()
        assert (tmp_path / "new" / "audit.key").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "new" / "secret.key").read_text() == settings.SECRET_KEY
        assert [p.read_text() for p in (tmp_path / "new").glob("secret.key.before-*")] == [
            "made by the first start"
        ]


def test_restore_that_was_killed_between_files_and_database_can_be_run_again(
    home, empty_database, tmp_path
) -> None:
    folder = backup(home)
    bring_key(home, tmp_path / "new")
    shutil.copytree(folder / "heads", tmp_path / "new" / "heads")
    shutil.copytree(folder / "files", tmp_path / "new" / "files")

    with moved_into(empty_database(home.database), tmp_path / "new"):
        assert "恢复完成" in command("restore", folder)


def test_compare_names_the_table_and_the_file_that_differ(home, tmp_path) -> None:
    folder = backup(home)
    stored = StoredFile.objects.earliest("pk")
    path = next((home.folder / "files").rglob(stored.digest))
    path.write_bytes(b"altered")
    UnitFactory.create()

    with pytest.raises(CommandError) as refused:
        command("restore", folder, compare=True)

    assert "表 organizations_unit 应有 0 行，实有 1 行" in str(refused.value)
    assert stored.digest in str(refused.value)


def test_restore_of_a_newer_version_is_refused(home, empty_database, tmp_path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0999_later', '2027-01-01')"
        )
    folder = backup(home)
    bring_key(home, tmp_path / "new")

    with (
        moved_into(empty_database(home.database), tmp_path / "new"),
        pytest.raises(CommandError, match=r"audit\.0999_later"),
    ):
        command("restore", folder)
