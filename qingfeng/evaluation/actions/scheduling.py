"""What the calendar does by itself: plan the coming round, open it, go on to department review."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.core import preferences
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Refused
from qingfeng.evaluation.actions import checking, common, reminders, rounds
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import checking as checking_queries
from qingfeng.evaluation.queries import rounds as queries
from qingfeng.evaluation.queries import schedule

LEAD_DAYS = 15
"""A round is planned this long before it opens, so that the officer can look at it."""


@transaction.atomic
def plan_coming(*, at: dt.datetime) -> Round | None:
    """Plan the round of the quarter that ends next, once its opening is near and a scheme is published."""
    today = common.date_of(at)
    quarter = schedule.quarter_of(today)
    opens = schedule.dates_of(quarter)["opens_on"]
    exists = Round.objects.filter(year=quarter.year, quarter=quarter.number).exists()
    if exists or (opens - today).days > LEAD_DAYS:
        return None
    version = queries.next_version(str(preferences.get(schedule.DEFAULT_SCHEME.key)))
    if version is None:
        return None
    return rounds.plan(year=quarter.year, quarter=quarter.number, scheme_version=version, by=SYSTEM, at=at)


def keep(*, at: dt.datetime) -> list[str]:
    """Do what the calendar says is due, and return it in words; what cannot be done yet is said too."""
    today = common.date_of(at)
    done = []
    planned = plan_coming(at=at)
    if planned is not None:
        done.append(f"已建立{planned.label}评价轮次")
    opens_itself = bool(preferences.get(schedule.AUTO_OPEN.key))
    for round in Round.objects.filter(state=RoundState.PLANNED, opens_on__lte=today):
        if opens_itself:
            done.append(_open(round, at=at))
    for round in Round.objects.filter(state=RoundState.COLLECTING, submit_by__lt=today):
        rounds.start_review(round=round, by=SYSTEM, at=at)
        done.append(f"{round.label}评价已转入部门评分")
    for round in Round.objects.filter(state=RoundState.APPEALING):
        window = checking_queries.window_of(round)
        if window is not None and not window.is_open(today):
            done.append(_settle(round, at=at))
    return done


def _open(round: Round, *, at: dt.datetime) -> str:
    try:
        with transaction.atomic():
            rounds.open_round(round=round, by=SYSTEM, at=at)
    except Refused as refusal:
        return f"{round.label}评价未能开启：{'；'.join(refusal.sentences)}"
    return f"{round.label}评价已开放填报"


def _settle(round: Round, *, at: dt.datetime) -> str:
    try:
        with transaction.atomic():
            checking.settle(round=round, by=SYSTEM, at=at)
    except Refused as refusal:
        return f"{round.label}评价核对申诉期满，还不能结束：{'；'.join(refusal.sentences)}"
    return f"{round.label}评价核对申诉已结束，等常委会审定"


def remind_all(*, at: dt.datetime) -> int:
    """Remind of late parts in every round that takes parts in; return how many messages were sent."""
    running = Round.objects.filter(state__in=[RoundState.COLLECTING, RoundState.REVIEWING])
    return sum(reminders.remind(round=round, by=SYSTEM, at=at) for round in running)
