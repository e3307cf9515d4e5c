from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import checking, manifest, restoring

INTO = {
    "into_database": ("DATABASE_URL", "恢复到这个数据库，而不是平台的"),
    "into_files": ("QINGFENG_STORAGE", "恢复到这个文件夹，而不是平台的文件存储"),
    "into_heads": ("QINGFENG_AUDIT_HEAD_DIR", "审计链首恢复到这个文件夹"),
}


class Command(BaseCommand):
    help = "Restore a backup into an EMPTY database and storage, then compare every table and file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="一份备份的文件夹")
        parser.add_argument("--without-key", action="store_true", help="没有审计密钥也恢复，审计链不校验")
        parser.add_argument("--compare", action="store_true", help="什么也不写，只核对平台与备份是否相同")
        for name, (_, words) in INTO.items():
            parser.add_argument(f"--{name.replace('_', '-')}", metavar="X", help=f"{words}（演练用）")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {variable: options[name] for name, (variable, _) in INTO.items() if options[name]}
        if given:
            self._elsewhere(given, options)
            return
        try:
            if options["compare"]:
                self._compare(options["folder"])
                return
            made = restoring.restore(options["folder"], without_key=options["without_key"], say=self._say)
        except Refused as refusal:
            raise CommandError("；".join(refusal.sentences)) from None
        self._say(f"恢复完成，{len(made.contents.tables)} 张表、{len(made.facts.files)} 份文件逐一核对相符。")
        if made.vendor == "postgresql":
            self._say("接着运行 manage.py grant_runtime，给运行账号授权。")

    def _elsewhere(self, given: dict[str, str], options: dict[str, Any]) -> None:
        """Run the same command on another database or folder: settings are read once, by a process."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(options["folder"])]
        command += [f"--{flag}" for flag in ("without-key", "compare") if options[flag.replace("-", "_")]]
        made = subprocess.run(command, check=False, env={**os.environ, **given})  # noqa: S603
        sys.exit(made.returncode)

    def _compare(self, folder: Path) -> None:
        faults = checking.compare(manifest.read(folder))
        if faults:
            raise CommandError("；".join(faults[:20]))
        self._say("平台与备份逐表逐文件相符。")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
