"""The files of a backup: once each, linked with those of the backup before, always read through."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from qingfeng.core.errors import Refused
from qingfeng.documents.gateways import storage
from qingfeng.shell.backups import manifest
from qingfeng.shell.backups.manifest import File

FOLDER = "files"
FULL = {errno.ENOSPC: "磁盘空间不足", errno.EDQUOT: "超出磁盘配额", errno.EFBIG: "超出文件大小限制"}


def place_of(digest: str) -> str:
    """Return where content stands below the folder of files, in the storage and in a backup alike."""
    return storage.path_of(Path(), digest).as_posix()


def collect(
    root: Path, target: Path, digests: Iterable[str], former: Path | None
) -> tuple[dict[str, File], list[str]]:
    """Bring every stored file into the target; return what was brought, and the digests that could not be.

    A file that the former backup holds whole is linked; any other is copied. Both are read through. A file
    that is missing, or is not what its name says, is left out and named.
    """
    brought, missing = {}, []
    for digest in digests:
        name = place_of(digest)
        about = _linked(former / name, target / name, digest) if former else None
        about = about or _copied(root / name, target / name, digest)
        if about is None:
            missing.append(digest)
        else:
            brought[name] = about
    return brought, missing


def _linked(source: Path, target: Path, digest: str) -> File | None:
    if not source.is_file():
        return None
    about = manifest.weigh(source)
    if about.sm3 != digest:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a medium without links
        return None
    return about


def _copied(source: Path, target: Path, digest: str) -> File | None:
    if not source.is_file():
        return None
    copy(source, target)
    about = manifest.weigh(target)
    if about.sm3 != digest:
        target.unlink()
        return None
    return about


def copy(source: Path, target: Path) -> None:
    """Copy a file and wait until it is on disk; it has its name only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.parent / f".{target.name}.{secrets.token_hex(6)}"
    try:
        with source.open("rb") as given, waiting.open("xb") as file:
            shutil.copyfileobj(given, file, manifest.BLOCK)
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(target)
    finally:
        waiting.unlink(missing_ok=True)


def flush(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def faults(folder: Path, expected: dict[str, File]) -> list[str]:
    """Compare every file of a folder with what is expected: missing, altered, or one too many."""
    found = []
    for name, about in expected.items():
        if not (folder / name).is_file():
            found.append(f"缺少文件 {name}")
        elif manifest.weigh(folder / name) != about:
            found.append(f"文件 {name} 与清单中的校验值不符")
    return found + [f"多出文件 {name}" for name in sorted(set(manifest.paths_in(folder)) - set(expected))]


def explained(failed: OSError) -> Refused:
    """Return the failure of a disk in the operator's words."""
    return Refused(
        FULL.get(failed.errno or 0, f"读写失败：{failed.strerror}") + f"（{failed.filename or '目标位置'}）"
    )
