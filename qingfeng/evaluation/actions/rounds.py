"""Rounds: plan, arrange, open, go on to review, take out a merged unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common, opening
from qingfeng.evaluation.enums import Milestone, RoundState, VersionState
from qingfeng.evaluation.events import ReviewStarted, RoundOpened
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit, ScheduleChange
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import rounds as queries
from qingfeng.evaluation.queries import schedule
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.organizations.models import Unit
from qingfeng.workflow import engine


@transaction.atomic
def plan(
    *,
    year: int,
    quarter: int,
    scheme_version: SchemeVersion,
    by: Actor,
    at: dt.datetime,
    title: str = "",
    dates: Mapping[str, dt.date] | None = None,
) -> Round:
    """Plan a quarter's round on a published version, on the dates of the settings unless others are given.

    Raises `Refused` where the quarter has a round, the version is not published, or dates are out of order.
    """
    rules.plan_round.check(by)
    if not 1 <= quarter <= 4:
        raise Refused("季度应为 1 至 4")
    if Round.objects.filter(year=year, quarter=quarter).exists():
        raise Refused(f"{year}年第{quarter}季度已有评价轮次")
    _require_published(scheme_version)
    period = Quarter(year, quarter)
    chosen = schedule.dates_of(period) | dict(dates or {})
    _require_order(chosen)
    round = Round.objects.create(
        year=year,
        quarter=quarter,
        title=title or f"{period.label}政治生态评价",
        scheme_version=scheme_version,
        created_at=at,
        created_by_id=common.actor_id(by),
        **chosen,
    )
    _make_departments(round)
    _record("round.plan", round, by=by, at=at)
    return round


@transaction.atomic
def choose_scheme(*, round: Round, scheme_version: SchemeVersion, by: Actor, at: dt.datetime) -> Round:
    """Put a planned round on another published version; its departments are laid out anew."""
    row = _arranged(round, by=by)
    _require_published(scheme_version)
    row.scheme_version = scheme_version
    row.save(update_fields=["scheme_version"])
    row.departments.all().delete()
    _make_departments(row)
    _record("round.choose_scheme", row, by=by, at=at)
    return row


@transaction.atomic
def bind_department(*, round: Round, code: str, unit: Unit, by: Actor, at: dt.datetime) -> RoundDepartment:
    """Say which unit acts as a department of the scheme in a planned round."""
    row = _arranged(round, by=by)
    department = row.departments.filter(code=code).first()
    if department is None:
        raise Refused("方案中没有这个部门")
    department.unit = unit
    department.save(update_fields=["unit"])
    _record("round.bind_department", row, by=by, at=at)
    return department


@transaction.atomic
def bind_departments(
    *, round: Round, units: Mapping[str, Unit], by: Actor, at: dt.datetime
) -> list[RoundDepartment]:
    """Say for several departments at once which unit acts as each; those that stay are left alone."""
    row = _arranged(round, by=by)
    standing = {entry.code: entry.unit_id for entry in row.departments.all()}
    return [
        bind_department(round=row, code=code, unit=unit, by=by, at=at)
        for code, unit in units.items()
        if standing.get(code) != unit.pk
    ]


def _arranged(round: Round, *, by: Actor) -> Round:
    row = common.locked(round)
    rules.arrange_round.check(by, row)
    if row.state != RoundState.PLANNED:
        raise WrongState("轮次开启后，评价方案和部门对应关系不再改变")
    return row


def _require_published(version: SchemeVersion) -> None:
    if version.state != VersionState.PUBLISHED:
        raise Refused("只能采用已发布的评价方案")


def _require_order(dates: Mapping[str, dt.date]) -> None:
    ordered = [dates[milestone] for milestone in Milestone.values]
    for before, after, milestone in zip(ordered, ordered[1:], Milestone.values[1:], strict=False):
        if after < before:
            raise Refused(f"“{Milestone(milestone).label}”日期早于前一个节点，请核对")


def _make_departments(round: Round) -> None:
    scheme = queries.scheme_of(round)
    needed = queries.department_codes(scheme, queries.quarter_of(round))
    named = [(entry.code, entry.name) for entry in scheme.departments if entry.code in needed]
    units = queries.bindings(named)
    RoundDepartment.objects.bulk_create(
        RoundDepartment(round=round, code=code, name=name, unit=units.get(code)) for code, name in named
    )


@transaction.atomic
def reschedule(
    *, round: Round, dates: Mapping[str, dt.date], reason: str, by: Actor, at: dt.datetime
) -> Round:
    """Move some dates of a round that is not announced. Raises `Refused` without a reason or out of order."""
    row = common.locked(round)
    rules.arrange_round.check(by, row)
    common.require_gate(row.state != RoundState.ANNOUNCED, row, "调整日期")
    text = common.require_reason(reason, "调整理由")
    before = {milestone: row.date_of(milestone) for milestone in Milestone.values}
    after = before | {str(milestone): date for milestone, date in dates.items()}
    _require_order(after)
    moved = [milestone for milestone in Milestone.values if before[milestone] != after[milestone]]
    for milestone in moved:
        setattr(row, milestone, after[milestone])
    if moved:
        row.save(update_fields=moved)
    ScheduleChange.objects.bulk_create(
        ScheduleChange(
            round=row,
            milestone=milestone,
            before=before[milestone],
            after=after[milestone],
            reason=text,
            changed_at=at,
            changed_by_id=common.actor_id(by),
        )
        for milestone in moved
    )
    _record("round.reschedule", row, by=by, at=at)
    return row


@transaction.atomic
def open_round(*, round: Round, by: Actor, at: dt.datetime) -> Round:
    """Open the round: freeze scheme, units and classes, and lay out every part that people will fill in.

    Raises `Refused` where a department has no unit yet or no unit is to be evaluated.
    """
    row = common.begin(round, states.OPEN, rule=rules.open_round, by=by)
    unbound = [entry.name for entry in queries.departments(row) if entry.unit_id is None]
    if unbound:
        raise Refused(f"请先为这些部门指定对应单位：{'、'.join(unbound)}")
    _require_published(row.scheme_version)
    if not queries.candidates(queries.quarter_of(row)):
        raise Refused("没有参加评价的单位，请先在单位管理中登记")
    engine.advance(round, states.OPEN, rule=rules.open_round, by=by, at=at)
    Round.objects.filter(pk=round.pk).update(opened_at=at)
    opening.lay_out(round)
    round.refresh_from_db()
    events.publish(RoundOpened(round_id=round.pk))
    return round


@transaction.atomic
def start_review(*, round: Round, by: Actor, at: dt.datetime) -> Round:
    """Go on to department review; units that are late may still hand in, and are shown as late."""
    engine.advance(round, states.START_REVIEW, rule=rules.start_review, by=by, at=at)
    events.publish(ReviewStarted(round_id=round.pk))
    return round


@transaction.atomic
def withdraw_unit(*, round_unit: RoundUnit, reason: str, by: Actor, at: dt.datetime) -> RoundUnit:
    """Take out a unit that was merged or dissolved after the opening; its facts pass to its successor."""
    round = common.locked(round_unit.round)
    rules.arrange_round.check(by, round)
    common.require_gate(round.is_open_for_units, round, "调整参评单位")
    row = common.locked(round_unit)
    if row.left_at is not None:
        raise WrongState("该单位已退出本轮评价")
    row.left_reason = common.require_reason(reason, "退出理由")
    row.left_at = at
    row.left_by_id = common.actor_id(by)
    row.merged_into = opening.successor_in(round, row.unit)
    row.save(update_fields=["left_at", "left_by", "left_reason", "merged_into"])
    _record("round.withdraw_unit", round, by=by, at=at)
    return row


def _record(action: str, round: Round, *, by: Actor, at: dt.datetime) -> None:
    audit.record(action=action, by=by, at=at, subject=references.reference_to(round))
