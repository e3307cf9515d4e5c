"""Write the workbook: a template with the scheme in it, a filled example that can be run.

Or a scheme alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import shipped
from qingfeng.evaluation.workbook import examples, round_sheets, scheme_rows, scheme_sheets
from qingfeng.evaluation.workbook.reading import SHEETS

Target = Path | BinaryIO
NOTES = (
    "本工作簿用于政治生态评价的离线试算：填好后运行 trial_score，不连接数据库。",
    "前11张表由各来源填写；其后各表是评价方案，已按默认方案（5个维度36项指标）填好，可以修改。",
    "名称以“示例·”开头的表只供参考，不参加计算。红色表头为必填列。",
    "各表之间用编码引用；编码见“代码表”“指标”“渠道”等表。",
)


def write_template(target: Target, scheme: schemes.Scheme | None = None) -> None:
    """Write empty sheets for a round, with examples and explanations.

    And the sheets of a scheme (the default) filled.
    """
    chosen = scheme or shipped.default_scheme()
    rows: dict[str, list[dict[str, Any]]] = scheme_rows.rows_of(chosen)
    rows[round_sheets.BASICS.name] = [{"item": item} for item in round_sheets.PARAMETERS]
    rows[round_sheets.REPORTS.name] = [{"channel": channel.code} for _, _, channel in chosen.channels()]
    _put(target, writing.template(SHEETS, notes=NOTES, rows=rows))


def write_example(target: Target) -> None:
    """Write a filled workbook of an invented city, which ``reading.read`` reads without a fault."""
    scheme = shipped.default_scheme()
    rows: dict[str, list[dict[str, Any]]] = scheme_rows.rows_of(scheme) | examples.rows_of(scheme)
    rows[round_sheets.BASICS.name] = [dict(row) for row in round_sheets.BASICS.examples]
    _put(target, writing.filled(SHEETS, rows))


def write_scheme(target: Target, scheme: schemes.Scheme) -> None:
    """Write a scheme alone; ``reading.read_scheme`` reads an equal one back."""
    _put(target, writing.filled(scheme_sheets.SHEETS, scheme_rows.rows_of(scheme)))


def _put(target: Target, content: bytes) -> None:
    if isinstance(target, Path):
        target.write_bytes(content)
    else:
        target.write(content)
