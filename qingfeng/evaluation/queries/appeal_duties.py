"""What a person has to do about trial results and appeals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import AppealState, RoundState
from qingfeng.evaluation.models.appeals import Appeal, Confirmation
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import addresses, appeal_parties, appeals, checking


def of(user: Any, today: dt.date) -> list[Duty]:
    """Return the duties of unit heads, of asked departments, and of those who accept and decide."""
    rounds = Round.objects.filter(state=RoundState.APPEALING)
    found: list[Duty] = []
    for round in rounds:
        window = checking.window_of(round)
        if window is not None:
            found += [*_of_units(user, round, window, today), *_of_commission(user, round, window, today)]
    return [*found, *_of_commenters(user, today)]


def _duty(title: str, meta: str, appeal: Appeal, due: dt.date, today: dt.date) -> Duty:
    url, every = addresses.to("appeal", appeal.pk), addresses.to("round_appeals", appeal.round_id)
    return Duty(title, meta, "申诉", url, every, due_date=due, days_left=(due - today).days)


def _of_units(user: Any, round: Round, window: checking.Window, today: dt.date) -> Iterator[Duty]:
    heads = user.units_for(Role.UNIT_HEAD)
    if not heads or not window.is_open(today):
        return
    units = RoundUnit.objects.filter(round=round, unit_id__in=heads).taking_part()
    confirmed = Confirmation.objects.filter(round_unit__in=units, window=window.number)
    done = set(confirmed.values_list("round_unit_id", flat=True))
    written = list(Appeal.objects.filter(round_unit__in=units, window=window.number))
    done |= {row.round_unit_id for row in written if row.number is not None}
    for unit in units:
        if unit.pk not in done:
            url = addresses.to("portrait", round.pk, unit.unit_id)
            title, left = f"核对{round.label}评价试算结果", window.days_left(today)
            yield Duty(title, unit.short_name, "申诉", url, url, due_date=window.due, days_left=left)
    for row in written:
        if row.state == AppealState.DRAFT:
            yield _duty("为一件申诉签字", row.title, row, window.due, today)


def _of_commission(user: Any, round: Round, window: checking.Window, today: dt.date) -> Iterator[Duty]:
    if not user.holds(Role.CONDUCT_OFFICE, Role.DEPUTY_LEADER, Role.SECRETARY):
        return
    for row in appeals.undecided(round).select_related("round", "round_unit"):
        name = f"第 {row.number} 号申诉"
        if row.state == AppealState.FILED:
            if user.holds(Role.CONDUCT_OFFICE):
                yield _duty(f"受理{name}", row.round_unit.short_name, row, window.due, today)
            continue
        asked = row.comment_unit_id is None and row.commented_at is None
        if asked and user.pk in appeal_parties.behind(row).people:
            due = row.comment_due_on or window.due
            yield _duty(f"为{name}作书面说明", row.title, row, due, today)
        elif user in appeal_parties.deciders(row)[1]:
            due = max(window.due, row.comment_due_on or window.due)
            yield _duty(f"复核决定{name}", row.round_unit.short_name, row, due, today)


def _of_commenters(user: Any, today: dt.date) -> Iterator[Duty]:
    if not user.units_for(*appeals.COMMENTERS):
        return
    for row in appeals.awaiting_comment(user, today):
        due = row.comment_due_on or today
        yield _duty(f"为第 {row.number} 号申诉作书面说明", row.title, row, due, today)
