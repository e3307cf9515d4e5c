"""Making a backup while the platform runs: whole under its name, or not there at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.utils import timezone

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import files, manifest, postgresql, sqlite
from qingfeng.shell.backups.manifest import File, Manifest

DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
NAMED = re.compile(r"^qingfeng-\d{8}-\d{6}(-\d+)?$")
UNFINISHED = ".unfinished-"
HEADS, KEYS = "heads", "keys"


@dataclass(frozen=True)
class Made:
    """A finished backup, and the older ones that gave way to it."""

    folder: Path
    manifest: Manifest
    removed: list[str]


def dialect() -> ModuleType:
    return DIALECTS[connection.vendor]


def make(
    parent: Path, *, at: dt.datetime, keep: int = 0, with_keys: bool = False, say: Callable[[str], None]
) -> Made:
    """Make a backup below the parent folder; with `keep`, leave only so many of the newest.

    Raises Refused where another backup is being made there, a tool is missing, or the disk is full; then what
    was begun is gone, and the older backups stand as they stood.
    """
    _refuse_inside(parent)
    try:
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(parent):
            _sweep(parent)
            begun = parent / f"{UNFINISHED}{secrets.token_hex(6)}"
            begun.mkdir(mode=0o700)
            try:
                made = _fill(begun, parent, at, with_keys, say)
                folder = _name(begun, parent, at)
            except BaseException:
                shutil.rmtree(begun, ignore_errors=True)
                raise
            return Made(folder, made, _thin(parent, keep))
    except OSError as failed:
        raise files.explained(failed) from None


def finished(parent: Path) -> list[Path]:
    """Return the whole backups below the parent folder, the oldest first."""
    found = [path for path in parent.iterdir() if NAMED.match(path.name) and (path / manifest.NAME).is_file()]
    return sorted(found, key=lambda path: path.name)


def _refuse_inside(parent: Path) -> None:
    for place in (settings.QINGFENG_STORAGE, settings.AUDIT_HEAD_DIR):
        if parent.resolve().is_relative_to(Path(place).resolve()):
            raise Refused("备份不能放在平台自己的文件夹里，请另给一个位置，最好在另一块磁盘或另一台机器上")


@contextlib.contextmanager
def _alone(parent: Path) -> Iterator[None]:
    with (parent / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("这个位置正在做另一份备份，请等它结束") from None
        yield


def _sweep(parent: Path) -> None:
    """Remove what a killed backup left; whoever holds the lock knows that nobody is at work there."""
    for path in parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(path, ignore_errors=True)


def _fill(
    begun: Path, parent: Path, at: dt.datetime, with_keys: bool, say: Callable[[str], None]
) -> Manifest:
    """Heads, then database, then files: no head runs ahead of the book, and no row of its file."""
    held = _heads(begun)
    say("数据库……")
    contents, facts = dialect().dump(begun)
    held[dialect().DUMP] = manifest.weigh(begun / dialect().DUMP)
    say("文件……")
    former = [path / files.FOLDER for path in finished(parent)[-1:]]
    brought, missing = files.collect(
        Path(settings.QINGFENG_STORAGE), begun / files.FOLDER, facts.files, former[0] if former else None
    )
    held |= {f"{files.FOLDER}/{name}": about for name, about in brought.items()}
    if with_keys:
        held |= _keys(begun)
    made = Manifest(
        made_at=at.isoformat(timespec="seconds"),
        platform=settings.QINGFENG_VERSION,
        vendor=connection.vendor,
        contents=contents,
        facts=facts,
        files=held,
        missing=missing,
        has_keys=with_keys,
    )
    manifest.write(begun, made)
    return made


def _heads(begun: Path) -> dict[str, File]:
    held = {}
    for path in sorted(Path(settings.AUDIT_HEAD_DIR).glob("heads-*.jsonl")):
        files.copy(path, begun / HEADS / path.name)
        held[f"{HEADS}/{path.name}"] = manifest.weigh(begun / HEADS / path.name)
    return held


def _keys(begun: Path) -> dict[str, File]:
    """Put the audit key and the platform's secret into the backup: who holds it can then do everything."""
    folder, held = begun / KEYS, {}
    folder.mkdir(mode=0o700)
    texts = {"secret.key": settings.SECRET_KEY}
    with contextlib.suppress(FileNotFoundError):
        texts["audit.key"] = Path(settings.AUDIT_KEY_FILE).read_text(encoding="ascii")
    for name, text in texts.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text, encoding="ascii")
        held[f"{KEYS}/{name}"] = manifest.weigh(folder / name)
    return held


def _name(begun: Path, parent: Path, at: dt.datetime) -> Path:
    """Give the filled folder its name: from here on it is a backup."""
    stamp = f"qingfeng-{timezone.localtime(at):%Y%m%d-%H%M%S}"
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, 100))]
    folder = next(parent / name for name in names if not (parent / name).exists())
    files.flush(begun)
    begun.rename(folder)
    files.flush(parent)
    return folder


def _thin(parent: Path, keep: int) -> list[str]:
    """Remove the oldest backups beyond `keep` (0 keeps all); each loses its name before it loses a file."""
    surplus = finished(parent)[:-keep] if keep else []
    for folder in surplus:
        leaving = parent / f"{UNFINISHED}{secrets.token_hex(6)}"
        folder.rename(leaving)
        shutil.rmtree(leaving)
    return [folder.name for folder in surplus]
