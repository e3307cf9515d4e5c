"""The Excel sheets a data supplier fills: one row a unit with its measures, one row a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets import reading, writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.scoring import scheme as core

UNIT_CODE = Column("code", "单位编码", Kind.CODE, required=True, max_length=20, help="不要改动")
UNIT_NAME = Column("name", "单位", Kind.TEXT, max_length=80, help="仅供核对，以编码为准", width=22)
VALUES = "数据"
FACTS = "事实"


@dataclass(frozen=True)
class ValueLine:
    unit_code: str
    measure: str
    value: Decimal


@dataclass(frozen=True)
class FactLine:
    """One fact as typed, with the place where it stands."""

    row: reading.Row
    values: Mapping[str, Any]


@dataclass(frozen=True)
class TaskBook:
    values: Sequence[ValueLine]
    facts: Sequence[FactLine]
    has_values: bool
    has_facts: bool


def values_sheet(measures: Sequence[core.Measure]) -> Sheet:
    """Declare the sheet of measures; a blank cell means that the number is not available."""
    columns = [
        Column(f"m_{m.code}", f"{m.name}（{m.unit}）" if m.unit else m.name, Kind.DECIMAL, help="没有就留空")
        for m in measures
    ]
    return Sheet(
        VALUES,
        [UNIT_CODE, UNIT_NAME, *columns],
        help="每个单位一行；没有数据的格子留空，平台按“不适用”处理，不按零分处理",
    )


def facts_sheet(kinds: Sequence[core.Named], scheme: core.Scheme) -> Sheet:
    """Declare the sheet of facts: one row a decision."""
    return Sheet(
        FACTS,
        [
            UNIT_CODE,
            UNIT_NAME,
            Column("kind", "事实类别", Kind.CHOICE, required=True, choices=_named(kinds), width=24),
            Column("category", "领域", Kind.CHOICE, choices=_named(scheme.categories)),
            Column("level", "层级", Kind.CHOICE, choices=_named(scheme.levels)),
            Column("act_date", "行为日期", Kind.DATE, required=True, help="行为发生之日，用来确定承担单位"),
            Column("effective_date", "决定生效日期", Kind.DATE, required=True, help="决定生效之日"),
            Column("quantity", "数量", Kind.DECIMAL, low=Decimal("0.01"), help="人次或件数，留空为 1"),
            Column("is_leader", "班子成员", Kind.YES_NO, help="留空为否"),
            Column("is_self_reported", "主动报告", Kind.YES_NO, help="留空为否"),
            Column("is_concealed", "瞒报", Kind.YES_NO, help="留空为否"),
            Column("title", "摘要", Kind.TEXT, required=True, max_length=200, help="不写姓名", width=40),
            Column("reference_text", "文号或编号", Kind.TEXT, max_length=120, width=24),
            Column("event_key", "同一事件标识", Kind.TEXT, max_length=60, help="同一事件的各行填同一个标识"),
        ],
        help="一项决定一行；本期没有就只留表头",
    )


def _named(entries: Iterable[core.Named]) -> list[tuple[str, str]]:
    return [(entry.code, entry.name) for entry in entries]


def sheets(measures: Sequence[core.Measure], kinds: Sequence[core.Named], scheme: core.Scheme) -> list[Sheet]:
    """Declare what one supplier fills: sheets of what the scheme asks of it."""
    found = [values_sheet(measures)] if measures else []
    return [*found, facts_sheet(kinds, scheme)] if kinds else found


def write(sheets: Sequence[Sheet], rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """Write the template with the units filled in and with what is stored already."""
    return writing.filled(sheets, rows)


def read(content: bytes, sheets: Sequence[Sheet], unit_codes: set[str]) -> TaskBook:
    """Read a filled template. Raises `FaultyWorkbook` with every fault, and `Refused` for no workbook."""
    found = reading.read(content, sheets)
    by_name = {sheet.name: sheet for sheet in sheets}
    values: list[ValueLine] = []
    facts: list[FactLine] = []
    for sheet in sheets:
        table = found.table(sheet)
        found.faults += reading.unknown(table, "code", unit_codes, "参评单位")
        if sheet.name == VALUES:
            found.faults += reading.repeated(table, "code")
            values += _values(table)
        else:
            found.faults += _date_faults(table)
            facts += [FactLine(row, row.values) for row in table.rows]
    found.insist(sheets)
    return TaskBook(values, facts, VALUES in by_name, FACTS in by_name)


def _values(table: reading.Table) -> list[ValueLine]:
    keys = [column.key for column in table.sheet.columns if column.key.startswith("m_")]
    return [
        ValueLine(row["code"], key[2:], row[key])
        for row in table.rows
        for key in keys
        if row[key] is not None
    ]


def _date_faults(table: reading.Table) -> list[Fault]:
    faults = []
    for row in table.rows:
        act, effective = row["act_date"], row["effective_date"]
        if isinstance(act, dt.date) and isinstance(effective, dt.date) and effective < act:
            faults.append(row.fault("effective_date", "决定生效日期不能早于行为日期"))
    return faults
