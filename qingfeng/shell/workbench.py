"""The workbench: what a person has to do, gathered from the apps and sorted by urgency."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from qingfeng.accounts.models import User
from qingfeng.core.duties import Duty

Source = Callable[[User, dt.date], list[Duty]]
SOURCES: list[Source] = []
"""Each app's duties of a person on a day, registered in `shell/wiring.py`."""

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class AreaCount:
    """How many things wait in one area, and the list that shows just them."""

    area: str
    count: int
    overdue: int
    url: str


@dataclass(frozen=True)
class Workbench:
    """What the home page shows."""

    duties: list[Duty]
    areas: list[AreaCount]
    today: dt.date

    @property
    def overdue(self) -> int:
        return sum(duty.is_overdue for duty in self.duties)

    @property
    def title(self) -> str:
        """Return the sentence of the page: how much there is to do, and how much is late."""
        if not self.duties:
            return "今天没有待办的事"
        late = f"，{self.overdue} 件已逾期" if self.overdue else ""
        return f"今天有 {len(self.duties)} 件事{late}"

    @property
    def date_words(self) -> str:
        return f"{self.today.month} 月 {self.today.day} 日 星期{WEEKDAYS[self.today.weekday()]}"


def compose(user: User, today: dt.date) -> Workbench:
    """Gather the duties of every app, the most urgent first."""
    found = [duty for source in SOURCES for duty in source(user, today)]
    duties = sorted(found, key=lambda duty: duty.urgency)
    lists = Counter((duty.area, duty.list_url) for duty in duties)
    late = Counter((duty.area, duty.list_url) for duty in duties if duty.is_overdue)
    areas = [AreaCount(area, count, late[area, url], url) for (area, url), count in lists.items()]
    return Workbench(duties, areas, today)
