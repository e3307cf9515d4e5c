"""Score one workbook without touching a database."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.core.errors import FaultyWorkbook, Refused
from qingfeng.evaluation.workbook import trial


class Command(BaseCommand):
    help = "用一个 Excel 工作簿试算，写出 results.xlsx、results.json 和通报 bulletin.docx；不连接数据库。"
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workbook", type=Path, help="填好的工作簿（模板见 workbook_template）")
        parser.add_argument("--out", type=Path, required=True, help="写入结果的目录")

    def handle(self, *args: Any, workbook: Path, out: Path, **options: Any) -> None:
        """Write the results; exit with 2, having written nothing, where the workbook has faults."""
        try:
            written = trial.run(workbook, out)
        except FaultyWorkbook as error:
            lines = [
                f"{fault}（现为“{fault.value}”）" if fault.value else str(fault) for fault in error.faults
            ]
            self._fail(f"工作簿有 {len(lines)} 处错误，没有写出任何文件：", *lines)
        except Refused as error:
            self._fail("工作簿不能读取，没有写出任何文件：", *error.sentences)
        except FileNotFoundError as error:
            self._fail(f"找不到文件：{error.filename}")
        else:
            for path in written:
                self.stdout.write(f"已写出 {path}")

    def _fail(self, *lines: str) -> None:
        for line in lines:
            self.stderr.write(line)
        sys.exit(2)
