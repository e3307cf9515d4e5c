"""A whole round on each shipped scheme: every stored point follows from its stored explanation alone."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from typing import Any

import pytest

from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import data, ledger, results, reviews, rounds, schemes, tallies
from qingfeng.evaluation.actions.reviews import Entry, Finding
from qingfeng.evaluation.gateways import tally_book
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import comparisons, portraits
from qingfeng.evaluation.queries import data as data_queries
from qingfeng.evaluation.queries import reviews as review_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.scoring import explanation, recomputing, terms
from qingfeng.evaluation.scoring.packing import unpack
from tests import stories as people
from tests.evaluation import stories
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db
D = Decimal
AUTUMN = stories.moment(12, 21)
WINTER = stories.moment(1, 5, year=2027)


class Town:
    """Everybody and everything of one round on a shipped scheme, in the quarter in which all is due."""

    def __init__(self, slug: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.place = stories.city(towns=3)
        schemes.install_shipped_schemes(by=SYSTEM, at=stories.moment(1, 5))
        version = SchemeVersion.objects.get(scheme__slug=slug)
        self.round = rounds.plan(
            year=2026, quarter=4, scheme_version=version, by=self.place.officer, at=AUTUMN
        )
        self.users: dict[str, Any] = {}
        for row in self.round.departments.all():
            unit = row.unit or UnitFactory.create(short_name=row.name[:30], is_evaluated=False)
            rounds.bind_department(
                round=self.round, code=row.code, unit=unit, by=self.place.officer, at=AUTUMN
            )
            user = people.user_with(Role.SCORING_DEPARTMENT, unit)
            self.users[row.code] = people.give(user, Role.DATA_SUPPLIER, unit)
        rounds.open_round(round=self.round, by=self.place.officer, at=AUTUMN)

    def fill(self) -> Round:
        """Bring every part but a few: one unit submits nothing, one department and one supplier are late."""
        for unit in self.place.units[1:]:
            stories.signed(self.place, self.round, unit, gaps=1)
        rounds.start_review(round=self.round, by=self.place.officer, at=WINTER)
        sheets = list(self.round.sheets.all())
        for sheet in sheets[1:]:
            self.score(sheet)
        for task in list(self.round.data_tasks.all())[1:]:
            self.deliver(task)
        self.count()
        return self.round

    def score(self, sheet: ReviewSheet) -> None:
        channel, indicator = review_queries.channel_of(sheet), review_queries.indicator_of(sheet)
        by = self.users[sheet.department.code]
        entries = []
        for unit in review_queries.units_of(sheet):
            if channel.items and self.chance.random() < 0.6:
                entries.append(Entry(unit.pk, findings=self.findings(channel.items), reason="见细则"))
            else:
                points = (indicator.weight * self.chance.randint(500, 1000)).quantize(D(1)) / 1000
                entries.append(Entry(unit.pk, points=points, reason="综合评定"))
        row = reviews.save_scores(sheet=sheet, entries=entries, lock=0, by=by, at=WINTER)
        reviews.submit_sheet(sheet=row, by=by, at=WINTER)

    def findings(self, items: tuple[terms.Item, ...]) -> tuple[Finding, ...]:
        chosen = [item for item in items if self.chance.random() < 0.5]
        return tuple(
            Finding(
                item.code,
                D(self.chance.randint(1, 90) if item.per == terms.Per.RATIO else self.chance.randint(1, 3)),
                None if item.points_high is None else item.points,
                "核实",
            )
            for item in chosen
        )

    def deliver(self, task: Any) -> None:
        by = self.users[task.department.code]
        measures = data_queries.measures_of(task)
        values = [
            data.Value(unit.pk, measure.code, D(self.chance.randint(0, 100)))
            for unit in round_queries.taking_part(self.round)
            for measure in measures
            if self.chance.random() < 0.9
        ]
        data.save_values(task=task, values=values, by=by, at=WINTER)
        for kind in data_queries.kinds_of(task):
            self.record(task, kind.code, by)
        if values or task.facts.exists():
            data.report_delivered(task=task, by=by, at=WINTER)
        else:
            data.report_none(task=task, by=by, at=WINTER)

    def record(self, task: Any, kind: str, by: Any) -> None:
        draft = ledger.Draft(
            fact_kind=kind,
            unit=self.chance.choice(self.place.units),
            act_date=dt.date(2026, 9, 3),
            effective_date=dt.date(2026, 11, self.chance.randint(1, 28)),
            title=f"事实{kind}",
            quantity=D(self.chance.randint(1, 3)),
            is_leader=self.chance.random() < 0.3,
            is_self_reported=self.chance.random() < 0.3,
            is_concealed=self.chance.random() < 0.3,
            event_key=self.chance.choice(["", "", "同案"]),
        )
        fact = ledger.record_fact(task=task, draft=draft, by=by, at=WINTER)
        chooser = self.place.officer if fact.unit_id == task.department.unit_id else by
        for row in data_queries.choices_of(self.round, data_queries.facts_of(task).filter(pk=fact.pk)):
            ledger.choose_points(
                round=self.round, fact=fact, points=row.range.high, reason="影响大", by=chooser, at=WINTER
            )

    def count(self) -> None:
        scheme, questions = round_queries.scheme_of(self.round), data_queries.due_questions(self.round)
        sheet = tally_book.sheet(scheme, questions)
        rows = [
            {"code": unit.code, "name": unit.short_name, "group": group.code, "question": question.code}
            | {f"a_{answer.code}": self.chance.randint(0, 9) for answer in scheme.answers}
            for unit in round_queries.taking_part(self.round)
            for group in scheme.groups
            for question in questions
        ]
        content = writing.filled([sheet], {sheet.name: rows})
        tallies.import_tallies(round=self.round, content=content, by=self.place.officer, at=WINTER)


@pytest.mark.parametrize("slug", ["qingfeng-5x36", "questionnaire_45_45_10"])
def test_every_stored_point_of_a_round_follows_from_its_stored_explanation(slug: str) -> None:
    town = Town(slug, seed=36)
    round = town.fill()
    adjustment = stories.proposed(town.place, round, town.place.units[2])
    tallies.approve_adjustment(adjustment=adjustment, by=town.place.deputy, at=WINTER)
    results.freeze(round=round, with_gaps=True, by=town.place.officer, at=WINTER)
    revision = results.compute(snapshot=stories.snapshot_of(round), by=SYSTEM, at=WINTER)

    reasons: set[str] = set()
    for result in comparisons.rows_of(revision):
        stored = unpack(bytes(result.packed))
        text = json.dumps(portraits.explanation_of(result).to_plain(), ensure_ascii=False)
        explained = explanation.from_plain(json.loads(text))

        points = recomputing.recompute_from_explanation(explained)

        reasons |= {node.reason for dimension in explained.dimensions for node in dimension.walk()}
        assert points.total == portraits.score_of(result)
        assert floats(points.dimensions) == pytest.approx(stored.dimension_points, nan_ok=True)
        assert floats(points.indicators) == pytest.approx(stored.indicator_points, nan_ok=True)
        assert floats(points.channels) == pytest.approx(stored.channel_value, nan_ok=True)
        assert float(points.deduction) == pytest.approx(stored.deduction)
    assert {"scored", "not_delivered"} <= reasons
    assert slug != "qingfeng-5x36" or {"missing_zero", "no_value", "counted"} <= reasons


def floats(points: dict[str, Decimal | None]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in points.values()]
