"""What was mixed: counts by NumPy, straight from the rows; comments and receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from qingfeng.ballots.models import MixedComment, Pool, Receipt, Urn

AT_ONCE = 100_000
ROWS = """SELECT m.pool_id, m.packed FROM ballots_mixedanswer m
    JOIN ballots_pool p ON p.id = m.pool_id WHERE p.urn_id = %s"""
Counts = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Counted:
    """Votes of the pools that are counted: `table` is (pools, questions, answers), in the urn's order.

    A question whose answers are withheld in a pool is 0 throughout, since nothing of it was kept.
    """

    pools: list[int]
    table: Counts


def counts(urn: Urn, units: Iterable[int] | None = None) -> Counted:
    """Count the urn's mixed rows, of all units or of some."""
    width, depth = len(urn.questions), len(urn.answers) + 1
    wanted = Pool.objects.filter(urn=urn, is_withheld=False)
    if units is not None:
        wanted = wanted.filter(unit__in=list(units))
    pools = sorted(wanted.values_list("pk", flat=True))
    table = np.zeros((len(pools), width * depth), np.int32)
    if pools:
        for ids, block in _blocks(urn, width, None if units is None else pools):
            _add(table, np.searchsorted(np.array(pools), ids), block, depth)
    return Counted(pools, table.reshape(len(pools), width, depth)[:, :, 1:])


def _add(table: Counts, place: Any, block: Any, depth: int) -> None:
    """Add a block of rows to the counts, one question's column after another."""
    for question in range(block.shape[1]):
        cells = place * depth + block[:, question]
        found = np.bincount(cells, minlength=len(table) * depth).reshape(len(table), depth)
        table[:, question * depth : (question + 1) * depth] += found.astype(np.int32)


def _blocks(urn: Urn, width: int, pools: list[int] | None) -> Iterable[tuple[Any, Any]]:
    """Yield pool ids and answers as arrays, so many rows at a time."""
    statement, values = ROWS, [urn.pk]
    if pools is not None:
        statement += f" AND m.pool_id IN ({', '.join(['%s'] * len(pools))})"
        values += pools
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(AT_ONCE):
            ids, packed = zip(*rows, strict=True)
            answers = np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), width)
            yield np.array(ids, np.int64), answers


def tally(urn: Urn, question: str, units: Iterable[int]) -> list[tuple[int, str, str, int]]:
    """Return (unit id, group, answer, votes) of one question for some units, where they are counted."""
    if question not in urn.question_codes:
        return []
    found = counts(urn, units)
    place, names = urn.question_codes.index(question), urn.answer_codes
    pools = dict(Pool.objects.in_bulk(found.pools))
    return [
        (pools[pk].unit_id, pools[pk].group, names[answer], int(number))
        for pk, row in zip(found.pools, found.table[:, place], strict=True)
        for answer, number in enumerate(row)
    ]


def comments(urn: Urn) -> list[MixedComment]:
    """Return the comments by unit and group, in the order of their random keys."""
    rows = MixedComment.objects.filter(pool__urn=urn).select_related("pool__unit")
    return list(rows.order_by("pool__unit__sort_order", "pool__unit__code", "pool", "key"))


def receipts(urn: Urn, *, counted: bool) -> list[str]:
    """Return the receipts of counted pools, or those of pools with too few votes and their strangers."""
    found = Receipt.objects.filter(urn=urn, is_counted=counted)
    return list(found.order_by("text").values_list("text", flat=True))


def has_receipt(urn: Urn, text: str) -> bool | None:
    """Say whether a receipt was counted; None where it was not in the urn at all."""
    return Receipt.objects.filter(urn=urn, text=text).values_list("is_counted", flat=True).first()
