"""Every state × every transition of every machine, read off the tables; states reached by real actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import WrongState
from qingfeng.core.rules import Rule
from qingfeng.evaluation import states
from qingfeng.evaluation.actions import data, results, reviews, schemes, submissions, tallies
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Machine
from tests.evaluation import appeal_stories, stories, study_stories

pytestmark = pytest.mark.django_db
ANYBODY = Rule("test.anybody", lambda *_: None)
DUE = dt.date(2026, 4, 6)


def version(place: stories.City, state: str) -> Any:
    if state == "draft":
        return stories.drafted(place)
    row = stories.published(place)
    return row if state == "published" else schemes.retire(version=row, by=place.officer, at=stories.OPENING)


def round_in(place: stories.City, state: str) -> Any:
    return stories.ROUND_STATES[state](place)


def submission(place: stories.City, state: str) -> Any:
    round, unit = stories.opened(place), place.towns[0]
    if state == "drafting":
        return stories.submission_of(round, unit)
    if state == "submitted":
        return stories.handed_in(place, round, unit)
    row = stories.signed(place, round, unit)
    if state == "signed":
        return row
    return submissions.return_submission(
        submission=row, reason="缺少记录", due_on=DUE, by=place.officer, at=stories.SIGNING
    )


def evidence(place: stories.City, state: str) -> Any:
    item = stories.evidence_of(stories.signed(place, stories.opened(place), place.towns[0]))
    by, at = place.scorers["zuzhi"], stories.SIGNING
    if state == "accepted":
        return submissions.accept_evidence(item=item, by=by, at=at)
    if state == "returned":
        return submissions.return_evidence(item=item, reason="看不清", due_on=DUE, by=by, at=at)
    return item


def sheet(place: stories.City, state: str) -> Any:
    row = stories.sheet_of(stories.in_review(place), "A1.review", "zuzhi")
    if state == "scoring":
        return row
    row = stories.submitted(place, row)
    if state == "submitted":
        return row
    return reviews.return_sheet(sheet=row, reason="请核对", by=place.officer, at=stories.REVIEWING)


def task(place: stories.City, state: str) -> Any:
    round = stories.in_review(place)
    if state == "awaiting":
        return stories.task_of(round, "rexian")
    if state == "delivered":
        return stories.hotline(place, round)
    if state == "none":
        return data.report_none(
            task=stories.task_of(round, "rexian"), by=place.suppliers["rexian"], at=stories.REVIEWING
        )
    results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
    return stories.task_of(round, "rexian")


def adjustment(place: stories.City, state: str) -> Any:
    row = stories.proposed(place, stories.in_review(place), place.towns[0])
    if state == "approved":
        return tallies.approve_adjustment(adjustment=row, by=place.deputy, at=stories.REVIEWING)
    if state == "rejected":
        return tallies.reject_adjustment(
            adjustment=row, reason="依据不足", by=place.deputy, at=stories.REVIEWING
        )
    return row


def appeal(place: stories.City, state: str) -> Any:
    return appeal_stories.STATES[state](place, stories.appealing(place), place.towns[0])


WAYS: dict[str, tuple[Machine, Callable[[stories.City, str], Any]]] = {
    "scheme_version": (states.VERSIONS, version),
    "round": (states.ROUNDS, round_in),
    "submission": (states.SUBMISSIONS, submission),
    "evidence_item": (states.EVIDENCE, evidence),
    "review_sheet": (states.SHEETS, sheet),
    "data_task": (states.TASKS, task),
    "adjustment": (states.ADJUSTMENTS, adjustment),
    "appeal": (states.APPEALS, appeal),
    "weight_study": (states.STUDIES, study_stories.study_in),
    "study_expert": (states.EXPERTS, study_stories.expert_in),
}


def outcome(subject: Any, transition: Any) -> str:
    """Try one step inside a savepoint that is rolled back."""
    with transaction.atomic():
        try:
            engine.advance(subject, transition, rule=ANYBODY, by=SYSTEM, at=stories.TRIAL)
            after = str(subject.state)
        except WrongState:
            after = "refused"
        transaction.set_rollback(True)
    subject.refresh_from_db()
    return after


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, slug) for kind, (machine, _) in WAYS.items() for slug, _ in machine.states]
)
def test_advance_from_every_state_follows_the_table(kind: str, state: str) -> None:
    machine, reach = WAYS[kind]
    subject = reach(stories.city(), state)
    assert subject.state == state

    found = {step: outcome(subject, step) for step in machine.transitions}

    assert found == {step: step.to if state in step.from_ else "refused" for step in machine.transitions}


def test_every_machine_of_the_evaluation_is_covered() -> None:
    declared = {value.kind for value in vars(states).values() if isinstance(value, Machine)}

    assert declared == set(WAYS)
