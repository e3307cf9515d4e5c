"""The officer's page of a round in words: its sentence, its steps, what comes next, what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from qingfeng.core.models import Job, JobStatus
from qingfeng.evaluation.enums import AppealState, Milestone, RoundState, SubmissionState, TaskState
from qingfeng.evaluation.models.rounds import Round, ScheduleChange
from qingfeng.evaluation.presenters.words import month_day
from qingfeng.evaluation.queries import addresses, appeals, checking, checking_obstacles
from qingfeng.evaluation.queries.desk import Counts
from qingfeng.evaluation.queries.progress import DepartmentProgress
from qingfeng.workflow.models import StateChange

QUARTERS = "一二三四"
PLANNED_DATE = {
    RoundState.PLANNED: None,
    RoundState.COLLECTING: Milestone.OPENS_ON,
    RoundState.REVIEWING: Milestone.SUBMIT_BY,
    RoundState.FROZEN: Milestone.CUTOFF_ON,
    RoundState.COMPUTED: Milestone.TRIAL_ON,
    RoundState.APPEALING: None,
    RoundState.SETTLED: None,
    RoundState.APPROVED: None,
    RoundState.ANNOUNCED: Milestone.ANNOUNCE_BY,
}
"""Which date of the round a state is to be reached on."""

JOB_STATES = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
}


def title(round: Round, counts: Counts | None, unbound: Sequence[str]) -> str:
    """Say in one sentence how far the round has come."""
    name = f"第{QUARTERS[round.quarter - 1]}季度评价"
    state = RoundState(round.state)
    if state is RoundState.PLANNED:
        wait = (
            f"还有 {len(unbound)} 个部门没有对应单位" if unbound else f"计划 {month_day(round.opens_on)}开放"
        )
        return f"{name}还没有开启，{wait}"
    if state is RoundState.COLLECTING and counts is not None:
        missing = counts.units - counts.signed
        return f"{name}正在填报，{f'{missing} 个单位未报' if missing else '各单位都已报送'}"
    if state is RoundState.REVIEWING and counts is not None:
        missing = len(counts.unfinished)
        return f"{name}进行到“部门评分”，{f'{missing} 个部门未交' if missing else '各部门都已交齐'}"
    return (
        name
        + {
            RoundState.COLLECTING: "正在填报",
            RoundState.REVIEWING: "进行到“部门评分”",
            RoundState.FROZEN: "数据已冻结，等待试算",
            RoundState.COMPUTED: "已试算，等发各单位核对",
            RoundState.APPEALING: "试算结果在各单位核对",
            RoundState.SETTLED: "核对申诉已结束，等常委会审定",
            RoundState.APPROVED: "已经常委会审定，等待公布",
            RoundState.ANNOUNCED: "结果已公布",
        }[state]
    )


def steps(round: Round, history: Iterable[StateChange]) -> list[tuple[str, str, str]]:
    """Return the round's states for the stepper, with the day each was reached or is planned."""
    reached: dict[str, dt.datetime] = {}
    for change in history:
        reached.setdefault(change.to_state, change.at)
    order = [str(value) for value in RoundState.values]
    now = order.index(round.state)
    found = []
    for place, (value, label) in enumerate(RoundState.choices):
        standing = "done" if place < now else "now" if place == now else "later"
        found.append((label, standing, _step_note(round, value, reached, is_reached=place <= now)))
    return found


def _step_note(round: Round, state: str, reached: Mapping[str, dt.datetime], *, is_reached: bool) -> str:
    milestone = PLANNED_DATE[RoundState(state)]
    if is_reached and state in reached:
        return month_day(timezone.localdate(reached[state]))
    if is_reached and state == RoundState.PLANNED:
        return month_day(timezone.localdate(round.created_at))
    return f"{month_day(round.date_of(milestone))}前" if milestone is not None and not is_reached else ""


@dataclass(frozen=True)
class Step:
    """One step the page offers: what it is called, where it is asked, why it is not possible yet."""

    label: str
    url: str
    why: str = ""


@dataclass(frozen=True)
class Line:
    """One department's part: bars for its sheets and its data, what is late, where to look."""

    name: str
    unit: str
    submitted: int
    sheets: int
    scored: int
    wanted: int
    data: tuple[str, str] | None
    is_late: bool
    is_done: bool
    sheets_url: str
    data_url: str


TASK_TONES = {
    TaskState.AWAITING: "",
    TaskState.DELIVERED: "good",
    TaskState.NONE: "good",
    TaskState.MISSING: "bad",
}


def line(round: Round, entry: DepartmentProgress) -> Line:
    task = entry.task
    pk = entry.department.pk
    return Line(
        name=entry.department.name,
        unit=entry.department.unit.short_name if entry.department.unit else "",
        submitted=entry.submitted,
        sheets=len(entry.sheets),
        scored=entry.scored,
        wanted=entry.wanted,
        data=None if task is None else (task.get_state_display(), TASK_TONES[TaskState(task.state)]),
        is_late=entry.is_late,
        is_done=entry.is_done,
        sheets_url=addresses.to("round_sheets", round.pk, department=pk),
        data_url="" if task is None else addresses.to("task", task.pk),
    )


@dataclass(frozen=True)
class Bar:
    """A bar of the desk: label, figures, tone, a note and where its list is."""

    label: str
    value: int
    total: int
    tone: str = ""
    note: str = ""
    url: str = ""


