"""What came in of a ballot question: votes by unit and group, and satisfaction where enough voted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Urn
from qingfeng.ballots.queries import mixed
from qingfeng.ballots.queries import scope as urns
from qingfeng.core import references
from qingfeng.evaluation.models.data import BallotTally
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import rounds
from qingfeng.evaluation.scoring import balloting, building, rows
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.layout import Layout

PAPER_REFUSED = (
    "本轮用票箱投票（{}），票数由开箱得出，不导入纸质票。要改用纸质票，先由书记或分管领导作废票箱。"
)
NOT_MIXED = {
    UrnState.PREPARING: "本轮的票箱还没有启用。请启用并开箱后再冻结，或由书记或分管领导作废后改用纸质票。",
    UrnState.OPEN: "本轮的票箱还在投票中。请截止投票，由两位保管人开箱后再冻结。",
    UrnState.CLOSED: "本轮的票箱已截止、还没有开箱。请两位保管人开箱后再冻结。",
}


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
    """Return unit id → group → cell for one question, by the engine, in a number of queries that stays."""
    scheme, quarter = rounds.scheme_of(round), rounds.quarter_of(round)
    given = _given(round, channel.question, units)
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


def _given(round: Round, question: str, units: Sequence[RoundUnit]) -> list[rows.TallyRow]:
    """Return the votes on a question: of the urn, once it is mixed, or of imported tallies."""
    urn = urn_of(round)
    if urn is not None:
        own = {unit.unit_id: unit.pk for unit in units}
        found = mixed.tally(urn, question, own) if urn.state == UrnState.MIXED else []
        return [
            rows.TallyRow(_code(own[unit]), question, group, answer, count)
            for unit, group, answer, count in found
        ]
    stored = BallotTally.objects.filter(round_unit__in=[unit.pk for unit in units])
    return [
        rows.TallyRow(_code(unit_id), question, group, answer, count)
        for unit_id, group, counts in stored.values_list("round_unit_id", "group", "counts")
        for answer, count in counts.get(question, {}).items()
    ]


def _code(unit_id: int) -> str:
    return f"u{unit_id}"


def _cell(valid: int, mean: float) -> Cell:
    return Cell(valid, None if math.isnan(mean) else mean * 100)


def urn_of(round: Round) -> Urn | None:
    """Return the round's sealed urn, unless its votes were thrown away; None where ballots are on paper."""
    return urns.of_subject(references.reference_to(round))


def why_no_paper(round: Round) -> str:
    """Return why tallies of paper ballots cannot be imported, or an empty string."""
    urn = urn_of(round)
    return PAPER_REFUSED.format(urn.get_state_display()) if urn else ""


def why_not_frozen(round: Round) -> str:
    """Return why the urn keeps the round from being frozen, or an empty string."""
    urn = urn_of(round)
    return "" if urn is None else NOT_MIXED.get(UrnState(urn.state), "")


def count_imported(round: Round) -> int:
    """Return how many units have ballots."""
    urn = urn_of(round)
    if urn is not None:
        counted = urn.pools.filter(is_withheld=False, turnout__isnull=False)
        return rounds.taking_part(round).filter(unit__in=counted.values("unit")).count()
    return rounds.taking_part(round).filter(tallies__isnull=False).distinct().count()


def imported(round: Round) -> BallotTally | None:
    """Return one row of the last import, for when and by whom it was, or None before the first."""
    return (
        BallotTally.objects.filter(round_unit__round=round)
        .select_related("imported_by")
        .order_by("-pk")
        .first()
    )
