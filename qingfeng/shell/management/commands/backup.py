from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingfeng.audit import actions as audit
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Refused
from qingfeng.shell.backups import making


class Command(BaseCommand):
    help = (
        "Back up database and files while the platform runs: exit 1 where stored files were missing already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="每份备份在这里各成一个文件夹")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="只留最新的 N 份（默认都留）")
        parser.add_argument("--with-keys", action="store_true", help="连审计密钥和平台密钥一起备份")

    def handle(self, *args: Any, **options: Any) -> None:
        keep, at = options["keep"], clock.now()
        if keep < 0:
            raise CommandError("--keep 不能是负数")
        try:
            made = making.make(
                options["folder"], at=at, keep=keep, with_keys=options["with_keys"], say=self._say
            )
        except Refused as refusal:
            raise CommandError("；".join(refusal.sentences)) from None
        audit.record(action="backup.make", by=SYSTEM, at=clock.now(), detail={"backup": made.folder.name})
        self._report(made)
        if made.manifest.missing:
            self.stderr.write(
                f"有 {len(made.manifest.missing)} 份文件在存储中缺失或已损坏，没能备份，名单在清单里。"
            )
            sys.exit(1)

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _report(self, made: making.Made) -> None:
        about = made.manifest
        rows = sum(table.rows for table in about.contents.tables.values())
        self._say(f"备份完成：{made.folder}")
        self._say(f"{len(about.contents.tables)} 张表 {rows} 行，{len(about.facts.files)} 份文件；"
                  f"审计链到序号 {about.facts.audit['sequence']}。")  # fmt: skip
        for name in made.removed:
            self._say(f"已删除旧备份 {name}")
        if about.has_keys:
            self._say("这份备份含审计密钥和平台密钥：拿到它的人能改写审计链。请加锁保管，与其他备份分开。")
        else:
            self._say("备份不含审计密钥和平台密钥，请另行单独备份，分开保管。")
        if about.facts.open_urns:
            self._say(f"有 {about.facts.open_urns} 个票箱尚未混票：这份备份含封存的选票和")
            self._say("两位保管人口令封住的私钥，混票之后请连同更早的备份一起销毁。")
