"""What rose and what fell between two computations, in points of the total, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from qingfeng.core.listing import Column
from qingfeng.core.templatetags import words as shown
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters.ranking import class_of, score_of
from qingfeng.evaluation.scoring.comparing import Cause, IndicatorChange, UnitChange

LEAST = 0.005
FEW = 2
TELLING = ("fact", "review", "value", "ballot", "submission", "period")
"""Kinds of causes that say most, first; what was reported and how weights were shared comes after."""


@dataclass(frozen=True)
class Mover:
    """One indicator: by how much the points it lost shrank (positive) or grew, which is what moves the total.

    Points alone would also move where a weight is shared out anew.
    """

    code: str
    name: str
    gain: float
    before: float | None
    after: float | None
    weight_before: float
    weight_after: float
    causes: tuple[str, ...]

    @property
    def first_cause(self) -> str:
        return self.causes[0] + (f"；等 {len(self.causes)} 处" if len(self.causes) > 1 else "")

    @property
    def has_cause(self) -> bool:
        return bool(self.causes)


def mover(change: IndicatorChange) -> Mover:
    return Mover(
        change.code,
        change.name,
        _lost(change.before, change.weight_before) - _lost(change.after, change.weight_after),
        change.before,
        change.after,
        change.weight_before,
        change.weight_after,
        tuple(dict.fromkeys(cause.sentence for cause in sorted(change.causes, key=_place))),
    )


def _place(cause: Cause) -> int:
    return TELLING.index(cause.kind) if cause.kind in TELLING else len(TELLING)


def _lost(points: float | None, weight: float) -> float:
    return 0.0 if points is None else weight - points


@dataclass(frozen=True)
class Movement:
    """One unit's movers: what rose, what fell, and what else changed."""

    rose: Sequence[Mover] = field(default_factory=tuple)
    fell: Sequence[Mover] = field(default_factory=tuple)
    other: Sequence[Mover] = field(default_factory=tuple)
    causes: Sequence[str] = field(default_factory=tuple)

    @property
    def most_risen(self) -> Sequence[Mover]:
        return self.rose[:FEW]

    @property
    def most_fallen(self) -> Sequence[Mover]:
        return self.fell[:FEW]


def movement(change: UnitChange | None) -> Movement:
    if change is None:
        return Movement()
    movers = [mover(entry) for entry in change.indicators]
    return Movement(
        sorted((entry for entry in movers if entry.gain >= LEAST), key=lambda entry: -entry.gain),
        sorted((entry for entry in movers if entry.gain <= -LEAST), key=lambda entry: entry.gain),
        [entry for entry in movers if abs(entry.gain) < LEAST],
        [cause.sentence for cause in change.causes],
    )


@dataclass(frozen=True)
class ChangeRow:
    """One unit on the list of changes."""

    result: UnitResult
    score: Decimal | None
    change: Decimal | None
    grade_name: str
    grade_before: str
    movement: Movement


Movements = dict[int, Movement]


def columns(found: Movements, names: Mapping[str, str], old_names: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list; `found` is filled when the rows on the page are known."""
    return [
        Column("unit", "单位", lambda row: row.round_unit.short_name, ("round_unit__position",)),
        Column("class", "类别", class_of, ("class_order", "change")),
        Column("score", "得分", score_of, ("hundredths",), numeric=True),
        Column("change", "较上季", change_of, ("change",), numeric=True),
        Column("grade", "等次", lambda row: names.get(row.grade, "")),
        Column("grade_before", "上季等次", lambda row: old_names.get(row.grade_before or "", "")),
        Column("rose", "升得最多的指标", lambda row: _said(found[row.pk].rose) if row.pk in found else ""),
        Column("fell", "降得最多的指标", lambda row: _said(found[row.pk].fell) if row.pk in found else ""),
    ]


def change_of(row: UnitResult) -> Decimal | None:
    change: int | None = row.change  # type: ignore[attr-defined]
    return None if change is None else Decimal(change) / 100


def _said(movers: Sequence[Mover]) -> str:
    parts = [
        f"{entry.code} {entry.name} {shown.signed(entry.gain)}"
        + (f"（{'；'.join(entry.causes)}）" if entry.causes else "")
        for entry in movers[:FEW]
    ]
    return "\n".join(parts)


def title(up: int, down: int, grades: int) -> str:
    """Say how many units rose and fell."""
    if not up and not down and not grades:
        return "与上季相比，各单位得分没有变化"
    said = f"与上季相比，{up} 个单位得分上升，{down} 个下降"
    return f"{said}，{grades} 个等次有变化" if grades else said


@dataclass(frozen=True)
class UnitChangesPage:
    """One unit beside its last quarter."""

    result: UnitResult
    earlier: UnitResult | None
    movement: Movement
    names: Mapping[str, str]
    old_names: Mapping[str, str]

    @property
    def round(self) -> Round:
        return self.result.revision.round

    @property
    def over(self) -> str:
        if self.earlier is None:
            return self.round.label
        return f"{self.round.label}，与{self.earlier.revision.round.label}相比"

    @property
    def title(self) -> str:
        """Say score, grade and place before and now."""
        before, name = self.earlier, self.result.round_unit.short_name
        if before is None:
            return f"{name}上季没有可以相比的结果"
        parts = [f"{_scored(before)} → {_scored(self.result)}"]
        if before.grade != self.result.grade:
            parts.append(f"{self.old_names.get(before.grade, '')} → {self.names.get(self.result.grade, '')}")
        if before.rank and self.result.rank:
            parts.append(f"类内第 {before.rank} → 第 {self.result.rank}")
        return f"{name}　{'，'.join(parts)}"

    @property
    def rose_meta(self) -> str:
        return _sum(self.movement.rose)

    @property
    def fell_meta(self) -> str:
        return _sum(self.movement.fell)


def _scored(row: UnitResult) -> str:
    return shown.score(score_of(row))


def _sum(movers: Sequence[Mover]) -> str:
    return f"{len(movers)} 项，合计 {shown.signed(sum(entry.gain for entry in movers))}" if movers else ""
