"""Write the workbook of a trial score, empty or as an example that can be run."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.evaluation.workbook import writing


class Command(BaseCommand):
    help = "写出试算用的空白工作簿（含默认方案、示例和各列说明）；加 --filled 写出可直接试算的示例。"
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workbook", type=Path, help="写出的 .xlsx 文件")
        parser.add_argument("--filled", action="store_true", help="写出填好的示例")

    def handle(self, *args: Any, workbook: Path, filled: bool, **options: Any) -> None:
        """Write the workbook."""
        write = writing.write_example if filled else writing.write_template
        write(workbook)
        self.stdout.write(f"已写出 {workbook}")
