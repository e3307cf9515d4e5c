from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.core.jobs import worker
from qingfeng.shell.demo import city


class Command(BaseCommand):
    help = "Found the demo city in an empty database; with --history also run the job that fills it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--history", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        city.ensure(self.stdout.write)
        if options["history"]:
            worker.drain()
