"""What came in of a ballot question: votes by unit and group, and satisfaction where enough voted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qingfeng.evaluation.models.data import BallotTally
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import rounds
from qingfeng.evaluation.scoring import balloting, building, rows
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.layout import Layout


@dataclass(frozen=True)
class Cell:
    """The valid votes of one group about one unit; `mean` (0 to 100) is None where too few voted."""

    valid: int
    mean: float | None


def channels(round: Round) -> dict[str, core.BallotChannel]:
    """Return the ballot channels due in the round by their question, in the scheme's order."""
    found: dict[str, core.BallotChannel] = {}
    for _, indicator in rounds.due_indicators(round):
        for channel in indicator.channels:
            if isinstance(channel, core.BallotChannel):
                found.setdefault(channel.question, channel)
    return found


def cells_of(
    round: Round, channel: core.BallotChannel, units: Sequence[RoundUnit]
) -> dict[int, dict[str, Cell]]:
    """Return unit id → group → cell for one question, by the engine, in one query."""
    scheme, quarter = rounds.scheme_of(round), rounds.quarter_of(round)
    stored = BallotTally.objects.filter(round_unit__in=[unit.pk for unit in units])
    given = [
        rows.TallyRow(_code(unit_id), channel.question, group, answer, count)
        for unit_id, group, counts in stored.values_list("round_unit_id", "group", "counts")
        for answer, count in counts.get(channel.question, {}).items()
    ]
    named = [rows.UnitRow(_code(unit.pk), unit.short_name, unit.unit_class) for unit in units]
    inputs = building.build(scheme, quarter, building.Rows(units=named, tallies=given))
    means, valid = balloting.group_means(inputs, Layout(scheme, quarter), channel)
    place = inputs.unit_position
    return {
        unit.pk: {
            share.group: _cell(int(valid[place[_code(unit.pk)], at]), float(means[place[_code(unit.pk)], at]))
            for at, share in enumerate(channel.groups)
        }
        for unit in units
    }


def _code(unit_id: int) -> str:
    return f"u{unit_id}"


def _cell(valid: int, mean: float) -> Cell:
    return Cell(valid, None if math.isnan(mean) else mean * 100)


def count_imported(round: Round) -> int:
    """Return how many units have ballots."""
    return rounds.taking_part(round).filter(tallies__isnull=False).distinct().count()


def imported(round: Round) -> BallotTally | None:
    """Return one row of the last import, for when and by whom it was, or None before the first."""
    return (
        BallotTally.objects.filter(round_unit__round=round)
        .select_related("imported_by")
        .order_by("-pk")
        .first()
    )
