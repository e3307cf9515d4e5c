"""Count a published ballot again from its file, without a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.ballots.sealing import recount


class Command(BaseCommand):
    help = "按公布文件 publication.json 重新计票，与平台公布的票数核对；不连接数据库。"
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="公布文件 publication.json")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Exit with 0 where all figures agree, 1 where some differ, 2 where the file cannot be read."""
        sys.exit(recount.main([file]))
