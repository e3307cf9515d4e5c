from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from qingfeng.shell import serving
from qingfeng.shell.demo import city, roster


class Command(BaseCommand):
    help = "Prepare the database, then run web server and worker until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare(self._say)
        if settings.QINGFENG_DEMO:
            city.ensure(self._say)
        platform = serving.Platform(options["host"], options["port"])
        if platform.wait_until_well():
            self._banner(platform.address)
        sys.exit(platform.watch())

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _banner(self, address: str) -> None:
        self._say(f"\n清风已启动：{address}")
        if settings.QINGFENG_DEMO:
            self._say(f"演示账号（密码均为 {city.PASSWORD}）：")
            for account in city.accounts():
                self._say(f"  {account.username:<16}{account.label}")
            names = "，".join(f"{name}：{phrase}" for name, phrase in roster.KEEPERS.items())
            self._say(f"演示票箱两位保管人的口令：{names}")
            self._say("演示历史（三轮已通报、一轮进行中）由后台作业生成，进度见 /jobs/。")
        self._say("按 Ctrl+C 停止。")
