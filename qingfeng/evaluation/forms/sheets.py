"""A department's sheet as typed: one line a unit, read by hand since a hundred widgets are slow to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from qingfeng.core.figures import plain
from qingfeng.core.spreadsheets.cells import narrow
from qingfeng.evaluation.actions.reviews import Entry, Finding
from qingfeng.evaluation.models.reviews import ReviewScore
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.scoring.scheme import ReviewChannel
from qingfeng.evaluation.scoring.terms import Item

LONGEST_REASON = 500


@dataclass
class ItemCell:
    """How often one checklist item was found, and, within a range, what was chosen and why."""

    item: Item
    name: str
    quantity: str = ""
    points: str = ""
    note: str = ""

    @property
    def has_range(self) -> bool:
        return self.item.points_high is not None

    @property
    def is_blank(self) -> bool:
        return not (self.quantity or self.points or self.note)


@dataclass
class UnitLine:
    """One unit's line: what stands in its boxes, and what is wrong with it."""

    unit: RoundUnit
    points: str = ""
    reason: str = ""
    cells: list[ItemCell] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    was_scored: bool = False
    computed: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.points or any(not cell.is_blank for cell in self.cells))

    @property
    def summary(self) -> str:
        """Return what the line says, in words."""
        found = [f"{self.points} 分"] if self.points else []
        found += [f"{cell.item.label} {cell.quantity}" for cell in self.cells if not cell.is_blank]
        found += [f"理由“{self.reason}”"] if self.reason else []
        return "，".join(found) or "没有评分"


class SheetForm:
    """The lines of a sheet, from what is stored or from what was posted."""

    def __init__(
        self,
        units: Sequence[RoundUnit],
        scores: Mapping[int, ReviewScore],
        channel: ReviewChannel,
        *,
        weight: Decimal,
        computed: Mapping[int, Decimal],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.channel = channel
        self.weight = weight
        self.lines = [
            _typed(unit, scores, channel, data)
            if data is not None
            else _stored(unit, scores.get(unit.pk), channel, computed.get(unit.pk))
            for unit in units
        ]
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Check every line; the sentences stand at the lines."""
        for line in self.lines:
            line.errors = _line_faults(line, self.weight)
        return not any(line.errors for line in self.lines)

    def show_clash(self, stored: SheetForm) -> None:
        """Say at each line that differs what somebody else has saved meanwhile."""
        for mine, theirs in zip(self.lines, stored.lines, strict=True):
            if theirs.was_scored and mine.summary != theirs.summary:
                mine.errors = [f"平台里现在是：{theirs.summary}；再按一次保存，就改成您填的"]

    def entries(self) -> list[Entry]:
        """Return what was typed for the units that have something typed."""
        return [_entry(line) for line in self.lines if not line.is_blank]


def _stored(
    unit: RoundUnit, score: ReviewScore | None, channel: ReviewChannel, computed: Decimal | None
) -> UnitLine:
    line = UnitLine(unit, cells=_cells(unit, channel), was_scored=score is not None)
    if score is None:
        return line
    line.reason = score.reason
    line.points = "" if score.findings else plain(_given(score, computed))
    line.computed = plain(round(computed, 3)) if score.findings and computed is not None else ""
    found = {entry["item"]: entry for entry in score.findings}
    for cell in line.cells:
        entry = found.get(cell.item.code)
        if entry is not None:
            cell.quantity = plain(Decimal(entry["quantity"]))
            cell.points = plain(Decimal(entry["points"])) if entry.get("points") else ""
            cell.note = entry.get("note", "")
    return line


def _given(score: ReviewScore, computed: Decimal | None) -> Decimal | None:
    """Return the points as given, or, of a checklist with nothing found, what that comes to."""
    return computed if score.thousandths is None else Decimal(score.thousandths) / 1000


def _cells(unit: RoundUnit, channel: ReviewChannel) -> list[ItemCell]:
    return [ItemCell(item, f"u{unit.pk}-{item.code}") for item in channel.items]


def _typed(
    unit: RoundUnit, scores: Mapping[int, ReviewScore], channel: ReviewChannel, data: Mapping[str, Any]
) -> UnitLine:
    line = UnitLine(unit, cells=_cells(unit, channel), was_scored=unit.pk in scores)
    line.points = str(data.get(f"u{unit.pk}-points", "")).strip()
    line.reason = str(data.get(f"u{unit.pk}-reason", "")).strip()
    for cell in line.cells:
        cell.quantity = str(data.get(f"{cell.name}-n", "")).strip()
        cell.points = str(data.get(f"{cell.name}-p", "")).strip()
        cell.note = str(data.get(f"{cell.name}-why", "")).strip()
    return line


def number(text: str) -> Decimal | None:
    """Read a number as typed, full-width digits too; None where it is none."""
    try:
        found = Decimal(narrow(text).replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 1_000_000 else None


def _line_faults(line: UnitLine, weight: Decimal) -> list[str]:
    if line.is_blank:
        return _blank_faults(line)
    found = [] if len(line.reason) <= LONGEST_REASON else [f"理由不超过 {LONGEST_REASON} 个字"]
    if line.points:
        points = number(line.points)
        if points is None or not 0 <= points <= weight or points * 1000 % 1:
            found.append(f"得分应为 0 至 {plain(weight)} 的数，最多三位小数")
    for cell in line.cells:
        found += _cell_faults(cell)
    if line.points and any(not cell.is_blank for cell in line.cells):
        found.append("评分项和得分只填一种：填了评分项，得分由平台算出")
    return found


def _blank_faults(line: UnitLine) -> list[str]:
    if line.was_scored:
        return ["已评过的不能清空，请改成新的结果"]
    return ["写了理由，还没有评分"] if line.reason else []


def _cell_faults(cell: ItemCell) -> list[str]:
    if cell.is_blank:
        return []
    quantity = number(cell.quantity)
    label = cell.item.label
    if quantity is None or quantity < 0:
        return [f"“{label}”的数量应为不小于 0 的数"]
    if cell.points and number(cell.points) is None:
        return [f"“{label}”的分值应为数字"]
    return []


def _entry(line: UnitLine) -> Entry:
    return Entry(
        round_unit_id=line.unit.pk,
        points=number(line.points) if line.points else None,
        findings=tuple(_finding(cell) for cell in line.cells if not cell.is_blank),
        reason=line.reason,
    )


def _finding(cell: ItemCell) -> Finding:
    return Finding(
        item=cell.item.code,
        quantity=number(cell.quantity) or Decimal(0),
        points=number(cell.points) if cell.points else None,
        note=cell.note,
    )
