"""Break a long title as an office would: whole phrases, lines in the shape of a trapezium."""

from __future__ import annotations

import re
from functools import cache
from math import ceil

from qingfeng.documents.layout import tables

WIDEST = 19  # 二号 letters on a line of 156 mm, one short of the full line

# No line may begin with these, and none may end with those.
_NOT_FIRST = "，。、；：？！）》」』”’〕】％的"
_NOT_LAST = "（《「『“‘〔【"
_SOLID = re.compile(
    r"[0-9]{4}年(?:第[一二三四]季度|[上下]半年|度)?|[0-9A-Za-z.％%－-]+[年月日号届次个期]?"
    r"|第[一二三四五六七八九十百]+[届次期号]|[〔《][^〕》]{1,8}[〕》]"
)
_NEVER = 1e9
_GOOD_BEFORE = ("关于", "印发", "转发", "开展", "进一步", "20", "第")
_GOOD_AFTER = (
    "关于",
    "的",
    "和",
    "与",
    "及",
    "、",
    "》",
    "委员会",
    "情况",
    "工作",
    "年",
    "季度",
    "全市",
    "全县",
)


def lines(title: str, *, widest: int = WIDEST) -> tuple[str, ...]:
    """Split a title into centred lines; breaks that the author typed are kept."""
    if "\n" in title:
        return tuple(line.strip() for line in title.splitlines() if line.strip())
    if width(title) <= widest:
        return (title,)
    return _best(title, widest)


def width(text: str) -> float:
    """Measure a text in full letters: a figure takes half of one."""
    return tables.columns(text) / 2


def _best(title: str, widest: int) -> tuple[str, ...]:
    fewest = ceil(width(title) / widest)
    return min(_split(title, count, widest) for count in (fewest, fewest + 1))[1]


def _split(title: str, count: int, widest: int) -> tuple[float, tuple[str, ...]]:
    """Find the cheapest split into that many lines, and its cost."""
    ideal = width(title) / count

    @cache
    def cheapest(start: int, left: int) -> tuple[float, tuple[str, ...]]:
        if left == 1:
            return _width_cost(title[start:], ideal, widest), (title[start:],)
        options = []
        for end in range(start + 1, min(len(title), start + 2 * widest + 1)):
            cost, tail = cheapest(end, left - 1)
            line = title[start:end]
            cost += _width_cost(line, ideal, widest) + _break_cost(title, end)
            options.append((cost, (line, *tail)))
        return min(options, default=(_NEVER, (title[start:],)))

    return cheapest(0, count)


def _width_cost(line: str, ideal: float, widest: int) -> float:
    over = max(0, width(line) - widest)
    return (width(line) - ideal) ** 2 + 1000 * over + 12


def _break_cost(title: str, at: int) -> float:
    if title[at] in _NOT_FIRST or title[at - 1] in _NOT_LAST:
        return 400
    if any(match.start() < at < match.end() for match in _SOLID.finditer(title)):
        return 400
    if title.startswith(_GOOD_BEFORE, at) or title.endswith(_GOOD_AFTER, 0, at):
        return 0
    return 40
