"""Reckon with quarters and with the periods that end in them, without a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """Name how often a duty falls due; it is judged in the quarter in which its period ends."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def label(self) -> str:
        """Return the Chinese name of the period."""
        return {"quarter": "每季度", "half": "每半年", "year": "每年"}[self]

    @property
    def quarters(self) -> int:
        """Return the length of the period in quarters."""
        return {"quarter": 1, "half": 2, "year": 4}[self]


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Name a calendar quarter; ``number`` is 1 to 4. Raises ValueError for another number."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a number that is no quarter."""
        if not 1 <= self.number <= 4:
            raise ValueError(f"no such quarter: {self.number}")

    def __str__(self) -> str:
        """Return the stable form, such as 2026Q3."""
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """Return the Chinese name, such as 2026年第三季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    @property
    def start_date(self) -> date:
        """Return the first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def end_date(self) -> date:
        """Return the last day."""
        following = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, self.number * 3 + 1, 1)
        return following - timedelta(days=1)

    def is_due(self, period: Period) -> bool:
        """Say whether a period ends in this quarter: half-years in quarters 2 and 4, years in quarter 4."""
        return self.number % period.quarters == 0

    def window(self, period: Period) -> tuple[date, date]:
        """Return the first and last day of the period that ends with this quarter."""
        first = Quarter(self.year, self.number - period.quarters + 1) if self.is_due(period) else self
        return first.start_date, self.end_date


def parse_quarter(text: str) -> Quarter:
    """Read 2026Q3. Raises ValueError for anything else."""
    year, _, number = text.partition("Q")
    return Quarter(int(year), int(number))
