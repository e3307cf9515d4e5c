"""Bringing a backup into an empty platform, and proving that everything is there."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from qingfeng.audit import actions as audit
from qingfeng.audit import presenters as audit_words
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Refused
from qingfeng.shell.backups import checking, facts, files, making, manifest
from qingfeng.shell.backups.manifest import Manifest


def restore(folder: Path, *, without_key: bool, say: Callable[[str], None]) -> Manifest:
    """Restore a backup into an empty database and storage, then compare every table and file.

    A restore that was killed may be run again: files and heads that are the backup's own do not count as
    there, and the database is loaded whole or not at all. Raises Refused before anything is written where
    the backup is damaged, of another database or a newer version, or the platform is not empty; and
    afterwards where anything is not as the backup says.
    """
    say("检查备份……")
    made, faults = checking.verify(folder)
    faults = faults or _obstacles(folder, made, without_key)
    if faults:
        raise Refused(*faults[:20])
    try:
        say("文件……")
        _bring(folder, made)
    except OSError as failed:
        raise files.explained(failed) from None
    say("数据库……")
    connection.close()
    making.dialect().load(folder)
    say("逐表逐文件核对……")
    _prove(folder, made, without_key, say)
    return made


def _obstacles(folder: Path, made: Manifest, without_key: bool) -> list[str]:
    """Say what keeps the backup from being restored here."""
    if connection.vendor != made.vendor:
        return [f"备份来自 {made.vendor}，平台现在用的是 {connection.vendor}"]
    newer = facts.known_migrations(made.facts.migrations, _on_disk())
    found = [f"备份来自更新的版本：这里没有 {newer[0]} 等 {len(newer)} 个迁移"] if newer else []
    connection.close()
    if not making.dialect().is_empty():
        found.append("数据库不是空的。只能恢复到空库：请另建一个数据库，原来的留作证据")
    found += _strange(Path(settings.QINGFENG_STORAGE), checking.stored(made), "文件存储")
    found += _strange(Path(settings.AUDIT_HEAD_DIR), _below(made, making.HEADS), "审计链首")
    return found + _key_obstacles(folder, made, without_key)


def _strange(place: Path, expected: dict[str, manifest.File], words: str) -> list[str]:
    names = list(manifest.paths_in(place))
    strange = [
        name for name in names if name not in expected or manifest.weigh(place / name) != expected[name]
    ]
    if not strange:
        return []
    return [f"{words}（{place}）不是空的，有 {len(strange)} 个文件不是这份备份的。请把原来的另存，不要删除"]


def _key_obstacles(folder: Path, made: Manifest, without_key: bool) -> list[str]:
    own = Path(settings.AUDIT_KEY_FILE)
    kept = folder / making.KEYS / "audit.key"
    if own.exists():
        if kept.exists() and kept.read_bytes().strip() != own.read_bytes().strip():
            return [f"{own} 与备份中的审计密钥不同。请把原来的另存后再恢复"]
        return []
    if made.facts.audit["sequence"] and not kept.exists() and not without_key:
        return [f"审计密钥不在备份里。请先从单独的备份把它放到 {own}；没有就用 --without-key，审计链不校验"]
    return []


def _on_disk() -> list[str]:
    return [f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations]


def _below(made: Manifest, part: str) -> dict[str, manifest.File]:
    prefix = f"{part}/"
    return {n.removeprefix(prefix): about for n, about in made.files.items() if n.startswith(prefix)}


def _bring(folder: Path, made: Manifest) -> None:
    for part, place in ((files.FOLDER, settings.QINGFENG_STORAGE), (making.HEADS, settings.AUDIT_HEAD_DIR)):
        Path(place).mkdir(parents=True, exist_ok=True)
        for name in _below(made, part):
            if not (Path(place) / name).exists():
                files.copy(folder / part / name, Path(place) / name)
    if made.has_keys:
        _bring_key(folder / making.KEYS / "audit.key", Path(settings.AUDIT_KEY_FILE))
        _bring_key(folder / making.KEYS / "secret.key", Path(settings.STATE_DIR) / "secret.key")


def _bring_key(source: Path, target: Path) -> None:
    """Put a key of the backup in its place; another key that stands there is kept beside it."""
    if not source.exists():
        return
    if target.exists():
        if target.read_bytes().strip() == source.read_bytes().strip():
            return
        target.rename(target.with_name(f"{target.name}.before-restore-{secrets.token_hex(4)}"))
    files.copy(source, target)
    target.chmod(0o600)


def _prove(folder: Path, made: Manifest, without_key: bool, say: Callable[[str], None]) -> None:
    """Compare, verify the audit book, and write the restore into it."""
    faults = checking.compare(made)
    if faults:
        raise Refused("恢复后核对不符，不要启用", *faults[:20])
    if made.facts.audit["sequence"] and Path(settings.AUDIT_KEY_FILE).exists():
        verdict = audit.verify(at=clock.now())
        if not verdict.is_sound:
            raise Refused("恢复后核对不符，不要启用", audit_words.verdict_sentence(verdict))
        say(audit_words.verdict_sentence(verdict))
    elif made.facts.audit["sequence"] and without_key:
        say("没有审计密钥，审计链没有校验。")
    audit.record(
        action="backup.restore",
        by=SYSTEM,
        at=clock.now(),
        detail={"backup": folder.name, "made_at": made.made_at},
    )
