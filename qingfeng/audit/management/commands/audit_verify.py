from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.audit import actions, presenters
from qingfeng.audit.gateways import KeyMissing
from qingfeng.core import clock


class Command(BaseCommand):
    help = "Verify the sealed audit book: exit 0 where it is sound, 1 at the first break, 2 without the key."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdict = actions.verify(at=clock.now())
        except KeyMissing as missing:
            self.stderr.write(missing.sentence)
            sys.exit(2)
        self.stdout.write(presenters.verdict_sentence(verdict))
        if not verdict.is_sound:
            sys.exit(1)
