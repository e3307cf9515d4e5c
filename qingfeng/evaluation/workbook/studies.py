"""A study of judgements as a workbook to file: weights, consistency, and each expert's matrix."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from qingfeng.core.spreadsheets import writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.queries.studies import Opinion, Outcome
from qingfeng.evaluation.scoring import ahp, ahp_words

ORIGINS = Sheet(
    "权重来源",
    (
        Column("what", "权重", width=36),
        Column("words", "来源", width=60),
        Column("experts", "专家", width=40),
        Column("ratio", "一致性比率", Kind.TEXT),
        Column("date", "采用日期", Kind.TEXT),
        Column("note", "备注", width=30),
    ),
    required=False,
)
"""Beside a scheme's own sheets; reading the scheme back passes over it."""


def origin_sheet(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {ORIGINS.name: rows}


def scheme_book(
    sheets: Sequence[Sheet], rows: Mapping[str, Any], origins: Sequence[Mapping[str, Any]]
) -> bytes:
    """Write a scheme with where its weights come from, where that is known."""
    if not origins:
        return writing.filled(sheets, rows)
    return writing.filled([*sheets, ORIGINS], {**rows, **origin_sheet(origins)})


def write(subject: str, items: Sequence[Mapping[str, Any]], outcome: Outcome) -> bytes:
    """Write what was asked, the weights by expert and combined, and every matrix."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1})
    _summary(book.add_worksheet("权重"), head, subject, items, outcome)
    for number, one in enumerate(outcome.opinions, start=1):
        _matrix(book.add_worksheet(f"专家{number}"), head, items, one)
    book.close()
    return buffer.getvalue()


def _summary(
    page: Any, head: Any, subject: str, items: Sequence[Mapping[str, Any]], outcome: Outcome
) -> None:
    page.write_string(0, 0, subject, head)
    page.set_column(0, 0, 40)
    titles = ["比较的各项", *(one.expert.name for one in outcome.counted), "综合"]
    for place, text in enumerate(titles):
        page.write_string(2, place, text, head)
    weighings = [*(one.weighing for one in outcome.counted), outcome.weighing]
    for number, entry in enumerate(items):
        page.write_string(3 + number, 0, f"{entry['code']} {entry['name']}")
        for place, weighing in enumerate(weighings, start=1):
            if weighing is not None:
                page.write_number(3 + number, place, round(weighing.weights[number], 6))
    below = 4 + len(items)
    for offset, (label, key) in enumerate(
        (("最大特征根", "lambda_max"), ("一致性指标", "index"), ("平均随机一致性指标", "random_index"),
         ("一致性比率", "ratio"))
    ):  # fmt: skip
        page.write_string(below + offset, 0, label)
        for place, weighing in enumerate(weighings, start=1):
            if weighing is not None:
                page.write_number(below + offset, place, round(getattr(weighing, key), 6))


def _matrix(page: Any, head: Any, items: Sequence[Mapping[str, Any]], one: Opinion) -> None:
    expert = one.expert
    about = f"{expert.name} {expert.post} {expert.get_state_display()}"
    page.write_string(0, 0, about.strip(), head)
    page.set_column(0, 0, 40)
    codes = [str(entry["code"]) for entry in items]
    for place, entry in enumerate(items):
        page.write_string(2, place + 1, codes[place], head)
        page.write_string(3 + place, 0, f"{entry['code']} {entry['name']}", head)
        page.write_string(3 + place, place + 1, "1")
    for first, second in ahp.pairs_of(codes):
        value = one.judgements.get((first, second))
        if value is None:
            continue
        row, column = codes.index(first), codes.index(second)
        page.write_string(3 + row, column + 1, ahp_words.figure(value))
        page.write_string(3 + column, row + 1, ahp_words.figure(value if value == 1 else -value))
