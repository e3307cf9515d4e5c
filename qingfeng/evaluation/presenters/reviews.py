"""What the pages of department reviews say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from qingfeng.core.figures import plain
from qingfeng.evaluation.enums import SheetState
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.presenters.words import days_left, month_day, some
from qingfeng.evaluation.scoring.scheme import Indicator, ReviewChannel
from qingfeng.evaluation.scoring.terms import Effect, Item, Per


@dataclass(frozen=True)
class OwnUnit:
    """Who scores the unit that a department does not score, since it is its own."""

    unit: RoundUnit
    substitute: str

    @property
    def sentence(self) -> str:
        who = f"由{self.substitute}代评" if self.substitute else "方案没有指定代评部门，这项渠道对它不适用"
        return f"本单位（{self.unit.short_name}）不由自己评分，{who}，所以不在这张表里。"


@dataclass(frozen=True)
class SheetPage:
    """One department's sheet on one indicator."""

    sheet: ReviewSheet
    indicator: Indicator
    channel: ReviewChannel
    scored: int
    total: int
    mean: Decimal | None
    spread: Decimal | None
    own: OwnUnit | None
    today: dt.date
    is_scorer: bool

    @property
    def is_open(self) -> bool:
        return self.sheet.round.is_open_for_scores

    @property
    def is_editable(self) -> bool:
        return self.is_scorer and self.is_open and self.sheet.state != SheetState.SUBMITTED

    @property
    def left(self) -> int:
        return max(self.total - self.scored, 0)

    @property
    def full(self) -> str:
        return plain(self.indicator.weight)

    @property
    def title(self) -> str:
        name = self.indicator.name
        if self.sheet.state == SheetState.SUBMITTED:
            return f"{name}：{self.total} 个单位的评分已提交"
        if not self.left:
            return f"{name}：{self.total} 个单位都评了，可以提交"
        return f"{name}：{self.total} 个单位评了 {self.scored} 个，还有 {self.left} 个"

    @property
    def days_left(self) -> int | None:
        return days_left(self.sheet.round.review_by, self.today)

    @property
    def items(self) -> Sequence[Item]:
        return self.channel.items

    @cached_property
    def item_heads(self) -> list[tuple[str, str]]:
        """Return each checklist item's name and what it takes or gives."""
        return [(item.label, _rate(item)) for item in self.items]


def _rate(item: Item) -> str:
    sign = "−" if item.effect == Effect.DEDUCT else "+"
    points = plain(item.points)
    if item.points_high is not None:
        points = f"{points}～{plain(item.points_high)}"
    if item.per == Per.RATIO:
        return f"填百分比，100% 得 {points} 分"
    cap = f"，最多 {plain(item.cap)}" if item.cap is not None else ""
    return f"每次 {sign}{points}{cap}"


def gap_sentences(unscored: Sequence[str], bare: Sequence[str]) -> list[str]:
    """Say what is missing before a sheet can be handed in."""
    found = []
    if unscored:
        found.append(f"还有 {len(unscored)} 个单位没评：{some(list(unscored))}")
    if bare:
        found.append(f"{len(bare)} 个单位没得满分，还没写理由：{some(list(bare))}")
    return found


def sheets_title(counts: dict[str, int], due: dt.date, *, is_own: bool) -> str:
    """Say how many sheets there are and how many are still to hand in."""
    total = sum(counts.values())
    left = total - counts.get(SheetState.SUBMITTED, 0)
    if not total:
        return "这一轮没有要评分的指标"
    if not left:
        return f"{total} 张评分表都已提交"
    until = f"请在 {month_day(due)}前交" if is_own else f"{month_day(due)}截止"
    return f"{total} 张评分表，还有 {left} 张没提交，{until}"
