"""The Excel sheet of ballot tallies: one row for each unit, group and question, one column an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from qingfeng.core.spreadsheets import reading, writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Limits, Sheet
from qingfeng.evaluation.scoring import scheme as core

NAME = "测评票数"
Tallies = dict[str, dict[str, dict[str, dict[str, int]]]]
"""unit code → group → question → answer → count"""


def sheet(scheme: core.Scheme, questions: Sequence[core.Named]) -> Sheet:
    """Declare the sheet for the questions that are asked this quarter."""
    answers = [
        Column(f"a_{answer.code}", f"{answer.name}票数", Kind.INTEGER, low=0, help="没有就留空或填 0")
        for answer in scheme.answers
    ]
    columns = [
        Column("code", "单位编码", Kind.CODE, required=True, max_length=20),
        Column("name", "单位", Kind.TEXT, max_length=80, help="仅供核对，以编码为准", width=22),
        Column(
            "group", "测评群体", Kind.CHOICE, required=True, choices=[(g.code, g.name) for g in scheme.groups]
        ),
        Column(
            "question",
            "测评题目",
            Kind.CHOICE,
            required=True,
            choices=[(q.code, q.name) for q in questions],
            width=34,
        ),
        *answers,
    ]
    return Sheet(NAME, columns, help="每个单位、群体、题目一行；只填票数，不填任何个人信息")


def template(scheme: core.Scheme, questions: Sequence[core.Named], units: Sequence[tuple[str, str]]) -> bytes:
    """Write the sheet with a row for each unit (code, name), group and question, counts left blank."""
    rows = [
        {"code": code, "name": name, "group": group.code, "question": question.code}
        for code, name in units
        for group in scheme.groups
        for question in questions
    ]
    declared = sheet(scheme, questions)
    return writing.filled([declared], {NAME: rows})


def read(
    content: bytes, scheme: core.Scheme, questions: Sequence[core.Named], unit_codes: set[str]
) -> Tallies:
    """Read a filled sheet. Raises `FaultyWorkbook` with every fault."""
    declared = sheet(scheme, questions)
    limits = Limits(rows=500_000)
    found = reading.read(content, [declared], limits)
    table = found.table(declared)
    found.faults += reading.unknown(table, "code", unit_codes, "参评单位")
    found.faults += reading.repeated(table, "code", "group", "question")
    found.insist([declared])
    tallies: Tallies = defaultdict(lambda: defaultdict(dict))
    for row in table.rows:
        counts = {answer.code: row[f"a_{answer.code}"] or 0 for answer in scheme.answers}
        if any(counts.values()):
            tallies[row["code"]][row["group"]][row["question"]] = counts
    return {code: dict(groups) for code, groups in tallies.items()}
