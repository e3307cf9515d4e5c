"""Asking in writing, each leader's opinion in turn, and taking a request back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import events, preferences, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.references import Reference
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.decisions import rules, states
from qingfeng.decisions.enums import ApprovalState, Opinion
from qingfeng.decisions.events import (
    ApprovalGranted,
    ApprovalReached,
    ApprovalRefused,
    ApprovalReturned,
    ApprovalWithdrawn,
)
from qingfeng.decisions.models.approvals import Approval, ApprovalStep, WrittenOpinion
from qingfeng.decisions.queries import approvals as queries
from qingfeng.decisions.queries import chains, people, signers
from qingfeng.documents.actions import files
from qingfeng.documents.actions.files import Upload
from qingfeng.documents.models.files import FileVersion
from qingfeng.workflow import deadlines, engine
from qingfeng.workflow.enums import LimitUnit
from qingfeng.workflow.transitions import Transition

PAPERS = "paper"
ASKED_ALREADY = "同一事项正在呈批，不能重复提出"
SIGN_DAYS = preferences.declare(
    "approval_sign_days",
    "签批期限（工作日）",
    2,
    group="呈批与会议",
    help="每一级领导收到呈批件后几个工作日内签批；超过的每天提醒一次",
    basis="建议值，未见统一规定",
    minimum=1,
    maximum=30,
)


@dataclass(frozen=True)
class StepDraft:
    """One place of a chain to be: a role, or a named person; never both."""

    role: str = ""
    user: User | None = None


@transaction.atomic
def request(
    *,
    subject: Reference,
    title: str,
    body: str,
    by: Actor,
    at: dt.datetime,
    steps: Sequence[StepDraft] | None = None,
    papers: Sequence[Upload] = (),
    follows: Approval | None = None,
) -> Approval:
    """Put a thing before the leaders; without `steps` they sign in the order set for its kind.

    Raises `Denied`, and `Refused` where words are missing, nobody could sign a step, or the same is pending.
    """
    rules.ask.check(by)
    drafts = list(steps) if steps is not None else _usual(subject.kind)
    title, body = title.strip(), body.strip()
    _refuse_faults(subject, title, body, drafts, by)
    approval = Approval(
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=title,
        body=body,
        asked_by_id=by.pk,
        asked_on=at,
        office=people.office_of(by),
        follows=follows,
    )
    _insert(approval)
    made = ApprovalStep.objects.bulk_create(
        ApprovalStep(approval=approval, position=place, role=draft.role, user=draft.user)
        for place, draft in enumerate(drafts, start=1)
    )
    audit.record(
        action="leaders_approval.request",
        by=by,
        at=at,
        subject=references.reference_to(approval),
        detail={"of": [subject.kind, subject.id], "steps": len(made)},
    )
    for paper in papers:
        attach(approval=approval, upload=paper, by=by, at=at)
    _reach(approval, by=by, at=at)
    return approval


@transaction.atomic
def ask_again(
    *,
    approval: Approval,
    title: str,
    body: str,
    by: Actor,
    at: dt.datetime,
    papers: Sequence[Upload] = (),
) -> Approval:
    """Put the thing before the same leaders anew; the former request stays as it was, its papers go along.

    Raises `Denied`, and `Refused` where the former is pending, granted, or was asked again already.
    """
    rules.ask_again.check(by, approval)
    locked = Approval.objects.select_for_update().get(pk=approval.pk)
    if locked.state in {ApprovalState.PENDING, ApprovalState.GRANTED}:
        raise Refused(f"当前状态为“{locked.get_state_display()}”，不必再次呈批")
    if Approval.objects.filter(follows=locked).exists():
        raise Refused("这件事已经再次呈批")
    steps = [
        StepDraft(step.role, step.user) for step in locked.steps.select_related("user").order_by("position")
    ]
    where = Reference(locked.subject_kind, locked.subject_id)
    kept = [(version.name, files.content_of(version)) for version in queries.papers(locked)]
    return request(
        subject=where,
        title=title,
        body=body,
        steps=steps,
        papers=[*kept, *papers],
        follows=locked,
        by=by,
        at=at,
    )


@transaction.atomic
def attach(*, approval: Approval, upload: Upload, by: Actor, at: dt.datetime) -> FileVersion:
    """Add a paper, while nobody has signed yet. Raises `Denied`, `Refused`."""
    rules.add_paper.check(by, approval)
    locked = Approval.objects.select_for_update().get(pk=approval.pk)
    if locked.state != ApprovalState.PENDING or WrittenOpinion.objects.filter(step__approval=locked).exists():
        raise Refused("已有领导签批，不能再增加附件；请撤回后重新呈批")
    owner = references.reference_to(locked)
    return files.attach(owner=owner, slot=PAPERS, title=upload[0], upload=upload, by=by, at=at)


@transaction.atomic
def give_opinion(*, step: ApprovalStep, agree: bool, text: str, by: Actor, at: dt.datetime) -> WrittenOpinion:
    """Write a leader's opinion: the last who agrees grants, the former pass it on; who disagrees ends it.

    Raises `Denied`, `WrongState`, `Conflict` where somebody signed this step first, and `Refused` where a
    refusal has no reason.
    """
    approval = _locked(step)
    if not agree:
        _sign(approval, step, states.REFUSE, Opinion.REFUSED, text, by=by, at=at)
        _publish(ApprovalRefused, approval, by)
    elif approval.steps.filter(position__gt=step.position).exists():
        _sign(approval, step, states.ENDORSE, Opinion.PROPOSED, text, by=by, at=at)
        _reach(approval, by=by, at=at)
    else:
        _sign(approval, step, states.GRANT, Opinion.AGREED, text, by=by, at=at)
        _publish(ApprovalGranted, approval, by)
    return WrittenOpinion.objects.get(step=step)


@transaction.atomic
def send_back(*, step: ApprovalStep, text: str, by: Actor, at: dt.datetime) -> WrittenOpinion:
    """Send the request back for more; raises as `give_opinion`, and `Refused` without a reason."""
    approval = _locked(step)
    _sign(approval, step, states.SEND_BACK, Opinion.RETURNED, text, by=by, at=at)
    _publish(ApprovalReturned, approval, by)
    return WrittenOpinion.objects.get(step=step)


@transaction.atomic
def withdraw(*, approval: Approval, reason: str, by: Actor, at: dt.datetime) -> None:
    """Take a pending request back. Raises `Denied`, `WrongState`, and `Refused` without a reason."""
    if not reason.strip():
        raise Refused("请写明撤回原因")
    engine.advance(approval, states.WITHDRAW, rule=rules.withdraw, by=by, at=at, note=reason.strip()[:500])
    current = signers.current_step(approval)  # after the lock: a leader may have signed in between
    if current is not None:
        _stop_clock(current, by=by, at=at)
    _publish(ApprovalWithdrawn, approval, by)


def _insert(approval: Approval) -> None:
    """Let the constraint decide between two who ask the same at once."""
    try:
        with transaction.atomic():
            approval.save()
    except IntegrityError as twice:
        raise Refused(ASKED_ALREADY) from twice


def _usual(kind: str) -> list[StepDraft]:
    return [StepDraft(role=role) for role in chains.chain_of(kind).roles]


def _refuse_faults(subject: Reference, title: str, body: str, drafts: Sequence[StepDraft], by: Actor) -> None:
    faults = []
    if not title or len(title) > 200:
        faults.append("请写明事项，不超过 200 字")
    if not body:
        faults.append("请写明拟办意见")
    if not drafts:
        faults.append("至少要有一级签批")
    faults += [fault for draft in drafts if (fault := _fault_of(draft, by))]
    same = Approval.objects.filter(subject_kind=subject.kind, subject_id=subject.id, title=title)
    if same.filter(state=ApprovalState.PENDING).exists():
        faults.append(ASKED_ALREADY)
    if faults:
        raise Refused(*faults)


def _fault_of(draft: StepDraft, by: Actor) -> str:
    if bool(draft.role) == (draft.user is not None):
        return "每一级签批写明角色或者姓名，二者只取其一"
    if draft.user is not None:
        return rules.NOT_OWN if draft.user.pk == by.pk else ""
    if draft.role not in COMMISSION_ROLES:
        return "签批由本机关领导和部门办理，其他人员请写明姓名"
    holders = signers.holders(ApprovalStep(role=draft.role))
    if holders and all(person.pk == by.pk for person in holders):
        return f"“{Role(draft.role).label}”现在只有您本人，本人呈批的事项须由他人签批，请改定签批人"
    return ""


def _locked(step: ApprovalStep) -> Approval:
    """Lock the approval, and refuse a step that is signed or not yet reached."""
    approval = Approval.objects.select_for_update().get(pk=step.approval_id)
    written = WrittenOpinion.objects.filter(step=step).select_related("by").first()
    if written is not None:
        raise Conflict(f"这一步已由{written.by.name}签批，您写的意见没有保存，请核对后再办。")
    current = signers.current_step(approval)
    if current is not None and current.pk != step.pk:
        raise Refused("还没有轮到这一步，前一级签批后再办")
    return approval


def _sign(
    approval: Approval,
    step: ApprovalStep,
    transition: Transition,
    opinion: Opinion,
    text: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> None:
    if opinion in {Opinion.REFUSED, Opinion.RETURNED} and not text.strip():
        raise Refused(f"“{opinion.label}”须写明理由")
    engine.advance(approval, transition, rule=rules.sign, by=by, at=at)
    may = signers.capacity(by, step)
    assert may is not None, "the rule has let him sign"
    WrittenOpinion.objects.create(
        step=step,
        opinion=opinion,
        text=text.strip(),
        by_id=by.pk,
        stands_in_for_id=may.stands_in_for,
        at=at,
    )
    _stop_clock(step, by=by, at=at)


def _reach(approval: Approval, *, by: Actor, at: dt.datetime) -> None:
    """Let the limit of the next step run, and tell."""
    step = signers.current_step(approval)
    assert step is not None, "there is a step left"
    deadlines.set_deadline(
        subject=step,
        name=queries.SIGN_LIMIT,
        label="签批",
        started=timezone.localdate(at),
        unit=LimitUnit.WORKING_DAYS,
        amount=int(preferences.get(SIGN_DAYS.key)),
        basis=SIGN_DAYS.basis,
        by=by,
        at=at,
    )
    events.publish(ApprovalReached(approval_id=approval.pk, step_id=step.pk))


def _stop_clock(step: ApprovalStep, *, by: Actor, at: dt.datetime) -> None:
    limit = queries.limit_of(step)
    if limit is not None:
        deadlines.meet(deadline=limit, by=by, at=at)


def _publish(event: type[Any], approval: Approval, by: Actor) -> None:
    events.publish(event(approval.pk, approval.subject_kind, approval.subject_id, by.pk))
