"""Whether a backup is whole, and whether the platform is what the backup says."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import facts, files, making, manifest
from qingfeng.shell.backups.manifest import Manifest


def verify(folder: Path) -> tuple[Manifest, list[str]]:
    """Read a backup through; return its manifest, and all that is wrong with it. Raises Refused for none."""
    made = manifest.read(folder)
    faults = [fault for fault in files.faults(folder, made.files) if fault != f"多出文件 {manifest.NAME}"]
    module = making.DIALECTS[made.vendor]
    if (folder / module.DUMP).is_file():
        faults += module.check(folder, made.contents)
    return made, faults


def compare(made: Manifest) -> list[str]:
    """Return where the platform's tables and stored files are not those of the backup."""
    if connection.vendor != made.vendor:
        raise Refused(f"备份来自 {made.vendor}，平台现在用的是 {connection.vendor}")
    connection.close()
    faults = facts.differences(made.contents, making.dialect().contents())
    return faults + files.faults(Path(settings.QINGFENG_STORAGE), stored(made))


def stored(made: Manifest) -> dict[str, manifest.File]:
    """Return the stored files of a backup as they stand in the platform's storage."""
    prefix = f"{files.FOLDER}/"
    return {name.removeprefix(prefix): about for name, about in made.files.items() if name.startswith(prefix)}
