"""A backup is whole under its name or not there; it says what it holds, and shows any damage."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import connection

from config.environment import ROOT
from qingfeng.audit.models import Entry, Seal
from qingfeng.documents.models.files import StoredFile
from qingfeng.shell.backups import making, manifest
from tests.backups.conftest import bytes_below, command

SLOW = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from qingfeng.shell.backups import files
whole = files.collect
def slowly(*arguments):
    print("database is copied", flush=True)
    time.sleep(60)
    return whole(*arguments)
files.collect = slowly
call_command("backup", sys.argv[1])
"""


def backups(shelf: Path) -> list[Path]:
    return sorted(shelf.glob("qingfeng-*"))


def environment(home) -> dict[str, str]:
    return {
        **home.database.environment,
        "QINGFENG_STATE": str(home.folder),
        "QINGFENG_AUDIT_HEAD_DIR": str(home.folder / "heads"),
    }


def test_backup_says_what_it_holds(home) -> None:
    said = command("backup", home.shelf)
    (folder,) = backups(home.shelf)
    made = manifest.read(folder)

    assert made.contents.tables["audit_entry"].rows == 8
    assert made.facts.audit == {"sequence": 7, "digest": Seal.objects.get(sequence=7).digest, "entries": 8}
    assert len(made.facts.files) == 2
    assert "备份不含审计密钥" in said
    assert not (folder / "keys").exists()
    assert set(made.files) | {"manifest.json"} == set(bytes_below(folder))
    assert folder.stat().st_mode & 0o077 == 0
    assert Entry.objects.get(action="backup.make").detail == {"backup": folder.name}


def test_backup_with_keys_says_so_plainly(home) -> None:
    said = command("backup", home.shelf, "--with-keys")
    (folder,) = backups(home.shelf)

    assert "含审计密钥和平台密钥" in said
    assert (folder / "keys/audit.key").read_bytes() == (home.folder / "audit.key").read_bytes()
    assert (folder / "keys/audit.key").stat().st_mode & 0o777 == 0o600


def test_second_backup_keeps_each_file_once_and_forgets_the_oldest(home) -> None:
    command("backup", home.shelf)
    command("backup", home.shelf)
    first, second = backups(home.shelf)
    name = next(path for path in bytes_below(second) if path.startswith("files/"))
    shared = (second / name).stat().st_nlink

    said = command("backup", home.shelf, "--keep", "2")

    assert shared == 2
    assert first.name in said
    assert not first.exists()
    assert len(backups(home.shelf)) == 2
    assert second in backups(home.shelf)
    for folder in backups(home.shelf):
        assert "备份完好" in command("verify_backup", folder)


def test_damaged_file_of_the_former_backup_is_not_carried_on(home) -> None:
    command("backup", home.shelf)
    (first,) = backups(home.shelf)
    name = next(path for path in bytes_below(first) if path.startswith("files/"))
    (first / name).write_bytes(b"rotten")

    command("backup", home.shelf)

    assert "备份完好" in command("verify_backup", backups(home.shelf)[1])
    with pytest.raises(CommandError, match=r"文件 files/\S+ 与清单中的校验值不符"):
        command("verify_backup", first)


def test_backup_killed_in_the_middle_leaves_nothing_that_looks_whole(home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(home.shelf)], cwd=ROOT, env=environment(home), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    lines = iter(process.stdout.readline, b"")
    assert any(b"database is copied" in line for line in lines)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdout.close()
    left = list(home.shelf.glob(".unfinished-*"))

    command("backup", home.shelf)

    assert len(left) == 1
    assert not left[0].exists()
    assert len(backups(home.shelf)) == 1
    assert "备份完好" in command("verify_backup", backups(home.shelf)[0])


def test_folder_without_a_manifest_is_no_backup(home, tmp_path) -> None:
    command("backup", home.shelf)
    (folder,) = backups(home.shelf)
    (folder / "manifest.json").unlink()

    for name in ("verify_backup", "restore"):
        with pytest.raises(CommandError, match="不是一份完整的备份"):
            command(name, folder)


