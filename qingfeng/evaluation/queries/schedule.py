"""The dates of a round, worked out from the quarter's end by the commission's settings."""

from __future__ import annotations

import datetime as dt

from qingfeng.core import preferences, working_days
from qingfeng.evaluation.enums import Milestone
from qingfeng.evaluation.scoring.periods import Quarter

GROUP = "政治生态评价"
BASIS = "建议值（各地做法不一，由本机关确定）"
DEFAULTS: dict[str, int] = {
    Milestone.OPENS_ON: -10,
    Milestone.SUBMIT_BY: 0,
    Milestone.REVIEW_BY: 5,
    Milestone.CUTOFF_ON: 8,
    Milestone.TRIAL_ON: 10,
    Milestone.ANNOUNCE_BY: 20,
}
OFFSETS = {
    milestone: preferences.declare(
        f"evaluation_{milestone}",
        f"{Milestone(milestone).label}：季度末起第几天",
        days,
        group=GROUP,
        help="负数为季度末之前；遇休息日顺延到下一个工作日（开放填报不顺延）",
        basis=BASIS,
    )
    for milestone, days in DEFAULTS.items()
}
AUTO_OPEN = preferences.declare(
    "evaluation_auto_open",
    "到开放日期自动开启轮次",
    True,
    group=GROUP,
    help="关闭后由党风室手动开启",
    basis=BASIS,
)
DEFAULT_SCHEME = preferences.declare(
    "evaluation_scheme",
    "新轮次采用的评价方案",
    "",
    group=GROUP,
    help="方案标识；留空为最近发布的版本",
    basis="本机关自定",
)


def dates_of(quarter: Quarter) -> dict[str, dt.date]:
    """Return each milestone's date by the settings; a limit on a day off moves to the next working day."""
    days = preferences.get_all(*(OFFSETS[milestone].key for milestone in Milestone.values))
    own = working_days.overrides()
    found = {}
    for milestone in Milestone.values:
        date = quarter.end_date + dt.timedelta(days=int(days[OFFSETS[milestone].key]))
        moves = milestone != Milestone.OPENS_ON
        found[milestone] = working_days.next_working_day(date, own) if moves else date
    return found


def quarter_of(date: dt.date) -> Quarter:
    return Quarter(date.year, (date.month + 2) // 3)
