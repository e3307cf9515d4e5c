"""Hold the rows of a scheme's sheets, and check that each belongs to something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets.columns import Sheet
from qingfeng.core.spreadsheets.reading import Reading, Row
from qingfeng.evaluation.workbook import scheme_sheets as sheets


@dataclass
class Read:
    """Hold what the sheets of a scheme say, and the faults found on the way."""

    found: Reading
    faults: list[Fault] = field(default_factory=list)

    def rows(self, sheet: Sheet) -> Sequence[Row]:
        """Return the rows of a sheet."""
        return self.found.table(sheet).rows

    def codes(self, sheet: Sheet) -> set[Any]:
        """Return the codes of a sheet's rows."""
        return {row["code"] for row in self.rows(sheet)}

    def of(self, sheet: Sheet, key: str, code: str) -> list[Row]:
        """Return the rows of a sheet that belong to a code."""
        return [row for row in self.rows(sheet) if row[key] == code]


def check_owners(read: Read) -> None:
    """Note rows that belong to nothing: they would be lost silently."""
    channels = {row["code"]: row["kind"] for row in read.rows(sheets.CHANNELS)}
    for row in read.rows(sheets.INDICATORS):
        _known(read, row, "dimension", read.codes(sheets.DIMENSIONS), "维度")
    for row in read.rows(sheets.CHANNELS):
        _known(read, row, "indicator", read.codes(sheets.INDICATORS), "指标")
    for sheet, kind, title in (
        (sheets.REVIEWERS, "review", "部门评审渠道"),
        (sheets.ITEMS, "review", "部门评审渠道"),
        (sheets.GROUPS, "ballot", "民主测评渠道"),
        (sheets.ANSWERS, "ballot", "民主测评渠道"),
        (sheets.TERMS, "data", "数据计分渠道"),
        (sheets.RULES, "data", "数据计分渠道"),
    ):
        for row in read.rows(sheet):
            _known(read, row, "channel", {code for code in channels if channels[code] == kind}, title)
    _check_rules(read, set(channels))
    about = {"indicator": sheets.INDICATORS, "downgrade": sheets.DOWNGRADES, "adjustment": sheets.ADJUSTMENTS}
    for row in read.rows(sheets.BASES):
        if row["about"]:
            _known(read, row, "code", read.codes(about[row["about"]]), about[row["about"]].name)


def _check_rules(read: Read, channels: set[Any]) -> None:
    ladders = {(r["channel"], r["code"]) for r in read.rows(sheets.TERMS) if r["kind"] == "ladder"}
    for row in read.rows(sheets.RULES):
        if row["channel"] in channels and (row["channel"], row["term"]) not in ladders:
            read.faults.append(row.fault("term", "应为该渠道中类型为“逐项扣分”的计分项编码"))


def _known(read: Read, row: Row, key: str, codes: set[Any], title: str) -> None:
    if row[key] and row[key] not in codes:
        read.faults.append(row.fault(key, f"应为“{title}”表中已有的编码"))
