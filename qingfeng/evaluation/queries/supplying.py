"""What the pages of a data task count."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from qingfeng.evaluation.models.data import DataTask, Fact
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import data, rounds, supplied


def filled_counts(task: DataTask) -> dict[str, int]:
    """Return for how many units each measure has a value."""
    rows = task.values.filter(round_unit__left_at__isnull=True)
    return dict(rows.values_list("measure").annotate(count=Count("pk")).values_list("measure", "count"))


def indicators_of(task: DataTask) -> list[str]:
    """Return the names of the indicators that the task feeds."""
    round = task.round
    channels = supplied.data_channels(rounds.scheme_of(round), rounds.quarter_of(round), task.department.code)
    return list(dict.fromkeys(indicator.name for indicator, _ in channels))


def asked_of(round: Round) -> dict[str, str]:
    """Say what each supplier of a round is asked for, by department code."""
    scheme, quarter = rounds.scheme_of(round), rounds.quarter_of(round)
    found = {}
    for code in rounds.suppliers(scheme, quarter):
        names = [measure.name for measure in supplied.measures_of(scheme, quarter, code)]
        names += [kind.name for kind in supplied.kinds_of(scheme, quarter, code)]
        found[code] = "、".join(names[:4]) + (f"等 {len(names)} 项" if len(names) > 4 else "")
    return found


def facts_listed(user: Any, round: Round) -> QuerySet[Fact]:
    """Return the standing entries the user may see that were reported for a round."""
    rows = data.facts_visible_to(user).filter(task__round=round)
    return rows.filter(corrections__isnull=True, is_withdrawal=False)


def units_for_facts(round: Round) -> list[RoundUnit]:
    """Return the round's units, those that left too: a fact may be of before they were merged."""
    return list(round.units.select_related("unit").order_by("position"))


def choice_of(round: Round, fact: Fact) -> data.ChoiceRow | None:
    """Return the range of a fact's points with what was chosen, or None where the points are fixed."""
    rows = data.choices_of(round, Fact.objects.filter(pk=fact.pk))
    return rows[0] if rows else None


def newer(fact: Fact) -> Fact | None:
    """Return the entry that corrects or withdraws a fact, if there is one."""
    return fact.corrections.select_related("recorded_by").first()
