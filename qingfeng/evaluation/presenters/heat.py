"""Units by indicators: the heat map with its table, and a few units side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from qingfeng.core.templatetags import words as shown
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.queries import addresses, portraits
from qingfeng.evaluation.queries.comparisons import HeatMap
from qingfeng.organizations.enums import UnitClass

LEAST_GAP = 0.005


def address_of(row: UnitResult) -> str:
    return addresses.to("portrait", row.revision.round_id, row.round_unit.unit_id)


def said(percent: float | None) -> str:
    return "不适用" if percent is None else f"得分率 {shown.score(percent, 1)}%"


def chart(found: HeatMap) -> dict[str, Any]:
    """Return the drawing; a cell leads to the explanation of its indicator in the unit's portrait."""
    return {
        "rows": [
            {"name": row.result.round_unit.short_name, "href": address_of(row.result)} for row in found.rows
        ],
        "columns": [{"code": entry.code, "name": entry.name} for entry in found.indicators],
        "cells": [
            [number, column, percent, said(percent)]
            for number, row in enumerate(found.rows)
            for column, percent in enumerate(row.percents)
        ],
        "opens": True,
    }


@dataclass(frozen=True)
class TableRow:
    """One unit of the table beside the heat map."""

    name: str
    url: str
    cells: Sequence[tuple[str, float | None]]


def table(found: HeatMap) -> list[TableRow]:
    return [
        TableRow(
            row.result.round_unit.short_name,
            address_of(row.result),
            list(zip([entry.code for entry in found.indicators], row.percents, strict=True)),
        )
        for row in found.rows
    ]


@dataclass(frozen=True)
class CompareLine:
    """One thing compared: a figure a unit, which is the best and which the worst."""

    code: str
    name: str
    figures: Sequence[float | None]
    is_dimension: bool = False

    @property
    def cells(self) -> list[tuple[float | None, str]]:
        """Return each figure with `good` for the best and `bad` for the worst, where they differ."""
        known = [value for value in self.figures if value is not None]
        if len(known) < 2 or max(known) - min(known) < LEAST_GAP:
            return [(value, "") for value in self.figures]
        return [
            (value, "good" if value == max(known) else "bad" if value == min(known) else "")
            for value in self.figures
        ]

    @property
    def gap(self) -> float:
        known = [value for value in self.figures if value is not None]
        return max(known) - min(known) if len(known) > 1 else 0.0


@dataclass(frozen=True)
class Compared:
    """One of the units side by side."""

    result: UnitResult
    grade_name: str

    @property
    def score(self) -> Decimal | None:
        return portraits.score_of(self.result)

    @property
    def name(self) -> str:
        return self.result.round_unit.short_name

    @property
    def url(self) -> str:
        return address_of(self.result)


@dataclass(frozen=True)
class ComparePage:
    """The page of a few units of one class side by side, and of those that can be picked."""

    rows: Sequence[UnitResult]
    found: HeatMap
    dimensions: Sequence[Mapping[str, float | None]]
    names: Mapping[str, str]
    most: int
    wanted: str

    @cached_property
    def units(self) -> list[Compared]:
        return [Compared(row.result, self.names.get(row.result.grade, "")) for row in self.found.rows]

    @property
    def boxes(self) -> list[int]:
        """Return the unit in each of the boxes, 0 for an empty one."""
        chosen = [row.result.round_unit.unit_id for row in self.found.rows]
        return [*chosen, *[0] * (self.most - len(chosen))]

    @cached_property
    def unit_class(self) -> str:
        """Return the class of the first unit picked, or the one asked for, or the first there is."""
        if self.found.rows:
            return self.found.rows[0].result.round_unit.unit_class
        present = [row.round_unit.unit_class for row in self.rows]
        return self.wanted if self.wanted in present else next(iter(present), "")

    @property
    def class_name(self) -> str:
        return dict(UnitClass.choices).get(self.unit_class, "")

    @property
    def choices(self) -> list[UnitResult]:
        return [row for row in self.rows if row.round_unit.unit_class == self.unit_class]

    @property
    def chart(self) -> dict[str, Any]:
        return chart(self.found)

    @cached_property
    def lines(self) -> list[CompareLine]:
        """Return dimensions with their indicators below them."""
        rows: list[CompareLine] = []
        places = {entry.code: number for number, entry in enumerate(self.found.indicators)}
        for dimension in self.found.dimensions:
            percents = [entry.get(dimension.name) for entry in self.dimensions]
            rows.append(CompareLine(dimension.code, dimension.name, percents, is_dimension=True))
            for indicator in dimension.indicators:
                figures = [row.percents[places[indicator.code]] for row in self.found.rows]
                rows.append(CompareLine(indicator.code, indicator.name, figures))
        return rows

    @property
    def title(self) -> str:
        """Say where the units differ most."""
        if len(self.units) < 2:
            return f"选两到四个{self.class_name}单位比较"
        widest = max((row for row in self.lines if not row.is_dimension), key=lambda row: row.gap)
        names = "、".join(unit.name for unit in self.units)
        if widest.gap < LEAST_GAP:
            return f"{names}各项得分率相同"
        return f"{names}：差别最大的是“{widest.name}”"
