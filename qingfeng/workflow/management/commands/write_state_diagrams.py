from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.workflow import diagrams


class Command(BaseCommand):
    help = "Write docs/states/<kind>.md from the machines in code."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(diagrams.write()))
