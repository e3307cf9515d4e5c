"""What the shell does when something happened below: ids in, fetch, one action."""

from __future__ import annotations

from typing import Protocol

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs.events import JobEnded
from qingfeng.evaluation.enums import RoundState
from qingfeng.notifications import actions as notifications
from qingfeng.shell.queries import jobs as queries
from qingfeng.shell.queries import rounds
from qingfeng.workflow import deadlines
from qingfeng.workflow.enums import LimitUnit


class RoundStep(Protocol):
    """Any event of a round."""

    @property
    def round_id(self) -> int: ...


STEPS = (
    ("submit_by", "单位报送", RoundState.COLLECTING),
    ("review_by", "部门评分", RoundState.REVIEWING),
    ("trial_on", "试算", RoundState.FROZEN),
    ("announce_by", "审定和通报", RoundState.APPROVED),
)
"""The limits of a round: date field, label, and the last state in which it still runs."""


def tell_of_job_end(event: JobEnded) -> None:
    """Write to the person who asked for a job how it ended."""
    found = queries.asked_by_a_person(event.job_id)
    if found is None:
        return
    job, person = found
    words, tab = ("已完成", "done") if event.is_done else ("没有完成", "failed")
    notifications.send(
        recipients=[person],
        title=f"{job.title}{words}",
        body=queries.outcome(job),
        link=f"{reverse('jobs:list')}?tab={tab}",
        by=SYSTEM,
        at=clock.now(),
    )


def keep_round_limits(event: RoundStep) -> None:
    """Let the limits of a round run from its dates, and meet those whose step is behind it."""
    row, now = rounds.by_id(event.round_id), clock.now()
    order = list(RoundState)
    for name, label, last in STEPS:
        limit, date = rounds.limit_of(row, name), getattr(row, name)
        if limit is None or (limit.met_at is None and limit.fixed_date != date):
            limit = deadlines.set_deadline(
                subject=row, name=name, label=label, started=row.opens_on, unit=LimitUnit.DATE,
                date=date, basis="本轮评价日程", by=SYSTEM, at=now,
            )  # fmt: skip
        if order.index(RoundState(row.state)) > order.index(last):
            deadlines.meet(deadline=limit, by=SYSTEM, at=now)
