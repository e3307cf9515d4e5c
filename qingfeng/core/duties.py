"""What a person has to do: one shape that every app returns and the workbench sorts by urgency."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SOON_DAYS = 7


def limit_words(
    days: int | None, *, done: bool = False, working: bool = False, soon: int = SOON_DAYS
) -> tuple[str, str]:
    """Return tone and words of a limit with so many days left: 还剩 6 天, 今天到期, 逾期 3 天."""
    unit = "个工作日" if working else "天"
    if done:
        return "done", "已办结"
    if days is None:
        return "none", "无期限"
    if days < 0:
        return "late", f"逾期 {-days} {unit}"
    if days == 0:
        return "soon", "今天到期"
    return "soon" if days <= soon else "ok", f"还剩 {days} {unit}"


@dataclass(frozen=True)
class Duty:
    """One thing to do: a sentence, what it belongs to, where to do it, until when.

    `days_left` is None where no limit runs; `list_url` leads to the filtered list it was counted from.
    """

    title: str
    meta: str
    area: str
    url: str
    list_url: str
    due_date: dt.date | None = None
    days_left: int | None = None
    is_working_days: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def tone(self) -> str:
        """Return the colour of the dot: late, soon (within a week), or ok."""
        if self.days_left is None or self.days_left > SOON_DAYS:
            return "ok"
        return "late" if self.days_left < 0 else "soon"

    @property
    def tone_words(self) -> str:
        return {"late": "已逾期", "soon": "即将到期", "ok": "期限内"}[self.tone]

    @property
    def urgency(self) -> tuple[int, str]:
        """Return a sort key: the fewest days left first, what has no limit last."""
        return (self.days_left if self.days_left is not None else 10_000, self.title)
