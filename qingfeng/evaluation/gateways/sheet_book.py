"""The Excel of one review sheet: a row a unit, with its points, or with a column for each checklist item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets import reading, writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.terms import Item, Per

NAME = "部门评分"
CODE = Column("code", "单位编码", Kind.CODE, required=True, max_length=20, help="不要改动")
UNIT = Column("name", "单位", Kind.TEXT, max_length=80, help="仅供核对，以编码为准", width=22)
REASON = Column("reason", "理由", Kind.TEXT, max_length=500, help="未得满分的必须写明", width=40)


@dataclass(frozen=True)
class Line:
    """One filled row: points, or findings as (item code, quantity, points, note)."""

    unit_code: str
    points: Decimal | None
    findings: Sequence[tuple[str, Decimal, Decimal | None, str]]
    reason: str


def sheet(indicator: core.Indicator, channel: core.ReviewChannel) -> Sheet:
    """Declare the sheet of a channel."""
    full = indicator.weight.normalize() + 0
    help = f"0 至 {full} 分" + ("；填了评分项的不要填，由平台算出" if channel.items else "")
    columns = [CODE, UNIT]
    for item in channel.items:
        columns += _item_columns(item)
    columns.append(Column("points", "得分", Kind.DECIMAL, low=0, high=full, help=help))
    return Sheet(
        NAME, [*columns, REASON], help=f"{indicator.name}：留空的单位视为还没评，不改动平台里已有的评分"
    )


def _item_columns(item: Item) -> list[Column]:
    high = Decimal(100) if item.per == Per.RATIO else None
    unit = "百分比" if item.per == Per.RATIO else "数量"
    found = [Column(f"n_{item.code}", f"{item.label}（{unit}）", Kind.DECIMAL, low=0, high=high, width=22)]
    if item.points_high is not None:
        low, top = item.points, item.points_high
        found.append(
            Column(f"p_{item.code}", f"{item.label}（选定分值）", Kind.DECIMAL, low=low, high=top, width=22)
        )
        found.append(
            Column(f"w_{item.code}", f"{item.label}（选定理由）", Kind.TEXT, max_length=500, width=30)
        )
    return found


def write(declared: Sheet, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write the sheet with the units and what is scored already."""
    return writing.filled([declared], {NAME: rows})


def read(content: bytes, declared: Sheet, items: Sequence[Item], unit_codes: set[str]) -> list[Line]:
    """Read a filled sheet. Raises `FaultyWorkbook` with every fault, and `Refused` for no workbook."""
    found = reading.read(content, [declared])
    table = found.table(declared)
    found.faults += reading.unknown(table, "code", unit_codes, "要评分的单位")
    found.faults += reading.repeated(table, "code")
    for row in table.rows:
        found.faults += _row_faults(row, items)
    found.insist([declared])
    lines = [_line(row, items) for row in table.rows]
    return [line for line in lines if line.points is not None or line.findings]


def _row_faults(row: reading.Row, items: Sequence[Item]) -> list[Fault]:
    """Find what contradicts itself within a row."""
    found = []
    for item in items:
        quantity = row[f"n_{item.code}"]
        if quantity is not None and row["points"] is not None:
            found.append(row.fault("points", "填了评分项的不要填得分，由平台算出"))
        if item.points_high is not None and quantity:
            if row[f"p_{item.code}"] is None:
                found.append(
                    row.fault(f"p_{item.code}", f"请在 {item.points} 至 {item.points_high} 之间选定")
                )
            if not row[f"w_{item.code}"]:
                found.append(row.fault(f"w_{item.code}", "选定分值要写明理由"))
    return found


def _line(row: reading.Row, items: Sequence[Item]) -> Line:
    findings = [
        (item.code, row[f"n_{item.code}"], row[f"p_{item.code}"], row[f"w_{item.code}"] or "")
        for item in items
        if row[f"n_{item.code}"] is not None
    ]
    return Line(row["code"], row["points"], findings, row["reason"] or "")
