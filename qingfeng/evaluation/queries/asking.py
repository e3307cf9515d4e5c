"""How much a round asks of units: items of evidence, by department, beside the round before.

Every class of units is asked the same items, since a scheme's indicators hold for all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import rounds, schemes
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.periods import Quarter


@dataclass(frozen=True)
class Asked:
    """What one round asks: the items of each unit, and how many of them each department reads."""

    total: int
    by_department: dict[str, int]


@dataclass(frozen=True)
class Comparison:
    """What a round asks, and what the round before asked."""

    now: Asked
    before: Asked | None

    def words(self, department: str = "") -> str:
        """Say how many items a department (or the whole round) asks of each unit."""
        now = self._of(self.now, department)
        if self.before is None:
            return f"本轮向每个单位要 {now} 项材料（各类单位相同）"
        return f"本轮向每个单位要 {now} 项材料，上季 {self._of(self.before, department)} 项（各类单位相同）"

    @staticmethod
    def _of(asked: Asked, department: str) -> int:
        return asked.by_department.get(department, 0) if department else asked.total


def of_version(version: SchemeVersion, quarter: Quarter) -> Comparison:
    """Return what a round of a quarter would ask by a scheme, beside the last round before it."""
    before = Q(year__lt=quarter.year) | Q(year=quarter.year, quarter__lt=quarter.number)
    rows = Round.objects.filter(before).select_related("scheme_version").order_by("-year", "-quarter")
    last = rows.first()
    earlier = None
    if last is not None:
        scheme = schemes.scheme_of(last.scheme_version)
        earlier = counted(scheme, Quarter(last.year, last.quarter))
    return Comparison(counted(schemes.scheme_of(version), quarter), earlier)


def of_round(round: Round) -> Comparison:
    return of_version(round.scheme_version, Quarter(round.year, round.quarter))


def counted(scheme: core.Scheme, quarter: Quarter) -> Asked:
    """Count the items that units are asked for, and who reads them."""
    items = rounds.evidence_asked(scheme, quarter)
    found = Counter(
        department
        for indicator in items
        for department in {
            reviewer.department
            for channel in indicator.channels
            if isinstance(channel, core.ReviewChannel)
            for reviewer in channel.reviewers
        }
    )
    return Asked(len(items), dict(found))
