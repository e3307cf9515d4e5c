"""What the page of ballot tallies says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.core.listing import Column

WITHHELD = "不显示"


@dataclass(frozen=True)
class CellWords:
    """How one cell reads: votes and satisfaction, or that too few voted to show it."""

    words: str
    group: str = ""
    is_withheld: bool = False
    is_missing: bool = False


def cell_words(cell: Any, minimum: int, group: str = "") -> CellWords:
    if cell is None or not cell.valid:
        return CellWords("没有票", group, is_missing=True)
    if cell.mean is None:
        return CellWords(f"不足 {minimum} 票，{WITHHELD}", group, is_withheld=True)
    return CellWords(f"{cell.mean:.2f}（{cell.valid} 票）", group)


def columns(
    groups: Sequence[tuple[str, str]], cells: Mapping[int, Mapping[str, Any]], minimum: int
) -> list[Column]:
    """Return unit, class and one column a group; `cells` may be filled after the page is known."""

    def column(code: str, name: str) -> Column:
        return Column(code, name, lambda row: cell_words(cells.get(row.pk, {}).get(code), minimum).words)

    return [
        Column("unit", "单位", lambda row: row.short_name, ("position",)),
        Column("class", "类别", lambda row: row.get_unit_class_display(), ("unit_class", "position")),
        *(column(code, name) for code, name in groups),
    ]


def title(total: int, came: int, withheld: int, minimum: int) -> str:
    """Say of how many units ballots came in, and how many cells stay hidden."""
    if not came:
        return f"{total} 个单位的测评票数还没有导入"
    part = f"{total} 个单位里 {came} 个有测评票数"
    return f"{part}，本页 {withheld} 处不足 {minimum} 票、不显示" if withheld else part
