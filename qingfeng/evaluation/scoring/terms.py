"""Describe the terms that a data channel sums and the checklist items that a reviewer ticks.

As plain data.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qingfeng.evaluation.scoring.periods import Period


class TermKind(StrEnum):
    """Name the five kinds of term."""

    LADDER = "ladder"
    RATIO = "ratio"
    LINEAR = "linear"
    RANK = "rank"
    MINMAX = "minmax"

    @property
    def label(self) -> str:
        """Return the Chinese name of the term kind."""
        names = {
            "ladder": "逐项扣分",
            "ratio": "比率计分",
            "linear": "线性计分",
            "rank": "同类排名",
            "minmax": "同类极差",
        }
        return names[self]


class Effect(StrEnum):
    """Say whether a rule takes points away or gives them."""

    DEDUCT = "deduct"
    AWARD = "award"


class Per(StrEnum):
    """Say what a checklist item's quantity counts."""

    OCCURRENCE = "occurrence"
    RATIO = "ratio"  # 0 to 100 percent


class Op(StrEnum):
    """Compare a measure with a number."""

    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    EQ = "="


@dataclass(frozen=True, slots=True)
class Match:
    """Match facts: any of ``kinds``, and any of ``categories`` and of ``levels`` where given.

    ``leader`` True takes leaders only.
    """

    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    leader: bool = False
    concealed: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask that a measure stand in a relation to a value; a missing measure does not hold."""

    measure: str
    op: Op
    value: Decimal


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Multiply a fact's points where it is a leader's, self-reported, or concealed.

    They multiply each other.
    """

    leader: Decimal = Decimal(1)
    self_reported: Decimal = Decimal(1)
    concealed: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one rung of a ladder, ``points`` an occurrence.

    With ``points_high`` the reviewer chooses between points and points_high, with a reason. A rule works on
    facts (``match``), or on a measure: ``count`` multiplies the measure's value, without it the points fall
    once; ``conditions`` must all hold. ``cap`` limits the rule's sum. ``period`` None takes the
    indicator's; a rule whose period does not end in the quarter rests.
    """

    code: str
    label: str
    points: Decimal
    points_high: Decimal | None = None
    effect: Effect = Effect.DEDUCT
    match: Match | None = None
    count: str = ""
    conditions: tuple[Condition, ...] = ()
    multipliers: Multipliers | None = None
    cap: Decimal | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class LadderTerm:
    """Start from ``points`` and take away by ``rules``.

    Multipliers multiply, ``cap`` on the deductions comes last.
    """

    code: str
    label: str
    points: Decimal
    rules: tuple[Rule, ...]
    multipliers: Multipliers = Multipliers()
    cap: Decimal | None = None
    kind: TermKind = TermKind.LADDER


@dataclass(frozen=True, slots=True)
class RatioTerm:
    """Give points × numerator / denominator, held to 0..1.

    Without a denominator the numerator is a percentage.

    A denominator of 0 (nothing was due) gives full points. A missing value makes the term not applicable,
    or takes ``otherwise``.
    """

    code: str
    label: str
    points: Decimal
    numerator: str
    denominator: str = ""
    otherwise: LinearTerm | None = None
    kind: TermKind = TermKind.RATIO


@dataclass(frozen=True, slots=True)
class LinearTerm:
    """Give 0 points at ``zero_at`` and full points at ``full_at``, linear between, held beyond.

    Either may be the larger.
    """

    code: str
    label: str
    points: Decimal
    measure: str
    zero_at: Decimal
    full_at: Decimal
    otherwise: LinearTerm | None = None
    kind: TermKind = TermKind.LINEAR


@dataclass(frozen=True, slots=True)
class RankTerm:
    """Give points × (n − rank) / (n − 1) within the unit's class; equal values share the better rank.

    N = 1 is full (proposal).
    """

    code: str
    label: str
    points: Decimal
    measure: str
    high_is_best: bool = True
    kind: TermKind = TermKind.RANK


@dataclass(frozen=True, slots=True)
class MinMaxTerm:
    """Give points × (x − worst) / (best − worst) within the unit's class; all equal is full (proposal)."""

    code: str
    label: str
    points: Decimal
    measure: str
    high_is_best: bool = True
    kind: TermKind = TermKind.MINMAX


Term = LadderTerm | RatioTerm | LinearTerm | RankTerm | MinMaxTerm


@dataclass(frozen=True, slots=True)
class Item:
    """Hold a line of a reviewer's checklist: quantity × points, within ``cap``, added or taken away.

    With ``points_high`` the reviewer chooses within the range. ``Per.RATIO`` takes a percentage. Awards
    with ``is_part`` are part of full marks (the channel's base leaves room for them); others only make good
    what was lost.
    """

    code: str
    label: str
    points: Decimal
    points_high: Decimal | None = None
    effect: Effect = Effect.DEDUCT
    per: Per = Per.OCCURRENCE
    cap: Decimal | None = None
    is_part: bool = False
    period: Period | None = None
