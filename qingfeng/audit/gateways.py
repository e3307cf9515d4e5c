"""What the audit book keeps outside the database: the key of the chain, and the exported heads."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from qingfeng.audit.chain import Head


class KeyMissing(RuntimeError):
    """The key file is gone although sealed entries exist: it must be brought back from its backup."""

    sentence = "审计密钥文件不存在，无法封存和校验。请从备份恢复密钥文件，不要生成新的。"


def read_key(*, may_create: bool) -> bytes:
    """Return the chain's key; with `may_create`, make it (32 random bytes, mode 0600). Raises KeyMissing."""
    path: Path = settings.AUDIT_KEY_FILE
    if may_create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key(path)
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise KeyMissing(KeyMissing.sentence) from None


def _make_key(path: Path) -> None:
    """Write the whole key before it gets its name: another worker never reads half of one."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)


def _files() -> list[Path]:
    return sorted(Path(settings.AUDIT_HEAD_DIR).glob("heads-*.jsonl"))


def export_head(head: Head) -> None:
    """Append the head to this month's file and wait until it is on disk."""
    folder = Path(settings.AUDIT_HEAD_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(head), sort_keys=True)
    with (folder / f"heads-{head.at[:7]}.jsonl").open("a", encoding="ascii") as file:
        if file.tell():
            line = "\n" + line  # an earlier line may have been cut: never write on its end
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _parse(line: str) -> Head | None:
    try:
        return Head(**json.loads(line))
    except (ValueError, TypeError):  # cut by a power failure in the middle of writing
        return None


def _heads_of(path: Path) -> list[Head]:
    parsed = (_parse(line) for line in path.read_text(encoding="ascii").splitlines())
    return [head for head in parsed if head is not None]


def read_heads() -> list[Head]:
    """Return every exported head, oldest first."""
    return [head for path in _files() for head in _heads_of(path)]


def last_head() -> Head | None:
    """Return the head exported last, or None."""
    return next((heads[-1] for path in reversed(_files()) if (heads := _heads_of(path))), None)
