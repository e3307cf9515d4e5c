from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from qingfeng.shell import database_roles


class Command(BaseCommand):
    help = (
        "PostgreSQL: give the role that runs the platform its rights; run as the owner after each migration."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", nargs="?", default="qingfeng_app", help="运行账号（默认 qingfeng_app）")
        parser.add_argument("--check", action="store_true", help="只检查权限是否过大，什么也不改")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("只有 PostgreSQL 分所有者和运行账号")
        if not options["check"]:
            with transaction.atomic():
                count = database_roles.grant(options["role"])
            self.stdout.write(f"已授权：{options['role']}，{count} 张表。")
        found = database_roles.faults(options["role"])
        if found:
            raise CommandError("；".join(found))
        self.stdout.write("权限无误：运行账号不拥有任何表，只增不改的表只能读和加。")
