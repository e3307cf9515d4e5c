from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qingfeng.core.roles import Role
from qingfeng.evaluation.models.data import (
    Adjustment,
    BallotTally,
    DataTask,
    DataValue,
    Fact,
    FactPoints,
)
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import rounds, scope, supplied
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.periods import Period
from qingfeng.evaluation.scoring.settings import FactQuarter

THOUSAND = Decimal(1000)


def visible_to(user: Any) -> QuerySet[DataTask]:
    """Return the data tasks the user may see: all, or those of the departments he supplies for."""
    rows = DataTask.objects.select_related("round__scheme_version__scheme", "department__unit", "reported_by")
    rows = rows.defer("round__scheme_version__body")
    if scope.sees_whole(user):
        return rows
    return rows.filter(department__unit_id__in=user.units_for(Role.DATA_SUPPLIER))


def listed(user: Any, round: Round) -> QuerySet[DataTask]:
    """Return a round's visible tasks with the number of values and standing facts in each.

    Each is counted by itself: joined, every value would meet every fact.
    """
    values = DataValue.objects.filter(task=OuterRef("pk"))
    facts = Fact.objects.standing().filter(task=OuterRef("pk"))
    return (
        visible_to(user)
        .filter(round=round)
        .annotate(value_count=_count_of(values), fact_count=_count_of(facts))
        .order_by("pk")
    )


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("task").annotate(counted=Count("pk")).values("counted")
    return Coalesce(Subquery(counted), 0)


def facts_visible_to(user: Any) -> QuerySet[Fact]:
    """Return the ledger entries the user may see: all, or those his department reported."""
    rows = Fact.objects.select_related("unit", "decision_unit", "task__department", "recorded_by", "corrects")
    if scope.sees_whole(user):
        return rows
    return rows.filter(task__department__unit_id__in=user.units_for(Role.DATA_SUPPLIER))


def tallies_visible_to(user: Any) -> QuerySet[BallotTally]:
    rows = BallotTally.objects.select_related("round_unit", "imported_by")
    return rows if scope.sees_whole(user) else rows.none()


def adjustments_visible_to(user: Any) -> QuerySet[Adjustment]:
    rows = Adjustment.objects.select_related("round_unit__round", "proposed_by", "decided_by")
    return rows if scope.sees_whole(user) else rows.none()


def measures_of(task: DataTask) -> list[core.Measure]:
    """Return the measures the task's department delivers for every unit."""
    round = task.round
    return supplied.measures_of(rounds.scheme_of(round), rounds.quarter_of(round), task.department.code)


def kinds_of(task: DataTask) -> list[core.Named]:
    """Return the kinds of fact the task's department reports."""
    round = task.round
    return supplied.kinds_of(rounds.scheme_of(round), rounds.quarter_of(round), task.department.code)


@dataclass(frozen=True)
class ValueRow:
    """One unit of a task with its values by measure."""

    round_unit: RoundUnit
    values: dict[str, Decimal]


def value_rows(task: DataTask) -> list[ValueRow]:
    """Return every unit of the round with what the task holds of it, in two queries."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for unit_id, measure, value in task.values.values_list("round_unit_id", "measure", "value"):
        found[unit_id][measure] = value
    return [ValueRow(unit, found.get(unit.pk, {})) for unit in rounds.taking_part(task.round)]


def facts_of(task: DataTask) -> QuerySet[Fact]:
    """Return the standing facts of a task, newest first."""
    return task.facts.standing().select_related("unit", "recorded_by").order_by("-pk")


def history_of(fact: Fact) -> list[Fact]:
    """Return a fact and what it corrects, newest first."""
    found = [fact]
    while found[-1].corrects is not None:
        found.append(found[-1].corrects)
    return found


def counting_date(round: Round, *, act_date: dt.date, effective_date: dt.date) -> dt.date:
    """Return the date that puts a fact into a quarter, by the scheme's setting."""
    by_act = rounds.scheme_of(round).settings.fact_quarter is FactQuarter.ACT
    return act_date if by_act else effective_date


def facts_of_quarter(round: Round) -> QuerySet[Fact]:
    """Return the standing facts that count in the round's quarter, whoever reported them."""
    return _between(round, Period.QUARTER)


def facts_of_window(round: Round) -> QuerySet[Fact]:
    """Return the standing facts of the longest period that ends with the round's quarter."""
    quarter = rounds.quarter_of(round)
    return _between(round, max((p for p in Period if quarter.is_due(p)), key=lambda p: p.quarters))


def _between(round: Round, period: Period) -> QuerySet[Fact]:
    first, last = rounds.quarter_of(round).window(period)
    by_act = rounds.scheme_of(round).settings.fact_quarter is FactQuarter.ACT
    field = "act_date" if by_act else "effective_date"
    return Fact.objects.standing().filter(**{f"{field}__gte": first, f"{field}__lte": last}).order_by("pk")


def fact_like(fact: Fact) -> supplied.FactLike:
    return supplied.FactLike(
        fact.fact_kind, fact.category, fact.level, fact.is_leader, is_concealed=fact.is_concealed
    )


def chosen_points(facts: QuerySet[Fact]) -> dict[int, FactPoints]:
    """Return the points chosen last for each of some facts, in whatever round."""
    rows = FactPoints.objects.filter(fact__in=facts.values("pk")).select_related("chosen_by")
    return {row.fact_id: row for row in rows.order_by("pk")}


@dataclass(frozen=True)
class ChoiceRow:
    """A fact whose rule has a range, with what was chosen, if it was."""

    fact: Fact
    range: supplied.Range
    chosen: FactPoints | None

    @property
    def points(self) -> Decimal | None:
        return None if self.chosen is None else Decimal(self.chosen.thousandths) / THOUSAND


def choices_of(round: Round, facts: QuerySet[Fact] | None = None) -> list[ChoiceRow]:
    """Return the facts of a round for which points are to be chosen within a range."""
    ranges = supplied.ranges(rounds.scheme_of(round))
    rows = facts_of_window(round) if facts is None else facts
    rows = rows.filter(fact_kind__in=supplied.ranged_kinds(ranges))
    chosen = chosen_points(rows)
    found = []
    for fact in rows.select_related("unit", "task__department"):
        span = supplied.range_of(ranges, fact_like(fact))
        if span is not None:
            found.append(ChoiceRow(fact, span, chosen.get(fact.pk)))
    return found


def about_reporters(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    """Keep the facts about the very unit whose department reported them: officers choose their points."""
    return facts.filter(unit=F("task__department__unit"))


def due_questions(round: Round) -> list[core.Named]:
    """Return the questions that a ballot channel due in the quarter asks."""
    asked = {
        channel.question
        for _, indicator in rounds.due_indicators(round)
        for channel in indicator.channels
        if isinstance(channel, core.BallotChannel)
    }
    return [question for question in rounds.scheme_of(round).questions if question.code in asked]
