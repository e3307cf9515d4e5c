from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingfeng.core.errors import Refused
from qingfeng.shell.backups import checking


class Command(BaseCommand):
    help = "Read a backup through and compare it with its manifest; touches no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="一份备份的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made, faults = checking.verify(options["folder"])
        except Refused as refusal:
            raise CommandError("；".join(refusal.sentences)) from None
        if faults:
            raise CommandError("备份有问题：" + "；".join(faults[:20]))
        self.stdout.write(f"备份完好：{made.made_at}，{len(made.files)} 个文件。能否恢复，以演练为准。")
        if made.missing:
            self.stdout.write(f"做备份时已有 {len(made.missing)} 份文件在存储中缺失或损坏。")
