from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.shell.permissions import page


class Command(BaseCommand):
    help = "Write docs/permissions.md: role × action × state, from the rules and the machines."

    def handle(self, *args: Any, **options: Any) -> None:
        page.PATH.write_text(page.compose(), encoding="utf-8")
        self.stdout.write(str(page.PATH))
