from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.audit import actions
from qingfeng.core import clock


class Command(BaseCommand):
    help = "Seal what waits in the audit book now, and export the head (the worker does it every minute)."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        while made := actions.seal(at=clock.now()):
            count += made
        head = actions.export_head(at=clock.now())
        self.stdout.write(f"封存 {count} 条" + (f"，链首序号 {head.sequence}" if head else ""))
