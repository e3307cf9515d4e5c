"""What keeps the checking from being closed, in words with names."""

from __future__ import annotations

import datetime as dt

from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import appeals, checking

NAMED = 6


def of(round: Round, today: dt.date) -> list[str]:
    """Return what is still in the way: the window, undecided appeals, corrections not computed."""
    found = []
    window = checking.window_of(round)
    if window is not None and window.is_open(today):
        waiting = [unit.short_name for unit in appeals.unchecked(round, window.number)]
        if waiting:
            found.append(
                f"核对申诉期限到 {window.due:%Y-%m-%d}，还有 {len(waiting)} 个单位没有核对：{_names(waiting)}"
            )
    undecided = [f"第{row.number}号（{row.round_unit.short_name}）" for row in appeals.undecided(round)]
    if undecided:
        found.append(f"还有 {len(undecided)} 件申诉没有决定：{_names(undecided)}")
    granted = [f"第{row.number}号" for row in appeals.to_recompute(round)]
    if granted:
        found.append(f"{_names(granted)}申诉的更正还没有重算")
    return found


def _names(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
