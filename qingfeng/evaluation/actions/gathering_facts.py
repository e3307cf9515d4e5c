"""The facts of a round for the scoring core, each with the earlier quarter in which it already deducted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import counting
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.scoring.rows import FactRow
from qingfeng.organizations.models import Unit

THOUSAND = Decimal(1000)


def rows(round: Round, unit_place: Mapping[int, int], codes: Sequence[str]) -> list[FactRow]:
    """Return the standing facts of the round's window, those of merged units at their successor."""
    window = queries.facts_of_window(round)
    facts = list(window)
    chosen = queries.chosen_points(window)
    successors = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    counted = counting.counted_before(round, facts)
    found = []
    for fact in facts:
        place = _place(fact.unit_id, unit_place, successors)
        if place is None:
            continue
        decided = _place(fact.decision_unit_id, unit_place, successors)
        choice = chosen.get(fact.pk)
        found.append(
            FactRow(
                id=str(fact.pk),
                kind=fact.fact_kind,
                unit_at_act=codes[place],
                unit_at_decision="" if decided is None else codes[decided],
                act_date=fact.act_date,
                effective_date=fact.effective_date,
                category=fact.category,
                level=fact.level,
                quantity=fact.quantity,
                is_leader=fact.is_leader,
                is_self_reported=fact.is_self_reported,
                is_concealed=fact.is_concealed,
                points=None if choice is None else Decimal(choice.thousandths) / THOUSAND,
                reason="" if choice is None else choice.reason,
                event=fact.event_key,
                counted_in=counted.get(fact.pk, ""),
                title=fact.title,
            )
        )
    return found


def _place(
    unit_id: int | None, unit_place: Mapping[int, int], successors: Mapping[int, int | None]
) -> int | None:
    """Return the row of a unit, or of the unit it went into, through any chain of mergers."""
    seen: set[int] = set()
    current = unit_id
    while current is not None and current not in seen:
        if current in unit_place:
            return unit_place[current]
        seen.add(current)
        current = successors.get(current)
    return None


def undecided(round: Round, facts: QuerySet[Fact] | None = None) -> Iterable[Fact]:
    """Yield the facts for which points are still to be chosen."""
    return (row.fact for row in queries.choices_of(round, facts) if row.chosen is None)
