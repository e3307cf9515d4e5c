"""Describe a scheme's settings: grades, quotas, downgrades.

Adjustments and how facts and gaps are treated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from qingfeng.evaluation.scoring import terms as term_types


class BasisMark(StrEnum):
    """Say how far the basis of an indicator was checked; shown beside it."""

    READ = "read"  # the text was read
    SECONDARY = "secondary"  # read on a mirror or an aggregator
    UNCONFIRMED = "unconfirmed"  # from memory: shown as 待核实
    PROPOSAL = "proposal"  # ours: shown as 建议
    NONE = "none"

    @property
    def label(self) -> str:
        """Return the Chinese words shown beside the basis."""
        return {"read": "已核", "secondary": "转引", "unconfirmed": "待核实", "proposal": "建议", "none": ""}[
            self
        ]


class FactQuarter(StrEnum):
    """Choose the date that puts a fact into a quarter."""

    EFFECTIVE = "effective"  # the day on which its decision takes effect
    ACT = "act"


class FactUnit(StrEnum):
    """Choose the unit that bears a fact."""

    ACT = "act"  # the unit at the time of the act
    DECISION = "decision"


class MissingSubmission(StrEnum):
    """Choose what a unit's own failure to submit does to the review channels of the indicator."""

    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    SHARE = "share"  # a fixed share of the points


class AdjustmentKind(StrEnum):
    """Tell a scheme-wide deduction from a bonus."""

    DEDUCTION = "deduction"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True)
class Basis:
    """Name one regulation or practice that an indicator or rule comes from."""

    text: str
    mark: BasisMark = BasisMark.NONE


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Name a scheme-wide adjustment; each entry's points lie in ``low``..``high``.

    Their sum within ``cap`` (None: no cap).
    """

    code: str
    name: str
    kind: AdjustmentKind
    low: Decimal
    high: Decimal
    cap: Decimal | None = None
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeLine:
    """Give a grade its lowest rounded score; the last grade has 0."""

    code: str
    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Quota:
    """Limit a grade to ``percent`` of a class, rounded down; empty ``classes`` means every class."""

    grade: str
    percent: Decimal
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Downgrade:
    """Hold a grade at ``ceiling`` or below where enough matching facts count; off by default."""

    code: str
    name: str
    ceiling: str
    match: term_types.Match
    at_least: int = 1
    enabled: bool = False
    basis: tuple[Basis, ...] = ()


def _default_grades() -> tuple[GradeLine, ...]:
    """Return the article's four grades with proposed lines (the article prints no numbers)."""
    lines = (("excellent", "优秀", 90), ("good", "较好", 80), ("fair", "一般", 70), ("poor", "差", 0))
    return tuple(GradeLine(code, name, Decimal(low)) for code, name, low in lines)


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the scheme's settings; every default is a proposal, not law.

    ``missing_share`` and percents are 0 to 100.
    """

    grades: tuple[GradeLine, ...] = field(default_factory=_default_grades)
    quotas: tuple[Quota, ...] = ()
    quota_exempt_below: int = 4
    downgrades: tuple[Downgrade, ...] = ()
    fact_quarter: FactQuarter = FactQuarter.EFFECTIVE
    fact_unit: FactUnit = FactUnit.ACT
    missing_submission: MissingSubmission = MissingSubmission.ZERO
    missing_share: Decimal = Decimal(0)
    minimum_ballots: int = 5
    bonus_cap: Decimal = Decimal(0)
    deduction_cap: Decimal | None = None
