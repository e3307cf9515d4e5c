"""One fact deducts once: within a quarter, across quarters, and through corrections."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from qingfeng.core.actors import SYSTEM
from qingfeng.evaluation.actions import data, gathering, ledger, results, rounds
from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import comparisons, portraits
from qingfeng.evaluation.scoring import recomputing, terms
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.explanation import Node
from qingfeng.evaluation.scoring.periods import Period
from tests.evaluation import small_scheme, stories

pytestmark = pytest.mark.django_db
D = Decimal
SPRING = dt.date(2026, 5, 11)
WORDS = "2026年第一季度“违纪违法案件发生情况”"


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=1)


def second_quarter(place: stories.City, first: Round, **fact: object) -> Round:
    """Open the next quarter's round on the same version, with one heavy sanction in it."""
    round = rounds.plan(
        year=2026, quarter=2, scheme_version=first.scheme_version, by=place.officer, at=stories.moment(6, 1)
    )
    rounds.open_round(round=round, by=place.officer, at=stories.moment(6, 20))
    for unit in place.units:
        stories.signed(place, round, unit)
    rounds.start_review(round=round, by=place.officer, at=stories.moment(7, 1))
    if fact:
        stories.recorded(place, round, place.towns[0], **fact)
    return round


def computed(place: stories.City, round: Round) -> dict[str, Node]:
    """Finish the round and return the first town's indicators, recomputed from their explanation."""
    for sheet in round.sheets.all():
        stories.submitted(place, sheet)
    stories.hotline(place, round)
    task, by = stories.task_of(round, "anguan"), place.suppliers["anguan"]
    if task.facts.exists():
        data.report_delivered(task=task, by=by, at=stories.REVIEWING)
    else:
        data.report_none(task=task, by=by, at=stories.REVIEWING)
    stories.counted(place, round)
    results.freeze(round=round, by=place.officer, at=stories.moment(7, 8))
    revision = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=stories.moment(7, 10))
    result = comparisons.rows_of(revision).get(round_unit__code="Z001")
    explained = portraits.explanation_of(result)
    assert recomputing.recompute_from_explanation(explained).total == portraits.score_of(result)
    return {node.code: node for node in explained.indicators()}


def announced(place: stories.City, scheme: core.Scheme | None = None, **fact: object) -> Round:
    """Announce the first quarter with one light sanction of the first town."""
    round = stories.in_review(place, scheme)
    stories.recorded(place, round, place.towns[0], **fact)
    computed(place, round)
    round.refresh_from_db()
    stories.checked(place, round, sent=stories.moment(7, 10), closed=stories.moment(7, 16))
    results.approve(
        round=round,
        outside="会议在平台启用前召开",
        meeting="第7次会议",
        decided_on=dt.date(2026, 7, 16),
        by=place.clerk,
        at=stories.moment(7, 17),
    )
    results.announce(round=round, by=place.officer, at=stories.moment(7, 17))
    return round


def test_gather_marks_what_its_event_deducted_last_quarter(place) -> None:
    first = announced(place, event_key="案2026-1")
    second = second_quarter(
        place, first, fact_kind="heavy", effective_date=SPRING, event_key="案2026-1", title="同案处分"
    )

    nodes = computed(place, second)

    fact = next(node for node in nodes["A2"].walk() if node.kind == "fact")
    assert nodes["A2"].value == 1
    assert WORDS in fact.sentence


def test_gather_lets_another_event_deduct(place) -> None:
    first = announced(place, event_key="案2026-1")
    second = second_quarter(
        place, first, fact_kind="heavy", effective_date=SPRING, event_key="案2026-2", title="另案"
    )

    nodes = computed(place, second)

    assert nodes["A2"].contribution == pytest.approx(28)


def half_yearly() -> core.Scheme:
    """Return the small scheme with its ladder's rules judged every half year."""
    scheme = small_scheme.make()
    ladder = small_scheme.ladder()
    rules = tuple(
        dataclasses.replace(rule, period=Period.HALF) for rule in ladder.rules if rule.code != "light"
    )
    light = terms.Rule("light", "轻处分", D(1), match=terms.Match(kinds=("light",)))
    channel = core.DataChannel("A2.data", "anguan", (dataclasses.replace(ladder, rules=(light, *rules)),))
    first = scheme.dimensions[0]
    a2 = dataclasses.replace(first.indicators[1], channels=(channel,))
    return small_scheme.make(
        dimensions=(dataclasses.replace(first, indicators=(first.indicators[0], a2)), scheme.dimensions[1])
    )


def test_half_yearly_rule_takes_the_first_quarters_fact_in_the_second_once(place) -> None:
    first = announced(place, half_yearly(), fact_kind="heavy")
    before = comparisons.rows_of(stories.revision_of(first)).get(round_unit__code="Z001")
    second = second_quarter(place, first)

    inputs = gathering.gather(second)
    nodes = computed(place, second)

    waiting = {node.code: node for node in portraits.explanation_of(before).indicators()}
    assert waiting["A2"].value == 1
    assert len(inputs.facts.id) == 1
    assert nodes["A2"].contribution == pytest.approx(28)


def test_correction_of_a_counted_fact_does_not_deduct_again(place) -> None:
    first = announced(place, half_yearly())
    results.reopen(round=first, reason="更正档次", by=place.officer, at=stories.moment(7, 14))
    data.recall(task=stories.task_of(first, "anguan"), by=place.suppliers["anguan"], at=stories.moment(7, 14))
    ledger.correct_fact(
        fact=Fact.objects.get(),
        draft=stories.fact_draft(place.towns[0], fact_kind="heavy"),
        reason="改为重处分",
        by=place.suppliers["anguan"],
        at=stories.moment(7, 14),
    )
    second = second_quarter(place, first)

    inputs = gathering.gather(second)

    assert len(inputs.facts.id) == 1
    assert [inputs.texts[text] for text in inputs.facts.counted_in] == [WORDS]


def test_two_facts_of_one_event_deduct_once_in_one_quarter(place) -> None:
    round = stories.in_review(place)
    stories.recorded(place, round, place.towns[0], event_key="案1")
    stories.recorded(place, round, place.towns[0], event_key="案1", fact_kind="heavy", title="同案重处分")

    nodes = computed(place, round)

    facts = [node for node in nodes["A2"].walk() if node.kind == "fact"]
    assert len(facts) == 2
    assert [fact.reason for fact in facts].count("counted") == 1
