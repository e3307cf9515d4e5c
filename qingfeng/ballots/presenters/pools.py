"""Words of the list of pools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Pool, Urn
from qingfeng.ballots.queries.turnout import Turnout
from qingfeng.core.listing import Column, Listing


def columns(live: Mapping[int, int], turnouts: Mapping[int, Turnout]) -> tuple[Column, ...]:
    """Return the columns; the turnout is shown in steps of five and cannot be sorted by."""
    return (
        Column(
            "unit",
            "单位",
            lambda pool: pool.unit.short_name,
            ("unit__sort_order", "unit__short_name"),
        ),
        Column("group", "群体", lambda pool: pool.group_name, ("group_name",)),
        Column("size", "应参加", lambda pool: pool.size, ("size",), numeric=True),
        Column("issued", "已印测评码", lambda pool: live.get(pool.pk, 0), numeric=True),
        Column("turnout", "已参加", lambda pool: turnouts[pool.pk].words),
    )


def groups(turnouts: Iterable[Turnout]) -> list[tuple[str, str]]:
    """Return the groups that are asked, by code."""
    return list({entry.pool.group: entry.pool.group_name for entry in turnouts}.items())


def title(total: int, urn: Urn) -> str:
    """Return the sentence of the list."""
    if urn.state == UrnState.PREPARING:
        return f"{total} 个群体，还没有开始投票"
    return f"{total} 个群体，参加人数按 5 人一档显示"


def lines(listing: Listing) -> list[tuple[Pool, list[dict[str, Any]]]]:
    """Return each pool of the page with its cells."""
    return [
        (
            pool,
            [
                {"label": column.label, "value": column.value(pool), "numeric": column.numeric}
                for column in listing.columns
            ],
        )
        for pool in listing.page.object_list
    ]
