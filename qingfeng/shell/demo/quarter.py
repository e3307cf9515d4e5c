"""One quarter of the demo city: the people act, each by his own account, through the platform's actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingfeng.accounts.queries import lookups
from qingfeng.core import clock
from qingfeng.evaluation.actions import data, ledger, reviews, rounds, submissions
from qingfeng.evaluation.queries import data as data_queries
from qingfeng.evaluation.queries import reviews as review_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.queries import submissions as submission_queries
from qingfeng.evaluation.scoring import terms
from qingfeng.organizations import queries as organizations
from qingfeng.shell.demo import roster, words
from qingfeng.shell.demo.chance import dice, quality

NOON = dt.time(10, 30)


@dataclass(frozen=True)
class Calendar:
    """The quarter of a round and its dates.

    `lateness` is the share of parts that are not in yet, `abstention` of those with a code who do not vote.
    """

    year: int
    quarter: int
    dates: dict[str, dt.date]
    lateness: float = 0.0
    abstention: float = 0.08
    is_corrected: bool = False

    @property
    def name(self) -> str:
        return f"{self.year}Q{self.quarter}"

    def at(self, milestone: str, days: int = 0) -> dt.datetime:
        """Return half past ten of a date of the round, never later than now."""
        moment = dt.datetime.combine(self.dates[milestone] + dt.timedelta(days=days), NOON)
        return min(moment.astimezone(clock.now().tzinfo), clock.now())


class Quarter:
    """What happens in a round, in parts that the history takes one after the other."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.people = lookups.everybody()
        self.officer = self.people[roster.OFFICER.username]
        self.round: Any = (
            round_queries.visible_to(self.officer)
            .filter(year=calendar.year, quarter=calendar.quarter)
            .first()
        )

    def plan_and_open(self) -> None:
        """Plan the round, say which unit stands for which department, and open it."""
        version = round_queries.next_version("qingfeng-5x36")
        if version is None:
            raise RuntimeError("the shipped scheme is not published")
        planned = rounds.plan(
            year=self.calendar.year,
            quarter=self.calendar.quarter,
            scheme_version=version,
            by=self.officer,
            at=self.calendar.at("opens_on", -5),
            dates=self.calendar.dates,
        )
        units = organizations.units_by_code(roster.DEPARTMENTS.values())
        for row in round_queries.departments(planned):
            unit = units[roster.DEPARTMENTS[row.code]]
            rounds.bind_department(
                round=planned, code=row.code, unit=unit, by=self.officer, at=self.calendar.at("opens_on", -4)
            )
        rounds.open_round(round=planned, by=self.officer, at=self.calendar.at("opens_on"))

    def submissions(self) -> list[Any]:
        return list(submission_queries.listed(self.officer, self.round).order_by("pk"))

    def submit(self, rows: Iterable[Any]) -> None:
        """Let units report: the liaison fills in and hands in, the head signs."""
        wanted = round_queries.evidence_indicators(self.round)
        for row in rows:
            unit = row.round_unit
            chosen = dice("submit", unit.code, self.calendar.name)
            if chosen.random() < self.calendar.lateness:
                continue
            liaison, head = self._liaison(unit.code), self._head(unit.code)
            at = self.calendar.at("submit_by", -chosen.randint(1, 8))
            report = chosen.choice(words.SELF_REPORTS)
            submissions.save_report(submission=row, self_report=report, lock=row.lock, by=liaison, at=at)
            gaps = 1 if quality(unit.code, self.calendar.name) < 0.45 else 0
            for entry in wanted[: len(wanted) - gaps]:
                text = chosen.choice(words.EVIDENCE)
                submissions.offer_evidence(submission=row, indicator=entry.code, text=text, by=liaison, at=at)
            row.refresh_from_db()
            submissions.hand_in(submission=row, with_gaps=bool(gaps), by=liaison, at=at)
            submissions.sign(submission=row, by=head, at=self.calendar.at("submit_by"))

    def start_review(self) -> None:
        rounds.start_review(round=self.round, by=self.officer, at=self.calendar.at("submit_by", 1))

    def sheets(self) -> list[Any]:
        return list(review_queries.listed(self.officer, self.round).order_by("pk"))

    def score(self, sheets: Iterable[Any]) -> None:
        """Let departments score: full marks first, then what was found, with the reason."""
        for sheet in sheets:
            chosen = dice("sheet", sheet.channel, sheet.pk)
            scorer = self._scorer(sheet.department.unit.code)
            at = self.calendar.at("review_by", -chosen.randint(0, 3))
            units = list(review_queries.units_of(sheet))
            is_late = chosen.random() < self.calendar.lateness * 2.5
            row = sheet
            if is_late:
                units = units[: chosen.randint(0, len(units) - 1)]
            else:
                row = reviews.fill_full_marks(sheet=sheet, lock=sheet.lock, by=scorer, at=at)
            entries = [entry for unit in units if (entry := self._entry(row, unit))]
            row = reviews.save_scores(sheet=row, entries=entries, lock=row.lock, by=scorer, at=at)
            if not is_late:
                reviews.submit_sheet(sheet=row, by=scorer, at=at)

    def _entry(self, sheet: Any, unit: Any) -> reviews.Entry | None:
        """Return what a department takes off a unit, or None for full marks."""
        chosen = dice("score", self.calendar.name, sheet.channel, sheet.department.code, unit.code)
        good = quality(unit.code, self.calendar.name)
        if chosen.random() < 0.1 + 0.7 * good:
            return None
        channel, weight = review_queries.channel_of(sheet), review_queries.indicator_of(sheet).weight
        reason = chosen.choice(words.REVIEW_REASONS)
        items = [item for item in channel.items if item.effect == terms.Effect.DEDUCT and item.period is None]
        countable = [item for item in items if item.per == terms.Per.OCCURRENCE and item.points_high is None]
        if countable:
            item, times = chosen.choice(countable), Decimal(chosen.randint(1, 2 + round(4 * (1 - good))))
            finding = reviews.Finding(item.code, times, note=reason)
            return reviews.Entry(unit.pk, findings=(finding,), reason=reason)
        if channel.items:
            return None
        lost = (weight * Decimal(chosen.randint(10, 30 + round(68 * (1 - good)))) / 100).quantize(
            Decimal("0.1")
        )
        return reviews.Entry(unit.pk, points=weight - lost, reason=reason)

    def tasks(self) -> list[Any]:
        return list(data_queries.listed(self.officer, self.round).order_by("pk"))

    def supply(self, tasks: Iterable[Any]) -> None:
        """Let suppliers deliver: what they count, the facts they know, or that there is nothing."""
        for task in tasks:
            chosen = dice("task", self.calendar.name, task.department.code)
            if chosen.random() < self.calendar.lateness * 2.5:
                continue
            supplier = self.supplier(task.department.unit.code)
            at = self.calendar.at("cutoff_on", -chosen.randint(1, 4))
            values = list(self._values(task))
            if values:
                data.save_values(task=task, values=values, by=supplier, at=at)
            facts = self._facts(task)
            for draft in facts:
                ledger.record_fact(task=task, draft=draft, by=supplier, at=at)
            report = data.report_delivered if values or facts else data.report_none
            report(task=task, by=supplier, at=at)

    def _values(self, task: Any) -> Iterable[data.Value]:
        codes = [measure.code for measure in data_queries.measures_of(task)]
        for row in data_queries.value_rows(task):
            unit = row.round_unit
            drawn = {code: self._measure(code, unit.code) for code in codes if code in words.MEASURES}
            for part, whole in words.SHARES.items():
                if part in codes:
                    share = 0.35 + 0.7 * quality(unit.code, self.calendar.name)
                    drawn[part] = Decimal(round(int(drawn[whole]) * min(1.0, share)))
            yield from (data.Value(unit.pk, code, value) for code, value in drawn.items())

    def _measure(self, code: str, unit: str) -> Decimal:
        low, high = words.MEASURES[code]
        good = quality(unit, self.calendar.name)
        swing = dice("measure", self.calendar.name, code, unit).uniform(-0.25, 0.25)
        luck = min(1.0, max(0.0, good + swing))
        share = 1 - luck if code in words.LESS_IS_BETTER else luck
        return Decimal(round(low + (high - low) * share))

    def _facts(self, task: Any) -> list[ledger.Draft]:
        """Draw the quarter's facts of a department: more where a unit does badly, none for most."""
        kinds = {kind.code for kind in data_queries.kinds_of(task)}
        known = [row for row in words.FACTS if row[0] == task.department.code and row[1] in kinds]
        if not known:
            return []
        drafts: list[ledger.Draft] = []
        for unit in round_queries.taking_part(self.round).select_related("unit"):
            chosen = dice("fact", self.calendar.name, task.department.code, unit.code)
            if chosen.random() > 0.01 + 0.95 * (1 - quality(unit.code, self.calendar.name)) ** 2:
                continue
            drafts.append(self._draft(chosen.choice(known), unit.unit, chosen, len(drafts) + 1))
        return drafts

    def _draft(self, row: tuple[str, str, str, str], unit: Any, chosen: Any, number: int) -> ledger.Draft:
        first = dt.date(self.calendar.year, 3 * self.calendar.quarter - 2, 1)
        last = min(clock.today(), first + dt.timedelta(days=88))
        effective = first + dt.timedelta(days=chosen.randint(2, max(3, (last - first).days - 1)))
        return ledger.Draft(
            fact_kind=row[1],
            unit=unit,
            act_date=effective - dt.timedelta(days=chosen.randint(20, 200)),
            effective_date=effective,
            title=row[2],
            category=row[3],
            is_leader=chosen.random() < 0.15,
            is_self_reported=chosen.random() < 0.2,
            reference_text=f"{row[0][:2].upper()}-{self.calendar.name}-{number:02d}",
        )

    def _liaison(self, unit: str) -> Any:
        return self.people[roster.username_of("unit_liaison", unit)]

    def _head(self, unit: str) -> Any:
        return self.people[roster.username_of("unit_head", unit)]

    def _scorer(self, unit: str) -> Any:
        return self.people[roster.username_of("scoring_department", unit)]

    def supplier(self, unit: str) -> Any:
        return self.people[roster.username_of("data_supplier", unit)]

    def supplier_of(self, fact: Any) -> Any:
        """Return who reported a fact."""
        return self.supplier(fact.task.department.unit.code)

    def chooser_of(self, fact: Any) -> Any:
        """Return who chooses points within a range: who reported it; of his own unit, an officer."""
        is_own = fact.unit_id == fact.task.department.unit_id
        return self.officer if is_own else self.supplier_of(fact)
