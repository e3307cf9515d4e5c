"""Indicators on which points were lost, the departments that scored, and the revisions of a round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingfeng.core.listing import Column
from qingfeng.evaluation.queries.comparisons import ScorerRow
from qingfeng.evaluation.queries.losing import LosingIndicator

MOST = 10

INDICATOR_COLUMNS = (
    Column("name", "指标", lambda row: f"{row.indicator.code} {row.indicator.name}"),
    Column("dimension", "方面", lambda row: row.dimension.name),
    Column("lost", "平均失分", lambda row: round(row.lost, 2), ("lost",), numeric=True),
    Column("mean", "平均得分率（%）", lambda row: row.mean, ("mean",), numeric=True),
    Column("change", "较上季（百分点）", lambda row: row.change, ("change",), numeric=True),
    Column("losing", "失分的单位", lambda row: row.losing, ("losing",), numeric=True),
    Column("units", "评定的单位", lambda row: row.units, ("units",), numeric=True),
)
INDICATOR_SORTS = {
    "mean": lambda row: -1.0 if row.mean is None else row.mean,
    "change": lambda row: -1e9 if row.change is None else row.change,
}

SCORER_COLUMNS = (
    Column("department", "评分部门", lambda row: row.department, ("department",)),
    Column("indicator", "指标", lambda row: f"{row.indicator.code} {row.indicator.name}"),
    Column("count", "评的单位", lambda row: row.count, ("count",), numeric=True),
    Column("mean", "平均得分率（%）", lambda row: round(row.mean, 2), ("mean",), numeric=True),
    Column("spread", "离散度（%）", lambda row: round(row.spread, 2), ("spread",), numeric=True),
)


def lost_chart(rows: Sequence[LosingIndicator]) -> dict[str, Any]:
    """Return the bars of the indicators that lost most."""
    shown = [row for row in rows if row.lost > 0][:MOST]
    return {
        "items": [
            {
                "name": row.indicator.name,
                "value": round(row.lost, 2),
                "note": f"{row.losing} 个单位失分，平均得分率 {row.mean}%",
            }
            for row in shown
        ],
        "max": max((row.lost for row in shown), default=1) * 1.1,
    }


def problems_title(rows: Sequence[LosingIndicator]) -> str:
    """Name the indicators that lost most."""
    worst = [row for row in rows if row.lost >= 0.005][:3]
    if not worst:
        return "各项指标都没有失分"
    return "失分最多：" + "、".join(row.indicator.name for row in worst)


def scorers_title(rows: Sequence[ScorerRow]) -> str:
    """Say how many sheets there are, and on how many every unit has the same mark."""
    same = sum(1 for row in rows if row.count > 1 and row.spread < 0.005)
    said = f"{len({row.department for row in rows})} 个部门评了 {len(rows)} 张表"
    return f"{said}，其中 {same} 张各单位同分" if same else said
