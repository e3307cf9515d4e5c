"""What a unit does about its trial result: say that it stands, or object to a point and sign for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.documents.actions import files
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import AppealState, RoundState
from qingfeng.evaluation.events import AppealFiled, AppealWithdrawn
from qingfeng.evaluation.models.appeals import Appeal, AppealFile, Confirmation
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import appeal_points, checking
from qingfeng.evaluation.queries import appeals as queries
from qingfeng.evaluation.queries import results as results_queries
from qingfeng.workflow import engine

MOST_FILES = 20
LONGEST = 4000


@transaction.atomic
def confirm(*, round_unit: RoundUnit, by: Actor, at: dt.datetime) -> Confirmation:
    """Say as the unit's head that the trial result was checked and stands; a second time changes nothing.

    Raises `Refused` while an appeal of the unit is not decided.
    """
    round = common.locked(round_unit.round)
    rules.confirm_result.check(by, round_unit)
    window = _open_window(round, at, "核对结果")
    if Appeal.objects.filter(round_unit=round_unit).undecided().exists():
        raise Refused("本单位还有申诉没有决定，撤回或决定以后再确认")
    row, is_new = Confirmation.objects.get_or_create(
        round_unit=round_unit,
        window=window.number,
        defaults={"confirmed_at": at, "confirmed_by_id": by.pk},
    )
    if is_new:
        audit.record(action="result.confirm", by=by, at=at, subject=references.reference_to(round_unit))
    return row


@transaction.atomic
def write(
    *,
    result: UnitResult,
    point: str,
    grounds: str,
    uploads: Sequence[files.Upload] = (),
    by: Actor,
    at: dt.datetime,
) -> Appeal:
    """Write an appeal against one point of the unit's own trial result, as a draft.

    Raises `Refused` where the window is over (with its date), the point is appealed already, or is none.
    """
    round = common.locked(result.revision.round)
    rules.write_appeal.check(by, result.round_unit)
    window = _open_window(round, at, "提出申诉")
    latest = results_queries.require_revision(round)
    if latest.pk != result.revision_id:
        raise Refused("结果已经更正，请在最新的结果上提出")
    found = appeal_points.of_result(result).get(point)
    if found is None:
        raise Refused("没有这一分，请从本单位的结果页进入")
    same = Appeal.objects.filter(round_unit=result.round_unit, window=window.number, point=point)
    if same.exclude(state__in=[AppealState.WITHDRAWN, AppealState.EXPIRED]).exists():
        raise Refused("这一分已经提出申诉，一分只能申诉一次")
    appeal = Appeal.objects.create(
        round=round,
        round_unit=result.round_unit,
        result=result,
        window=window.number,
        subject_kind=found.kind,
        subject_id=found.subject_id,
        point=point,
        indicator=found.indicator,
        channel=found.channel,
        line=found.line,
        title=found.title,
        explanation=list(found.sentences),
        scorer_reason=found.reason,
        grounds=_grounds(grounds),
        written_at=at,
        written_by_id=by.pk,
    )
    _add_files(appeal, uploads, by=by, at=at)
    audit.record(action="appeal.write", by=by, at=at, subject=references.reference_to(appeal))
    return appeal


@transaction.atomic
def rewrite(
    *,
    appeal: Appeal,
    grounds: str,
    lock: int,
    uploads: Sequence[files.Upload] = (),
    by: Actor,
    at: dt.datetime,
) -> Appeal:
    """Change a draft. Raises `Conflict` where somebody saved since the page was opened."""
    row = _draft(appeal, by=by)
    common.check_lock(row, lock)
    row.grounds, row.lock = _grounds(grounds), row.lock + 1
    row.save(update_fields=["grounds", "lock"])
    _add_files(row, uploads, by=by, at=at)
    return row


@transaction.atomic
def remove_file(*, appeal: Appeal, file_id: int, by: Actor, at: dt.datetime) -> AppealFile:
    """Take one file away from a draft; it stays stored, with who removed it."""
    row = _draft(appeal, by=by)
    link = row.files.standing().select_for_update().filter(pk=file_id).first()
    if link is None:
        raise Refused("这个文件已经移除")
    link.removed_at, link.removed_by_id = at, by.pk
    link.save(update_fields=["removed_at", "removed_by"])
    audit.record(action="appeal_file.remove", by=by, at=at, subject=references.reference_to(link))
    return link


@transaction.atomic
def file(*, appeal: Appeal, by: Actor, at: dt.datetime) -> Appeal:
    """Sign and file an appeal as the unit's head: it gets its number in the round.

    Raises `Refused` once the window is over, naming its last day.
    """
    round = common.locked(appeal.round)
    common.begin(appeal, states.FILE_APPEAL, rule=rules.file_appeal, by=by)
    _open_window(round, at, "提出申诉")
    engine.advance(appeal, states.FILE_APPEAL, rule=rules.file_appeal, by=by, at=at)
    number = queries.next_number(round)
    Appeal.objects.filter(pk=appeal.pk).update(
        number=number, filed_at=at, filed_by=common.actor_id(by), lock=F("lock") + 1
    )
    appeal.refresh_from_db()
    events.publish(AppealFiled(appeal_id=appeal.pk))
    return appeal


@transaction.atomic
def withdraw(*, appeal: Appeal, by: Actor, at: dt.datetime, reason: str = "") -> Appeal:
    """Take an appeal back while it is not decided; it stays on record."""
    engine.advance(
        appeal, states.WITHDRAW_APPEAL, rule=rules.withdraw_appeal, by=by, at=at, note=reason.strip()
    )
    if appeal.number is not None:
        events.publish(AppealWithdrawn(appeal_id=appeal.pk))
    return appeal


def expire_drafts(round: Round, *, by: Actor, at: dt.datetime) -> None:
    """Close what units wrote and never signed: the window is over."""
    for row in Appeal.objects.filter(round=round, state=AppealState.DRAFT):
        engine.advance(row, states.EXPIRE_APPEAL, rule=rules.expire_appeal, by=by, at=at)


def _open_window(round: Round, at: dt.datetime, verb: str) -> checking.Window:
    """Return the window of the checking. Raises `WrongState` outside of it, `Refused` once it is over."""
    window = checking.window_of(round)
    if round.state != RoundState.APPEALING or window is None:
        last = f"，核对申诉期限已于 {window.due:%Y-%m-%d} 届满" if window is not None else ""
        raise WrongState(f"本轮评价当前为“{round.get_state_display()}”{last}，不能{verb}")
    if not window.is_open(common.date_of(at)):
        raise Refused(f"核对申诉期限已于 {window.due:%Y-%m-%d} 届满，不能再{verb}")
    return window


def _draft(appeal: Appeal, *, by: Actor) -> Appeal:
    row = common.locked(appeal)
    rules.edit_appeal.check(by, row)
    if row.state != AppealState.DRAFT:
        raise WrongState(f"申诉当前为“{row.get_state_display()}”，不能修改")
    return row


def _grounds(text: str) -> str:
    found = common.require_reason(text, "申诉理由")
    if len(found) > LONGEST:
        raise Refused(f"申诉理由最多 {LONGEST} 字，更多的请作为材料上传")
    return found


def _add_files(appeal: Appeal, uploads: Sequence[files.Upload], *, by: Actor, at: dt.datetime) -> None:
    if appeal.files.standing().count() + len(uploads) > MOST_FILES:
        raise Refused(f"一件申诉最多 {MOST_FILES} 个文件，请合并后再上传")
    for name, content in uploads:
        version = files.attach(
            owner=references.reference_to(appeal),
            slot=queries.SLOT,
            title=name,
            upload=(name, content),
            by=by,
            at=at,
        )
        AppealFile.objects.create(
            appeal=appeal, attachment=version.attachment, added_at=at, added_by_id=by.pk
        )
