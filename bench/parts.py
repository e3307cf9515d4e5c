"""The rows that people would have filled into a round, drawn by a fixed dice and inserted straight away.

As dense as a real quarter: every department has scored every unit (a quarter of the scores below full marks,
with findings or a reason), every measure and ballot question is there, two units of three have a fact, and
one item of evidence in twenty is missing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import bulk
from bench.city import CHINA, City
from qingfeng.evaluation.enums import (
    AdjustmentKind,
    EvidenceState,
    FactOrigin,
    ProposalState,
    SheetState,
    SubmissionState,
    TaskState,
)
from qingfeng.evaluation.models.data import Adjustment, BallotTally, DataTask, DataValue, Fact, FactPoints
from qingfeng.evaluation.models.reviews import ReviewScore, ReviewSheet
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import data as data_queries
from qingfeng.evaluation.queries import reviews as review_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.scoring import terms

REASONS = (
    "材料齐全，但有1次会议缺少讨论记录",
    "活动次数达到要求，记录过于简单",
    "台账更新不及时，抽查发现2处与原始记录不一致",
    "整改措施不具体，没有完成时限",
)
TEXT = "会议纪要、签到表、学习记录各1份，已按时间顺序整理。"
VOTERS = {"leaders": 6, "staff": 27, "public": 24, "delegates": 7}
ODDS = (0.62, 0.25, 0.1, 0.03)


class Filling:
    """Fills one round; `share` is the part of sheets and tasks that has been handed in."""

    def __init__(self, city: City, round: Round, *, share: float = 1.0) -> None:
        self.city, self.round, self.share = city, round, share
        self.dice = np.random.default_rng(round.year * 10 + round.quarter)
        self.at = dt.datetime.combine(round.submit_by, dt.time(10, 30), CHINA)
        self.unit_ids: list[int] = list(round_queries.taking_part(round).values_list("pk", flat=True))
        self.by = city.people["scoring_department"].pk

    def fill(self) -> None:
        """Insert every kind of row."""
        self.submissions()
        self.scores()
        self.values()
        self.tallies()
        self.facts()
        self.adjustments()

    def submissions(self) -> None:
        """Write the evidence of all units, signed; where not all has come, one unit in five is still out."""
        rows = Submission.objects.filter(round_unit__round=self.round)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        signed = ids if self.share == 1.0 else [pk for number, pk in enumerate(ids) if number % 5]
        person = self.city.people["unit_head"]
        Submission.objects.filter(pk__in=signed).update(
            state=SubmissionState.SIGNED,
            self_report="本季度对照责任清单逐项落实。",
            handed_in_at=self.at,
            handed_in_by=person,
            signed_at=self.at,
            signed_by=person,
        )
        codes = [entry.code for entry in round_queries.evidence_indicators(self.round)]
        names = ("submission", "indicator", "state", "text", "carried_over", "changed_at", "changed_by",
                 "return_reason")  # fmt: skip
        present = self.dice.random((len(ids), len(codes))) > 0.05
        rows_of = (
            (pk, code, EvidenceState.OFFERED.value, TEXT, False, self.at, person.pk, "")
            for row, pk in enumerate(ids)
            for column, code in enumerate(codes)
            if present[row, column]
        )
        bulk.insert(EvidenceItem, names, rows_of)

    def scores(self) -> None:
        names = ("sheet", "round_unit", "thousandths", "findings", "reason", "reviewed_at", "reviewed_by")
        sheets = list(self.round.sheets.select_related("department", "round__scheme_version").order_by("pk"))
        done = sheets[: max(1, round(len(sheets) * self.share))]
        for sheet in done:
            bulk.insert(ReviewScore, names, list(self._scores_of(sheet)))
        ReviewSheet.objects.filter(pk__in=[sheet.pk for sheet in done]).update(
            state=SheetState.SUBMITTED, submitted_at=self.at, submitted_by=self.by
        )

    def _scores_of(self, sheet: ReviewSheet) -> Iterator[tuple[Any, ...]]:
        weight = int(review_queries.indicator_of(sheet).weight * 1000)
        items = [
            item
            for item in review_queries.channel_of(sheet).items
            if item.effect == terms.Effect.DEDUCT
            and item.per == terms.Per.OCCURRENCE
            and item.points_high is None
        ]
        units = list(review_queries.units_of(sheet).values_list("pk", flat=True))
        below = (self.dice.random(len(units)) < 0.25).tolist()
        choices = self.dice.integers(0, 1_000_000, len(units)).tolist()
        for unit, is_below, choice in zip(units, below, choices, strict=True):
            points: int | None = weight
            findings, reason = "[]", ""
            if is_below:
                reason = REASONS[choice % len(REASONS)]
                points = weight - weight * (8 + choice % 37) // 100
            if is_below and items:
                entry = {"item": items[choice % len(items)].code, "quantity": str(1 + choice % 3)}
                findings, points = json.dumps([entry | {"points": None, "note": reason}]), None
            yield (sheet.pk, unit, points, findings, reason, self.at, self.by)

    def values(self) -> None:
        names = ("task", "round_unit", "measure", "value", "changed_at", "changed_by")
        tasks = list(self.round.data_tasks.select_related("department").order_by("pk"))
        for task in tasks:
            bulk.insert(DataValue, names, list(self._values_of(task)))
        done = [task.pk for task in tasks[: max(1, round(len(tasks) * self.share))]]
        DataTask.objects.filter(pk__in=done).update(
            state=TaskState.DELIVERED, reported_at=self.at, reported_by=self.by
        )

    def _values_of(self, task: DataTask) -> Iterator[tuple[Any, ...]]:
        for measure in data_queries.measures_of(task):
            top = 100 if measure.unit == "%" else 12
            drawn = self.dice.integers(0, top + 1, len(self.unit_ids)).tolist()
            for unit, value in zip(self.unit_ids, drawn, strict=True):
                yield (task.pk, unit, measure.code, value, self.at, self.by)

    def tallies(self) -> None:
        """Count the ballots of every group; a question is asked of all of them."""
        scheme = round_queries.scheme_of(self.round)
        questions = [entry.code for entry in data_queries.due_questions(self.round)]
        answers = [entry.code for entry in scheme.answers]
        odds = np.array(ODDS[: len(answers)]) / sum(ODDS[: len(answers)])
        rows = []
        for group in scheme.groups:
            size = (len(self.unit_ids), len(questions))
            drawn = self.dice.multinomial(VOTERS.get(group.code, 10), odds, size).tolist()
            for unit, asked in zip(self.unit_ids, drawn, strict=True):
                counts = {
                    code: dict(zip(answers, numbers, strict=True))
                    for code, numbers in zip(questions, asked, strict=True)
                }
                rows.append((unit, group.code, json.dumps(counts), self.at, self.by))
        bulk.insert(BallotTally, ("round_unit", "group", "counts", "imported_at", "imported_by"), rows)

    def facts(self) -> None:
        """Enter facts of every kind the suppliers report, and choose points where a rule has a range."""
        bulk.insert(Fact, FACT, list(self._facts()))
        choices = [
            (self.round.pk, row.fact.pk, int(row.range.low * 1000), "情节较轻", self.at, self.by)
            for row in data_queries.choices_of(self.round)
            if row.chosen is None
        ]
        names = ("round", "fact", "thousandths", "reason", "chosen_at", "chosen_by")
        bulk.insert(FactPoints, names, choices)

    def _facts(self) -> Iterator[tuple[Any, ...]]:
        tasks = list(self.round.data_tasks.select_related("department", "round__scheme_version"))
        sources = [(task, kind.code) for task in tasks for kind in data_queries.kinds_of(task)]
        categories = [entry.code for entry in round_queries.scheme_of(self.round).categories] or [""]
        first = round_queries.quarter_of(self.round).start_date
        for number, unit in enumerate(self.city.units):
            if number % 3 == 2:
                continue
            draw = self.dice.integers(0, 1_000_000, 3).tolist()
            task, kind = sources[draw[0] % len(sources)]
            effective = first + dt.timedelta(days=draw[1] % 80)
            act = effective - dt.timedelta(days=1 + draw[2] % 60)
            yield (
                kind, categories[draw[1] % len(categories)], "", unit.pk, act, effective, "1",
                draw[0] % 7 == 0, draw[1] % 5 == 0, False, "", "查实的问题", "云纪字第1号", "",
                FactOrigin.TYPED.value, task.department.code, task.pk, False, "", self.at, self.by,
            )  # fmt: skip

    def adjustments(self) -> None:
        """Propose and approve a deduction for one unit in fifty."""
        leader = self.city.people["deputy_leader"].pk
        rows = [
            (unit, "X", AdjustmentKind.DEDUCTION.value, ProposalState.APPROVED.value, 1500,
             "督查发现整改销号材料与现场情况不符", "督查通报第3期", self.at, self.by, self.at, leader)
            for unit in self.unit_ids[::50]
        ]  # fmt: skip
        names = ("round_unit", "code", "adjustment_kind", "state", "thousandths", "reason", "reference",
                 "proposed_at", "proposed_by", "decided_at", "decided_by")  # fmt: skip
        bulk.insert(Adjustment, names, rows)


FACT = (
    "fact_kind", "category", "level", "unit", "act_date", "effective_date", "quantity",
    "is_leader", "is_self_reported", "is_concealed", "event_key", "title", "reference_text", "reference_kind",
    "origin", "source", "task", "is_withdrawal", "correction_reason", "recorded_at", "recorded_by",
)  # fmt: skip
