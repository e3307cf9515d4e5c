"""Files on disk, addressed by the SM3 of their bytes; they are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes

INCOMING = "incoming"


class StorageFailed(Exception):
    """Say in the user's words that the disk did not take or give the content."""


def digest_of(content: bytes) -> str:
    """Return the SM3 of the content in hexadecimal letters."""
    state = hashes.Hash(hashes.SM3())
    state.update(content)
    return state.finalize().hex()


def path_of(root: Path, digest: str) -> Path:
    """Return where content with this digest stands."""
    return root / digest[:2] / digest[2:4] / digest


def put(root: Path, content: bytes) -> str:
    """Store the content and return its digest; raises StorageFailed where the disk does not take it.

    The bytes are written beside, flushed to the disk and renamed, so that neither a full disk nor a kill in
    the middle leaves half a file under a digest.
    """
    digest = digest_of(content)
    target = path_of(root, digest)
    if target.exists() and target.stat().st_size == len(content):
        return digest
    waiting = root / INCOMING / f"{digest}.{secrets.token_hex(6)}"
    try:
        waiting.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(waiting, content)
        waiting.replace(target)
        _flush_folder(target.parent)
    except OSError as failed:
        waiting.unlink(missing_ok=True)
        raise StorageFailed("磁盘空间不足或不可写，文件未保存。请联系系统管理员，稍后再传。") from failed
    return digest


def get(root: Path, digest: str) -> bytes:
    """Read content and check it against its digest; raises StorageFailed where it is missing or altered."""
    try:
        content = path_of(root, digest).read_bytes()
    except OSError as failed:
        raise StorageFailed("存储中找不到这份文件，请联系系统管理员从备份恢复。") from failed
    if digest_of(content) != digest:
        raise StorageFailed("这份文件的内容与存入时的校验值不符，系统不予提供。请联系系统管理员从备份恢复。")
    return content


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