@contextlib.contextmanager
def small_disk(path: Path, size: str):
    """Mount a disk of that size where the machine lets us; else let no file grow beyond it."""
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)], check=False, capture_output=True
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(path)], check=True)


def test_full_disk_is_told_clearly_and_leaves_the_old_backup(home, tmp_path) -> None:
    with small_disk(tmp_path / "disk", "6m") as is_mounted:
        shelf = tmp_path / "disk" / "shelf"
        command("backup", shelf)
        before = bytes_below(backups(shelf)[0])
        if is_mounted:
            free = shutil.disk_usage(shelf).free
            (shelf.parent / "others").write_bytes(b"x" * (free - 40_000))
        limit = "" if is_mounted else "ulimit -f 16; "
        ended = subprocess.run(
            ["bash", "-c", f'{limit}exec "$0" manage.py backup "$1"', sys.executable, str(shelf)],
            cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr
        assert any(
            words in ended.stderr for words in ("磁盘空间", "剩余空间", "No space", "没有完成", "大小限制")
        )
        assert len(backups(shelf)) == 1
        assert bytes_below(backups(shelf)[0]) == before
        assert not list(shelf.glob(".unfinished-*"))


def test_second_backup_at_the_same_time_is_refused(home) -> None:
    home.shelf.mkdir()
    with making._alone(home.shelf), pytest.raises(CommandError, match="正在做另一份备份"):
        command("backup", home.shelf)

    assert backups(home.shelf) == []


def test_backup_inside_the_storage_is_refused(home) -> None:
    with pytest.raises(CommandError, match="请另给一个位置"):
        command("backup", home.folder / "files" / "backups")


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_stored_file_that_is_gone_is_named_and_the_backup_ends_with_1(home, damage: str) -> None:
    stored = StoredFile.objects.earliest("pk")
    path = next((home.folder / "files").rglob(stored.digest))
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"altered")

    with pytest.raises(SystemExit) as ended:
        command("backup", home.shelf)

    assert ended.value.code == 1
    (folder,) = backups(home.shelf)
    assert manifest.read(folder).missing == [stored.digest]
    assert "已有 1 份文件在存储中缺失或损坏" in command("verify_backup", folder)


def test_any_flipped_byte_lost_or_added_file_is_found(home) -> None:
    command("backup", home.shelf)
    (folder,) = backups(home.shelf)
    whole = bytes_below(folder)

    for name, content in whole.items():
        if name == "manifest.json":
            continue
        middle = len(content) // 2
        (folder / name).write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        with pytest.raises(CommandError, match="备份有问题"):
            command("verify_backup", folder)
        (folder / name).unlink()
        with pytest.raises(CommandError, match="缺少文件"):
            command("verify_backup", folder)
        (folder / name).write_bytes(content)
    (folder / "files/added").write_bytes(b"x")
    with pytest.raises(CommandError, match="多出文件 files/added"):
        command("verify_backup", folder)


@pytest.mark.postgres
def test_backup_without_the_servers_tools_says_what_to_install(postgres_db, tmp_path, settings) -> None:
    settings.QINGFENG_PG_BIN = str(tmp_path)

    with pytest.raises(CommandError, match="找不到 pg_dump。请安装"):
        command("backup", tmp_path / "shelf")

    assert not backups(tmp_path / "shelf")


def test_password_of_the_database_stands_in_no_process_list(
    monkeypatch, tmp_path, settings, postgres_db
) -> None:
    """A stand-in for pg_dump writes down how it was called."""
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tmp_path}/called\nexit 3\n')
    tool.chmod(0o755)
    settings.QINGFENG_PG_BIN = str(tool.parent)

    with pytest.raises(CommandError, match="pg_dump 没有完成"):
        command("backup", tmp_path / "shelf")

    assert connection.settings_dict["PASSWORD"] not in (tmp_path / "called").read_text()
