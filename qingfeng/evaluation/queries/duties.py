"""What a person has to do in the evaluation, in a number of queries that does not grow with the units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import (
    EvidenceState,
    Milestone,
    ProposalState,
    RoundState,
    SheetState,
    SubmissionState,
    TaskState,
)
from qingfeng.evaluation.models.data import Adjustment, DataTask
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import (
    addresses,
    appeal_duties,
    data,
    progress,
    reviews,
    rounds,
    studies,
)

OPEN = (RoundState.COLLECTING, RoundState.REVIEWING)
NEXT_STEP = {
    RoundState.PLANNED: ("开启", Milestone.OPENS_ON),
    RoundState.COLLECTING: ("转入部门评分", Milestone.SUBMIT_BY),
    RoundState.REVIEWING: ("冻结数据", Milestone.CUTOFF_ON),
    RoundState.FROZEN: ("试算", Milestone.TRIAL_ON),
    RoundState.COMPUTED: ("发各单位核对", Milestone.ANNOUNCE_BY),
    RoundState.APPEALING: ("办理申诉、结束核对", Milestone.ANNOUNCE_BY),
    RoundState.SETTLED: ("提请常委会审定", Milestone.ANNOUNCE_BY),
    RoundState.APPROVED: ("公布结果、印发通报", Milestone.ANNOUNCE_BY),
}
EARLY_DAYS = 10
"""An officer sees the next step of a round this many days before its date."""


def duties_of(user: Any, today: dt.date) -> list[Duty]:
    """Return what the user has to do in running rounds, each with its date."""
    return [
        *_of_units(user, today),
        *_of_departments(user, today),
        *_of_suppliers(user, today),
        *_of_officers(user, today),
        *_of_leaders(user, today),
        *appeal_duties.of(user, today),
        *_of_experts(user, today),
    ]


def _duty(title: str, meta: str, area: str, where: tuple[str, str], *, due: dt.date, today: dt.date) -> Duty:
    return Duty(title, meta, area, *where, due_date=due, days_left=(due - today).days)


def _of_units(user: Any, today: dt.date) -> Iterator[Duty]:
    liaison, head = user.units_for(Role.UNIT_LIAISON), user.units_for(Role.UNIT_HEAD)
    if not liaison and not head:
        return
    rows = Submission.objects.filter(
        round_unit__unit_id__in=liaison | head,
        round_unit__round__state__in=OPEN,
        round_unit__left_at__isnull=True,
    ).select_related("round_unit__round")
    for row in rows:
        unit, round = row.round_unit, row.round_unit.round
        where = (addresses.to("submission", row.pk), addresses.to("submission_list"))
        if row.state in {SubmissionState.DRAFTING, SubmissionState.RETURNED} and unit.unit_id in liaison:
            is_returned = row.state == SubmissionState.RETURNED
            verb = "修改并重新提交" if is_returned else "填报"
            due = row.return_due_on or round.submit_by
            yield _duty(
                f"{verb}{round.label}评价材料", unit.short_name, "单位报送", where, due=due, today=today
            )
        elif row.state == SubmissionState.SUBMITTED and unit.unit_id in head:
            title = f"审签{round.label}评价材料"
            yield _duty(title, unit.short_name, "单位报送", where, due=round.submit_by, today=today)
    yield from _returned_evidence(liaison, today)


def _returned_evidence(units: set[int], today: dt.date) -> Iterator[Duty]:
    items = EvidenceItem.objects.filter(
        submission__round_unit__unit_id__in=units,
        submission__round_unit__round__state__in=OPEN,
        submission__state=SubmissionState.SIGNED,
        state=EvidenceState.RETURNED,
    )
    items = items.select_related("submission__round_unit__round__scheme_version")
    items = items.defer("submission__round_unit__round__scheme_version__body")
    for item in items:
        unit = item.submission.round_unit
        names = {entry.code: entry.name for _, entry in rounds.scheme_of(unit.round).indicators()}
        where = (addresses.to("submission", item.submission_id), addresses.to("submission_list"))
        title = f"补正“{names.get(item.indicator, item.indicator)}”的材料"
        due = item.return_due_on or unit.round.review_by
        yield _duty(
            title, f"{unit.short_name}，{item.return_reason}", "材料补正", where, due=due, today=today
        )


def _of_departments(user: Any, today: dt.date) -> Iterator[Duty]:
    rows = (
        reviews.open_sheets(user)
        .select_related("round__scheme_version", "department")
        .defer("round__scheme_version__body")
        .order_by("pk")
    )
    for sheet in rows:
        names = {entry.code: entry.name for _, entry in rounds.scheme_of(sheet.round).indicators()}
        where = (addresses.to("sheet", sheet.pk), addresses.to("sheet_list"))
        verb = "修改评分" if sheet.state == SheetState.RETURNED else "评分"
        title = f"为“{names[sheet.indicator]}”{verb}"
        substitute = "，代评" if sheet.is_substitute else ""
        meta = f"{sheet.department.name}{substitute}，{sheet.round.label}"
        yield _duty(title, meta, "部门评分", where, due=sheet.round.review_by, today=today)


def _of_suppliers(user: Any, today: dt.date) -> Iterator[Duty]:
    units = user.units_for(Role.DATA_SUPPLIER)
    if not units:
        return
    tasks = list(
        DataTask.objects.filter(department__unit_id__in=units, round__state__in=OPEN)
        .select_related("round__scheme_version", "department")
        .defer("round__scheme_version__body")
        .order_by("pk")
    )
    for task in tasks:
        if task.state == TaskState.AWAITING:
            where = (addresses.to("task", task.pk), addresses.to("task_list"))
            title = f"报送{task.round.label}评价数据"
            meta = task.return_reason or task.department.name
            yield _duty(title, meta, "数据报送", where, due=task.round.cutoff_on, today=today)
    yield from _choices(tasks, today)


def _choices(tasks: list[DataTask], today: dt.date) -> Iterator[Duty]:
    for round in {task.round_id: task.round for task in tasks}.values():
        mine = {task.pk: task for task in tasks if task.round_id == round.pk}
        facts = data.facts_of_window(round).filter(task__in=list(mine))
        facts = facts.exclude(pk__in=data.about_reporters(facts).values("pk"))
        rows = [row for row in data.choices_of(round, facts) if row.chosen is None]
        for task_id, count in Counter(row.fact.task_id or 0 for row in rows).items():
            task = mine[task_id]
            where = (addresses.to("task", task.pk), addresses.to("task_list"))
            title = f"为 {count} 件事实选定扣分分值"
            yield _duty(title, task.department.name, "数据报送", where, due=round.cutoff_on, today=today)


def _of_officers(user: Any, today: dt.date) -> Iterator[Duty]:
    if not user.holds(Role.CONDUCT_OFFICE):
        return
    for round in Round.objects.exclude(state=RoundState.ANNOUNCED):
        step, milestone = NEXT_STEP[RoundState(round.state)]
        due = round.date_of(milestone)
        if (due - today).days <= EARLY_DAYS:
            where = (addresses.to("round", round.pk), addresses.to("round_list"))
            title = f"{round.label}评价：{step}"
            yield _duty(title, round.get_state_display(), "评价轮次", where, due=due, today=today)
        if round.state in OPEN:
            yield from _gaps(round, today)
            yield from _choices_about_reporters(round, today)


def _choices_about_reporters(round: Round, today: dt.date) -> Iterator[Duty]:
    facts = data.about_reporters(data.facts_of_window(round))
    count = sum(1 for row in data.choices_of(round, facts) if row.chosen is None)
    if count:
        where = addresses.to("round_facts", round.pk)
        title, meta = f"为 {count} 件事实选定扣分分值", "涉及报送部门本单位"
        yield _duty(title, meta, "数据报送", (where, where), due=round.cutoff_on, today=today)


def _gaps(round: Round, today: dt.date) -> Iterator[Duty]:
    """Say what an officer has to press for: units, sheets and data that have not come."""
    late = progress.late_parts(round)
    rows = (
        (len(late.submissions), "个单位没有报送材料", "round_submissions", "单位填报", round.submit_by),
        (len(late.sheets), "张评分表没有提交", "round_sheets", "部门评分", round.review_by),
        (len(late.tasks), "个部门没有报送数据", "round_tasks", "数据报送", round.cutoff_on),
    )
    for count, words, page, area, due in rows:
        if count and (due - today).days <= EARLY_DAYS:
            where = addresses.to(page, round.pk)
            yield _duty(
                f"{count} {words}", f"{round.label}，可以催办", area, (where, where), due=due, today=today
            )


def _of_leaders(user: Any, today: dt.date) -> Iterator[Duty]:
    if user.holds(Role.SECRETARY, Role.COMMITTEE_CLERK):
        for round in Round.objects.filter(state=RoundState.SETTLED):
            where = (addresses.to("round", round.pk), addresses.to("round_list"))
            title = f"提请常委会审定{round.label}评价结果"
            yield _duty(title, "核对申诉已结束", "评价轮次", where, due=round.announce_by, today=today)
    if user.holds(Role.SECRETARY, Role.DEPUTY_LEADER):
        rows = Adjustment.objects.filter(state=ProposalState.PROPOSED, round_unit__round__state__in=OPEN)
        for row in rows.exclude(proposed_by=user.pk).select_related("round_unit__round"):
            round = row.round_unit.round
            where = (addresses.to("adjustment", row.pk), addresses.to("adjustment_list"))
            title = f"核准{row.get_adjustment_kind_display()} {row.thousandths / 1000:g} 分"
            yield _duty(
                title, row.round_unit.short_name, "专项加减分", where, due=round.cutoff_on, today=today
            )


def _of_experts(user: Any, today: dt.date) -> Iterator[Duty]:
    """Ask for judgements within the days that an invitation leaves."""
    for expert in studies.waiting_for(user):
        where = addresses.to("judging", expert.pk)
        due = timezone.localdate(expert.added_at) + dt.timedelta(days=studies.days_to_answer())
        meta = expert.study.version.scheme.name
        yield _duty("判断评价指标的轻重", meta, "权重判断", (where, where), due=due, today=today)
