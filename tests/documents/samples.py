"""Documents that several tests lay out; every name is invented."""

from __future__ import annotations

from datetime import date

from qingfeng.documents.layout import official

DAY = date(2026, 4, 15)


def notice(*blocks: official.Block, **parts: object) -> official.OfficialText:
    """A short notice with every part that the standard requires, and those given."""
    given: dict[str, object] = {
        "mark": official.Mark(("云川市纪委监委",)),
        "number": "云纪办〔2026〕12号",
        "title": "关于开展政治生态网上评价的通知",
        "recipients": ("各镇（街道）纪（工）委",),
        "blocks": blocks or (official.Paragraph("现将有关事项通知如下。"),),
        "signed_by": ("云川市纪委监委",),
        "dated": DAY,
        "imprint": official.Imprint("云川市纪委监委办公室", DAY, ("市委办公室", "市政府办公室")),
    }
    return official.OfficialText(**(given | parts))  # type: ignore[arg-type]


def scores(columns: int, rows: int) -> official.Table:
    """A score table of the given size."""
    head = ("序号", "单位", *(f"指标{place}" for place in range(1, columns + 1)))
    body = tuple(
        (str(row), f"第{row}号单位", *("86.42" for _ in range(columns))) for row in range(1, rows + 1)
    )
    return official.Table(head, body)
