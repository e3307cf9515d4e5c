from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.core.jobs import reaper, worker


class Command(BaseCommand):
    help = "Run background jobs, give back those of dead workers, and start what is scheduled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        lease = reaper.LEASE.total_seconds()
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks at the queue")
        parser.add_argument("--lanes", type=int, default=2, help="how many asked-for jobs run at once")
        parser.add_argument("--tick", type=float, default=5.0, help="seconds between two signs of life")
        parser.add_argument(
            "--lease", type=float, default=lease, help="seconds until a dead job is given back"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lease = dt.timedelta(seconds=options["lease"])
        if not worker.serve(
            interval=options["interval"], tick=options["tick"], lease=lease, lanes=options["lanes"]
        ):
            sys.exit(1)