def bars(round: Round, counts: Counts) -> list[Bar]:
    """Return the parts of the round as bars."""
    sheets = [sheet for entry in counts.departments for sheet in entry.sheets]
    tasks = [entry.task for entry in counts.departments if entry.task]
    delivered = sum(task.state in {TaskState.DELIVERED, TaskState.NONE} for task in tasks)
    scored, wanted = (sum(getattr(e, name) for e in counts.departments) for name in ("scored", "wanted"))
    waiting = counts.submissions.get(SubmissionState.SUBMITTED, 0)
    notes = [f"{waiting} 个待负责人审签"] if waiting else []
    notes += [f"{len(counts.late_units)} 个逾期"] if counts.late_units else []
    found = [
        Bar(
            "单位已报送",
            counts.signed,
            counts.units,
            note="，".join(notes),
            url=addresses.to("round_submissions", round.pk),
        ),
        Bar(
            "评分表已提交",
            sum(entry.submitted for entry in counts.departments),
            len(sheets),
            note=f"已评 {scored} / {wanted} 项次",
            url=addresses.to("round_sheets", round.pk),
        ),
        Bar("数据已报送", delivered, len(tasks), url=addresses.to("round_tasks", round.pk)),
    ]
    if counts.asks_ballots:
        url = addresses.to("round_ballots", round.pk)
        found.append(Bar("测评票数已导入的单位", counts.tallied, counts.units, url=url))
    return found


def _names(names: list[str], limit: int = 8) -> str:
    return "、".join(names[:limit]) + ("等" if len(names) > limit else "")


def late_words(round: Round, counts: Counts, today: dt.date) -> list[str]:
    """Name what is late, part by part."""
    found = []
    if counts.late_units:
        days = (today - round.submit_by).days
        found.append(f"{len(counts.late_units)} 个单位逾期 {days} 天未报送：{_names(counts.late_units)}")
    scorers = [e.department.name for e in counts.departments if e.is_late and e.submitted < len(e.sheets)]
    if scorers and today > round.review_by:
        days = (today - round.review_by).days
        found.append(f"{len(scorers)} 个部门逾期 {days} 天未交评分：{_names(scorers)}")
    tasks = [e.task for e in counts.departments if e.task]
    silent = [t.department.name for t in tasks if t.state in {TaskState.AWAITING, TaskState.MISSING}]
    if silent and today > round.cutoff_on:
        found.append(
            f"{len(silent)} 个部门逾期 {(today - round.cutoff_on).days} 天未报数据：{_names(silent)}"
        )
    return found


def unit_states(counts: Counts) -> list[tuple[str, int]]:
    """Return how many units' submissions are in each state."""
    named = [(str(label), counts.submissions.get(value, 0)) for value, label in SubmissionState.choices]
    return [(label, count) for label, count in named if count]


def happened(
    history: Iterable[StateChange], labels: Mapping[str, str], moved: Iterable[ScheduleChange]
) -> list[dict[str, Any]]:
    """Return the round's story, newest first: its steps, and its dates that were moved."""
    found = [
        (
            change.at,
            labels.get(change.name, change.name),
            change.who,
            change.note,
        )
        for change in history
    ]
    found += [
        (
            change.changed_at,
            f"“{change.get_milestone_display()}”由 {month_day(change.before)}改到 {month_day(change.after)}",
            change.changed_by.name,
            change.reason,
        )
        for change in moved
    ]
    found.sort(key=lambda entry: entry[0], reverse=True)
    return [
        {"at": timezone.localtime(at).strftime("%Y-%m-%d %H:%M"), "what": what, "who": who, "note": note}
        for at, what, who, note in found
    ]


@dataclass(frozen=True)
class Panel:
    """The trial computation's progress."""

    state: str
    label: str
    done: int
    total: int
    note: str
    url: str
    result_url: str


def panel(round: Round, job: Job | None) -> Panel | None:
    """Return the progress of the computation that runs or has failed; None where there is nothing to show."""
    if job is None or (job.status == JobStatus.DONE and round.state != RoundState.COMPUTED):
        return None
    progress = job.progress
    return Panel(
        state=JOB_STATES[JobStatus(job.status)],
        label="试算",
        done=progress.done,
        total=progress.total,
        note=job.result or progress.sentence,
        url=addresses.to("round_computation", round.pk),
        result_url=addresses.to("ranking", round.pk) or addresses.to("round", round.pk),
    )


@dataclass(frozen=True)
class Checking:
    """How far the units' checking is: until when, who has answered, what is not decided."""

    due: str
    days_left: int
    answered: int
    units: int
    appeals: list[tuple[str, int]]
    obstacles: list[str]


def checking_of(round: Round, today: dt.date) -> Checking | None:
    """Return the checking of a round that was sent out."""
    window = checking.window_of(round)
    if window is None:
        return None
    counts = appeals.counts(round)
    units = round.units.filter(left_at__isnull=True).count()
    return Checking(
        due=month_day(window.due),
        days_left=window.days_left(today),
        answered=units - len(appeals.unchecked(round, window.number)),
        units=units,
        appeals=[(str(label), counts[state]) for state, label in AppealState.choices if state in counts],
        obstacles=checking_obstacles.of(round, today) if round.state == RoundState.APPEALING else [],
    )


@dataclass(frozen=True)
class Desk:
    """The whole page."""

    title: str
    meta: str
    steps: list[tuple[str, str, str]]
    next_step: Step | None
    others: list[Step]
    blocked: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    days_left: int | None = None
    due: str = ""
