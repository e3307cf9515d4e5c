"""The table that is handed to the office of annual assessment, as an official letter (.docx)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qingfeng.documents.layout import official

QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HEAD = ("单位", "类别", *QUARTERS, "年度平均", "等次", "类内名次", "约谈", "申诉")


def render(
    *,
    year: int,
    body: str,
    recipient: str,
    explanation: str,
    rows: Sequence[tuple[str, ...]],
    notes: Sequence[str],
    dated: date,
) -> bytes:
    """Lay the letter out with the table as its annex; `rows` fit `HEAD`."""
    title = f"关于反映{year}年度政治生态评价结果的函"
    annex = f"{year}年度党风廉政建设责任制考核参考表（政治生态评价部分）"
    blocks: list[official.Block] = [
        official.Paragraph(
            f"现将{year}年度各单位政治生态评价结果反映给你们，供党风廉政建设责任制考核参考，详见附件。"
        ),
        official.Paragraph(explanation),
    ]
    listed: list[official.Block] = [official.Table(HEAD, tuple(rows))]
    listed += [official.Paragraph(note) for note in notes]
    return official.render(
        official.OfficialText(
            mark=official.Mark((body,)),
            title=title,
            blocks=tuple(blocks),
            signed_by=(body,),
            dated=dated,
            recipients=(recipient,),
            annexes=(official.Annex(annex, tuple(listed)),),
        )
    )


def title_of(year: int) -> str:
    return f"关于反映{year}年度政治生态评价结果的函"
