"""Messages to the inbox when a part comes to somebody; words without facts, the page has them."""

from __future__ import annotations

from collections.abc import Iterable

from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.references import reference_to
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.models.data import DataTask
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.studies import StudyExpert
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import addresses, checking
from qingfeng.notifications import actions as notifications
from qingfeng.notifications import queries as inbox
from qingfeng.notifications.actions import Letter
from qingfeng.notifications.enums import Urgency


def _send(letters: Iterable[Letter]) -> None:
    notifications.send_letters(letters=letters, by=SYSTEM, at=clock.now())


def tell_of_opening(*, round_id: int) -> None:
    """Tell every unit, scoring department and supplier that the round has begun, and until when."""
    round = Round.objects.get(pk=round_id)
    today = common.date_of(clock.now())
    title = f"{round.label}政治生态评价已开放填报"
    parts = Submission.objects.filter(round_unit__round=round).values_list("round_unit__unit_id", "pk")
    submissions = dict(parts)
    letters = []
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        for unit_id, holders in inbox.holders_by_unit(role, today, submissions).items():
            link, body = (
                addresses.to("submission", submissions[unit_id]),
                f"报送截止 {round.submit_by:%Y-%m-%d}。",
            )
            letters += [Letter(person, title, body, link, subject=reference_to(round)) for person in holders]
    units = set(round.departments.exclude(unit=None).values_list("unit_id", flat=True))
    for role, page, due in (
        (Role.SCORING_DEPARTMENT, "sheet_list", round.review_by),
        (Role.DATA_SUPPLIER, "task_list", round.cutoff_on),
    ):
        for holders in inbox.holders_by_unit(role, today, [u for u in units if u is not None]).values():
            body = f"截止 {due:%Y-%m-%d}。"
            letters += [
                Letter(person, title, body, addresses.to(page), subject=reference_to(round))
                for person in holders
            ]
    _send(letters)


def tell_of_returned_submission(*, submission_id: int) -> None:
    row = Submission.objects.select_related("round_unit__round").get(pk=submission_id)
    unit = row.round_unit
    body = f"请于 {row.return_due_on:%Y-%m-%d} 前修改后重新报送。" if row.return_due_on else ""
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        notifications.send_to_role(
            role=role,
            unit=unit.unit_id,
            title=f"{unit.round.label}评价材料被退回",
            body=body,
            link=addresses.to("submission", row.pk),
            by=SYSTEM,
            at=clock.now(),
            subject=reference_to(row),
            urgency=Urgency.IMPORTANT,
        )


def tell_of_returned_evidence(*, evidence_id: int) -> None:
    item = EvidenceItem.objects.select_related("submission__round_unit__round").get(pk=evidence_id)
    unit = item.submission.round_unit
    notifications.send_to_role(
        role=Role.UNIT_LIAISON,
        unit=unit.unit_id,
        title=f"{unit.round.label}评价有一项材料需要补正",
        body=f"请于 {item.return_due_on:%Y-%m-%d} 前补正。" if item.return_due_on else "",
        link=addresses.to("submission", item.submission_id),
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(item),
        urgency=Urgency.IMPORTANT,
    )


def tell_of_returned_sheet(*, sheet_id: int) -> None:
    sheet = ReviewSheet.objects.select_related("round", "department").get(pk=sheet_id)
    notifications.send_to_role(
        role=Role.SCORING_DEPARTMENT,
        unit=sheet.department.unit_id,
        title=f"{sheet.round.label}的一张评分表被退回",
        link=addresses.to("sheet", sheet.pk),
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(sheet),
        urgency=Urgency.IMPORTANT,
    )


def tell_of_returned_data(*, task_id: int) -> None:
    task = DataTask.objects.select_related("round", "department").get(pk=task_id)
    notifications.send_to_role(
        role=Role.DATA_SUPPLIER,
        unit=task.department.unit_id,
        title=f"{task.round.label}的数据报送被退回",
        link=addresses.to("task", task.pk),
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(task),
        urgency=Urgency.IMPORTANT,
    )


def tell_of_checking(*, revision_id: int, title: str) -> None:
    """Tell each unit's head and liaison until when its trial result can be checked."""
    revision = Revision.objects.select_related("round").get(pk=revision_id)
    window = checking.window_of(revision.round)
    body = "" if window is None else f"请于 {window.due:%Y-%m-%d} 前核对，有异议的在期限内提出。"
    _tell_units(revision, f"{revision.round.label}{title}", body)


def tell_of_announcement(*, revision_id: int) -> None:
    """Tell each unit's head and liaison that its result can be read."""
    revision = Revision.objects.select_related("round").get(pk=revision_id)
    _tell_units(revision, f"{revision.round.label}政治生态评价结果已公布", "")


def _tell_units(revision: Revision, title: str, body: str) -> None:
    today = common.date_of(clock.now())
    rows = UnitResult.objects.filter(revision=revision).values_list("round_unit__unit_id", "pk")
    results = dict(rows)
    letters = []
    for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON):
        for unit_id, holders in inbox.holders_by_unit(role, today, results).items():
            link = addresses.to("result", results[unit_id])
            letters += [
                Letter(person, title, body, link, subject=reference_to(revision)) for person in holders
            ]
    _send(letters)


def tell_of_invitation(*, expert_id: int) -> None:
    expert = StudyExpert.objects.select_related("user").get(pk=expert_id)
    if expert.user is not None:
        link = addresses.to("judging", expert.pk)
        _send([Letter(expert.user, "请您判断评价指标的轻重", "", link, subject=reference_to(expert))])
