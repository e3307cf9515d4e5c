"""Turn the rows of a round's sheets into the rows of the scoring core.

And place every fault on its cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets.reading import Reading, Row
from qingfeng.evaluation.scoring import building, columns, rows
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.evaluation.workbook import round_sheets as sheets

STATUS = {
    "delivered": rows.Status.DELIVERED,
    "none": rows.Status.NONE,
    "not_delivered": rows.Status.NOT_DELIVERED,
}
Key = tuple[str, str, str, str]


@dataclass
class Read:
    """Hold a round's sheets: ``lines`` keeps, for each table of the core, the sheet row of each row."""

    found: Reading
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, list[Row]] = field(default_factory=dict)
    findings: dict[tuple[int, str], Row] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table whose cells are all in order, and remember where they stand."""
        kept = [row for row in self.found.table(sheets.TABLES[table]).rows if not row.faulty]
        self.lines[table] = kept
        return kept


def inputs_from(found: Reading, scheme: schemes.Scheme) -> tuple[Inputs | None, list[Fault]]:
    """Return the inputs and no fault, or no inputs and every fault of the round's sheets."""
    read = Read(found)
    parameters = _parameters(read)
    quarter = _quarter(read, parameters)
    given = building.Rows(
        units=_plain(read, "units", rows.UnitRow),
        reviews=_reviews(read),
        tallies=_plain(read, "tallies", rows.TallyRow),
        values=_plain(read, "values", rows.ValueRow),
        facts=_plain(read, "facts", rows.FactRow),
        reports=_reports(read),
        missing=_plain(read, "missing", rows.MissingRow),
        adjustments=_plain(read, "adjustments", rows.AdjustmentRow),
        department_units=_plain(read, "department_units", rows.DepartmentUnitRow),
        parameters=parameters,
    )
    _check_reports(read, scheme, given)
    try:
        inputs = building.build(scheme, quarter or Quarter(2000, 1), given)
    except columns.InputFaultsError as error:
        read.faults += [_place(read, fault) for fault in error.faults]
        return None, read.faults
    return (None if read.faults or quarter is None else inputs), read.faults


def _parameters(read: Read) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read.found.table(sheets.BASICS).rows:
        if row["item"] is None or row["value"] is None:
            continue
        if row["item"] in found:
            read.faults.append(row.fault("item", "这一项写了两次，请只留一行"))
        found[row["item"]] = row["value"]
        if row["item"] == "dated" and _date(row["value"]) is None:
            read.faults.append(row.fault("value", "应为日期，如 2027-01-15"))
    return found


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _quarter(read: Read, parameters: Mapping[str, str]) -> Quarter | None:
    """Return the quarter; note what is wrong with year or quarter."""
    lines = {row["item"]: row for row in read.found.table(sheets.BASICS).rows}
    numbers: list[int] = []
    for item, low, high in (("year", 2000, 2100), ("quarter", 1, 4)):
        expected = f"“{sheets.PARAMETERS[item]}”应为 {low} 至 {high} 之间的整数"
        text = parameters.get(item, "")
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            numbers.append(int(text))
        elif item in lines:
            read.faults.append(lines[item].fault("value", expected))
        else:
            read.faults.append(
                Fault(sheets.BASICS.name, 1, "项目", "", f"缺少“{sheets.PARAMETERS[item]}”这一行")
            )
    return Quarter(*numbers) if len(numbers) == 2 else None


def _plain(read: Read, table: str, kind: Any) -> list[Any]:
    """Return one core row per sheet row; blank cells take the core's defaults."""
    names = kind.__dataclass_fields__
    return [kind(**{name: row[name] for name in names if row[name] is not None}) for row in read.rows(table)]


def _reports(read: Read) -> list[rows.ReportRow]:
    return [
        rows.ReportRow(row["channel"], STATUS[row["status"]], row["unit"] or "")
        for row in read.rows("reports")
    ]


def _reviews(read: Read) -> list[rows.ReviewRow]:
    """Return the reviews with their findings; a finding without its review is a fault."""
    findings: dict[Key, list[Row]] = {}
    for row in read.rows("findings"):
        findings.setdefault(_key(row), []).append(row)
    found: list[rows.ReviewRow] = []
    for number, row in enumerate(read.rows("reviews")):
        mine = findings.pop(_key(row), [])
        for each in mine:
            read.findings[number, each["item"]] = each
        found.append(
            rows.ReviewRow(
                *_key(row),
                score=row["score"],
                reason=row["reason"] or "",
                findings=tuple(
                    rows.FindingRow(each["item"], each["quantity"], each["points"], each["note"] or "")
                    for each in mine
                ),
                ref=row.number,
            )
        )
    for orphans in findings.values():
        for each in orphans:
            read.faults.append(each.fault("reviewer", "在“部门评审”表中没有对应的评审行"))
    return found


def _key(row: Row) -> Key:
    return row["unit"], row["channel"], row["department"], row["reviewer"]


def _check_reports(read: Read, scheme: schemes.Scheme, given: building.Rows) -> None:
    """Note channels without a report, and reviews on channels that are reported as not delivered."""
    reported = {row.channel for row in given.reports}
    for _, _, channel in scheme.channels():
        if channel.code not in reported:
            expected = f"缺少渠道“{channel.code}”的报送情况"
            read.faults.append(Fault(sheets.REPORTS.name, 1, "渠道编码", "", expected))
    status = {(row.channel, row.unit): row.status for row in given.reports}
    for line, review in zip(read.lines["reviews"], given.reviews, strict=True):
        told = status.get((review.channel, review.unit), status.get((review.channel, "")))
        if told == rows.Status.NOT_DELIVERED:
            expected = "该渠道在“来源报送”表中为未报送，评审不会计入，请核对"
            read.faults.append(line.fault("channel", expected))


def _place(read: Read, fault: columns.InputFault) -> Fault:
    """Return the core's fault on the cell where it stands."""
    if fault.field == "findings":
        return read.findings[fault.row, fault.value].fault("item", fault.expected)
    return read.lines[fault.table][fault.row].fault(fault.field, fault.expected)
