"""Write results.xlsx and results.json.

Totals, dimensions, indicators, and the explanation of every point.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from qingfeng.evaluation.scoring import explaining, freezing, packing
from qingfeng.evaluation.scoring.explanation import Explanation, Node
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.results import Results

Cells = Sequence[str | float | None]
MOST_ROWS = 1_000_000
LEVELS = {
    "dimension": "维度",
    "indicator": "指标",
    "channel": "渠道",
    "scorer": "评分部门",
    "review": "评审",
    "finding": "细则",
    "group": "测评群体",
    "term": "计分项",
    "rule": "规则",
    "fact": "事实",
    "adjustment": "调整",
}


def explanations(
    inputs: Inputs, results: Results, only: Collection[str] | None = None
) -> Iterator[Explanation]:
    """Yield the explanation of every unit, or of some by their codes: by class, then rank, then code."""
    reader, packed = explaining.Reader(inputs), packing.pack(results)
    units = inputs.units
    order = sorted(
        range(len(units.codes)),
        key=lambda row: (
            int(units.grouping[row]),
            int(results.rank[row]) or len(units.codes),
            units.codes[row],
        ),
    )
    for row in order:
        if only is None or units.codes[row] in only:
            yield reader.explain(packed[row], units.codes[row])


def results_json(inputs: Inputs, results: Results) -> str:
    """Return results.json: quarter, scheme, digest of the inputs, scorers.

    And every unit with its full explanation.
    """
    found = {
        "format": "qingfeng.results.1",
        "quarter": str(inputs.quarter),
        "scheme": {"code": inputs.scheme.code, "name": inputs.scheme.name},
        "inputs_sm3": freezing.digest(inputs),
        "parameters": dict(inputs.parameters),
        "scorers": [
            {
                "channel": stat.channel,
                "department": stat.department,
                "count": stat.count,
                "mean": stat.mean,
                "spread": stat.spread,
            }
            for stat in results.scorers
        ],
        "units": [told.to_plain() for told in explanations(inputs, results)],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def write_results(
    target: Path | BinaryIO, inputs: Inputs, results: Results, *, units: Collection[str] | None = None
) -> None:
    """Write results.xlsx, of every unit or of some; points are shown to two decimals and kept as they are."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    try:
        told = list(explanations(inputs, results, units))
        dimensions, indicators = inputs.scheme.dimensions, [i for _, i in inputs.scheme.indicators()]
        _sheet(book, "总分", _total_head(inputs), (_total(one) for one in told))
        head = ["单位编码", "单位名称", "类别"]
        names = [name for d in dimensions for name in (f"{d.code} {d.name}", f"{d.code} 折算权重")]
        _sheet(book, "维度", head + names, (_weighted(one, one.dimensions) for one in told))
        names = [name for i in indicators for name in (f"{i.code} {i.name}", f"{i.code} 折算权重")]
        _sheet(book, "指标", head + names, (_weighted(one, tuple(one.indicators())) for one in told))
        _points(book, told)
        if units is None:
            _scorers(book, inputs, results)
    finally:
        book.close()


def _total_head(inputs: Inputs) -> list[str]:
    head = ["类别", "名次", "同类单位数", "单位编码", "单位名称"]
    return (
        head
        + [d.name for d in inputs.scheme.dimensions]
        + [
            "加分",
            "扣分",
            "总分",
            "等次",
            "等次说明",
            "计算说明",
            "提醒",
        ]
    )


def _total(one: Explanation) -> Cells:
    rank = one.rank or None
    return [
        one.grouping,
        rank,
        one.ranked or None,
        one.unit,
        one.unit_name,
        *(_number(node.contribution) for node in one.dimensions),
        one.bonus,
        one.deduction,
        None if one.total is None else float(one.total),
        one.grade,
        one.grade_sentence,
        one.sentence,
        "；".join(one.alerts),
    ]


def _weighted(one: Explanation, nodes: Iterable[Node]) -> Cells:
    pairs = [(_number(node.contribution), node.effective_weight) for node in nodes]
    return [one.unit, one.unit_name, one.grouping, *(cell for pair in pairs for cell in pair)]


def _number(value: float | None) -> str | float:
    return "不适用" if value is None else value


def _points(book: Any, told: Sequence[Explanation]) -> None:
    """Write one line for every node of every explanation, on as many sheets as it takes."""
    head = [
        "单位编码",
        "单位名称",
        "维度",
        "指标",
        "渠道",
        "层次",
        "编码",
        "名称",
        "权重",
        "折算权重",
        "得分率",
        "计分",
        "说明",
    ]
    lines = [line for one in told for line in _lines(one)]
    for number, start in enumerate(range(0, max(len(lines), 1), MOST_ROWS)):
        _sheet(book, f"逐项说明{number + 1 if number else ''}", head, lines[start : start + MOST_ROWS])


def _lines(one: Explanation) -> Iterator[Cells]:
    for dimension in one.dimensions:
        yield _line(one, (dimension.code, "", ""), dimension)
        for indicator in dimension.children:
            yield _line(one, (dimension.code, indicator.code, ""), indicator)
            for channel in indicator.children:
                for node in channel.walk():
                    yield _line(one, (dimension.code, indicator.code, channel.code), node)
    for entry in one.adjustments:
        yield _line(one, ("", "", ""), entry)


def _line(one: Explanation, place: tuple[str, str, str], node: Node) -> Cells:
    numbers = (node.weight, node.effective_weight, node.value, node.contribution)
    return [one.unit, one.unit_name, *place, LEVELS[node.kind], node.code, node.name, *numbers, node.sentence]


def _scorers(book: Any, inputs: Inputs, results: Results) -> None:
    names = {entry.code: entry.name for entry in inputs.scheme.departments}
    lines: list[Cells] = [
        [s.channel, names[s.department], s.count, s.mean, s.spread] for s in results.scorers
    ]
    _sheet(book, "评分部门", ["渠道", "评分部门", "评审数", "平均得分率%", "离散度%"], lines)


def _sheet(book: Any, name: str, head: Sequence[str], lines: Iterable[Cells]) -> None:
    """Write one sheet; text never becomes a formula."""
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f3f3f1"})
    points, whole = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "0"})
    page.freeze_panes(1, 0)
    page.set_column(0, len(head) - 1, 14)
    for place, title in enumerate(head):
        page.write_string(0, place, title, bold)
    for row, line in enumerate(lines, start=1):
        for place, cell in enumerate(line):
            if isinstance(cell, str):
                page.write_string(row, place, cell)
            elif cell is not None:
                page.write_number(row, place, cell, whole if isinstance(cell, int) else points)
