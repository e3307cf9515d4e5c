"""Department reviews: save a sheet's scores as a draft, hand it in, return it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common, rulings
from qingfeng.evaluation.enums import AppealSubject, SheetState
from qingfeng.evaluation.events import ReviewSheetReturned, ReviewSheetSubmitted
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.reviews import ReviewChange, ReviewScore, ReviewSheet
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.queries import people
from qingfeng.evaluation.queries import reviews as queries
from qingfeng.evaluation.scoring import terms, words
from qingfeng.workflow import engine

BATCH = 500


@dataclass(frozen=True)
class Finding:
    """One line of the checklist: how often, and the points chosen where the item has a range."""

    item: str
    quantity: Decimal
    points: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """What a reviewer gives one unit: points (0 to the indicator's weight), or findings on the checklist."""

    round_unit_id: int
    points: Decimal | None = None
    findings: tuple[Finding, ...] = field(default=())
    reason: str = ""


@transaction.atomic
def save_scores(
    *, sheet: ReviewSheet, entries: Sequence[Entry], lock: int, by: Actor, at: dt.datetime
) -> ReviewSheet:
    """Save some or all rows of a sheet as a draft; each changed row leaves a line of history.

    Raises `Conflict` where somebody saved since the page was opened, and `Refused` with every fault; nothing
    is saved then.
    """
    row = _editable(sheet, by=by)
    common.check_lock(row, lock)
    units = {unit.pk: unit for unit in queries.units_of(row)}
    _check(row, entries, units, by=by)
    _store(row, entries, by=by, at=at)
    row.lock += 1
    row.save(update_fields=["lock"])
    return row


@transaction.atomic
def fill_full_marks(*, sheet: ReviewSheet, lock: int, by: Actor, at: dt.datetime) -> ReviewSheet:
    """Give full marks to every unit of the sheet that has no score yet and is not the reviewer's own."""
    row = _editable(sheet, by=by)
    scored = set(row.scores.values_list("round_unit_id", flat=True))
    own = people.units_of(by)
    weight = queries.indicator_of(row).weight
    entries = [
        Entry(round_unit_id=unit.pk, points=weight)
        for unit in queries.units_of(row)
        if unit.pk not in scored and unit.unit_id not in own
    ]
    return save_scores(sheet=row, entries=entries, lock=lock, by=by, at=at)


def _check(sheet: ReviewSheet, entries: Sequence[Entry], units: dict[int, RoundUnit], *, by: Actor) -> None:
    weight, channel = queries.indicator_of(sheet).weight, queries.channel_of(sheet)
    items = {item.code: item for item in channel.items}
    own = people.units_of(by)
    faults = []
    for entry in entries:
        unit = units.get(entry.round_unit_id)
        if unit is None:
            faults.append("有单位不在这张评分表上（本单位由方案指定的部门代评），请刷新页面")
            continue
        found = _faults(entry, weight, items)
        if unit.unit_id in own:
            found.append("不得为本人所在单位评分，请由本部门其他人员评分")
        faults += [f"{unit.short_name}：{text}" for text in found]
    if faults:
        raise Refused(*faults)


def _faults(entry: Entry, weight: Decimal, items: dict[str, terms.Item]) -> list[str]:
    """List what is wrong with one entry, in the reviewer's words."""
    found = []
    if entry.points is not None and entry.findings:
        found.append("得分与细则扣分只能填一种")
    if entry.points is None and not items:
        found.append("请填写得分")
    if entry.points is not None and not 0 <= entry.points <= weight:
        found.append(f"得分应在 0 至 {weight} 之间")
    if entry.points is not None and entry.points * 1000 % 1:
        found.append("得分最多保留三位小数")
    if len({finding.item for finding in entry.findings}) < len(entry.findings):
        found.append("同一细则只能填一行")
    for finding in entry.findings:
        item = items.get(finding.item)
        text = "不认识的评分细则，请刷新页面" if item is None else _finding_fault(finding, item)
        if text:
            found.append(text)
    return found


def _finding_fault(finding: Finding, item: terms.Item) -> str:
    if finding.quantity < 0 or (item.per == terms.Per.RATIO and finding.quantity > 100):
        return f"“{item.label}”的数量不能小于 0，比率应在 0 至 100 之间"
    if item.points_high is None:
        return f"“{item.label}”的分值是固定的，不能另选" if finding.points is not None else ""
    if finding.points is None or not item.points <= finding.points <= item.points_high:
        return f"“{item.label}”应在 {item.points} 至 {item.points_high} 分之间选定分值"
    return "" if finding.note.strip() else f"“{item.label}”选定分值要写明理由"


def _store(sheet: ReviewSheet, entries: Sequence[Entry], *, by: Actor, at: dt.datetime) -> None:
    wanted = {entry.round_unit_id: entry for entry in entries}
    existing = {row.round_unit_id: row for row in sheet.scores.filter(round_unit_id__in=wanted)}
    fresh, changed, history = [], [], []
    for unit_id, entry in wanted.items():
        values = _values(entry)
        row = existing.get(unit_id)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        if row is None:
            row = ReviewScore(sheet=sheet, round_unit_id=unit_id)
            fresh.append(row)
        else:
            changed.append(row)
        history.append(_change(row, values, by=by, at=at))
        for name, value in (values | {"reviewed_at": at, "reviewed_by_id": by.pk}).items():
            setattr(row, name, value)
    ReviewScore.objects.bulk_create(fresh, batch_size=BATCH)
    fields = ["thousandths", "findings", "reason", "reviewed_at", "reviewed_by"]
    ReviewScore.objects.bulk_update(changed, fields, batch_size=100)
    ReviewChange.objects.bulk_create(history, batch_size=BATCH)


def _values(entry: Entry) -> dict[str, Any]:
    findings = [
        {
            "item": finding.item,
            "quantity": str(finding.quantity),
            "points": None if finding.points is None else str(finding.points),
            "note": finding.note.strip(),
        }
        for finding in entry.findings
        if finding.quantity
    ]
    thousandths = None if entry.points is None else common.to_thousandths(entry.points)
    return {"thousandths": thousandths, "findings": findings, "reason": entry.reason.strip()}


def _change(row: ReviewScore, values: dict[str, Any], *, by: Actor, at: dt.datetime) -> ReviewChange:
    return ReviewChange(
        score=row,
        before=row.thousandths,
        after=values["thousandths"],
        before_findings=row.findings,
        after_findings=values["findings"],
        before_reason=row.reason,
        after_reason=values["reason"],
        changed_at=at,
        changed_by_id=by.pk,
    )


@transaction.atomic
def submit_sheet(*, sheet: ReviewSheet, by: Actor, at: dt.datetime) -> ReviewSheet:
    """Hand in a sheet as a whole.

    Raises `Refused` naming the units without a score, and those below full marks without a reason.
    """
    common.hold_open(sheet.round, "提交评分")
    faults = _incomplete(common.begin(sheet, states.SUBMIT_SHEET, rule=rules.submit_sheet, by=by))
    if faults:
        raise Refused(*faults)
    engine.advance(sheet, states.SUBMIT_SHEET, rule=rules.submit_sheet, by=by, at=at)
    ReviewSheet.objects.filter(pk=sheet.pk).update(
        submitted_at=at, submitted_by=common.actor_id(by), return_reason="", lock=F("lock") + 1
    )
    sheet.refresh_from_db()
    events.publish(ReviewSheetSubmitted(sheet_id=sheet.pk))
    return sheet


def _incomplete(sheet: ReviewSheet) -> list[str]:
    gaps = queries.gaps_of(sheet)
    found = []
    if gaps.unscored:
        found.append(f"还有 {len(gaps.unscored)} 个单位未评分：{_some(gaps.unscored)}")
    if gaps.bare:
        found.append(f"还有 {len(gaps.bare)} 个单位未得满分而没有写明理由：{_some(gaps.bare)}")
    return found


def _some(names: list[str]) -> str:
    return "、".join(names[:8]) + ("等" if len(names) > 8 else "")


@transaction.atomic
def return_sheet(*, sheet: ReviewSheet, reason: str, by: Actor, at: dt.datetime) -> ReviewSheet:
    """Return a handed-in sheet to its department, with a reason."""
    common.hold_open(sheet.round, "退回评分表")
    common.begin(sheet, states.RETURN_SHEET, rule=rules.return_sheet, by=by)
    text = common.require_reason(reason, "退回理由")
    engine.advance(sheet, states.RETURN_SHEET, rule=rules.return_sheet, by=by, at=at, note=text)
    ReviewSheet.objects.filter(pk=sheet.pk).update(
        return_reason=text, submitted_at=None, submitted_by=None, lock=F("lock") + 1
    )
    sheet.refresh_from_db()
    events.publish(ReviewSheetReturned(sheet_id=sheet.pk))
    return sheet


def _editable(sheet: ReviewSheet, *, by: Actor) -> ReviewSheet:
    rules.score_sheet.check(by, sheet)
    common.hold_open(sheet.round, "评分")
    row = common.locked(sheet)
    rules.score_sheet.check(by, row)
    if row.state == SheetState.SUBMITTED:
        raise WrongState("评分表已提交；需要修改的，请党风室退回")
    return row


@transaction.atomic
def correct_on_appeal(
    *, appeal: Appeal, points: Decimal, reason: str, by: Actor, at: dt.datetime
) -> ReviewScore:
    """Correct one score that an appeal is about, with its history; the reviewer stays who reviewed.

    Raises `Denied` and `WrongState` as `rulings.require`, and `Refused` for points out of range.
    """
    case = rulings.require(appeal, AppealSubject.REVIEW, appeal.subject_id, by=by)
    score = ReviewScore.objects.select_for_update().get(pk=case.subject_id or 0)
    text = common.require_reason(reason, "更正理由")
    weight = queries.indicator_of(score.sheet).weight
    faults = _faults(Entry(score.round_unit_id, points=points), weight, {})
    if faults:
        raise Refused(*faults)
    given = Entry(score.round_unit_id, points=points, reason=rulings.reason_of(case, text, 500))
    values = _values(given)
    if score.thousandths == values["thousandths"]:
        raise Refused("更正后的得分与原来相同；不更正的，请选“维持原分”")
    ReviewChange.objects.bulk_create([_change(score, values, by=by, at=at)])
    before = {"thousandths": score.thousandths, "findings": score.findings, "reason": score.reason}
    ReviewScore.objects.filter(pk=score.pk).update(**values)
    old = "按细则评分" if score.thousandths is None else f"{words.number(score.thousandths / 1000)}分"
    summary = f"部门评分由{old}改为{words.number(points)}分"
    target = references.reference_to(score)
    rulings.note(case, target, summary, before=before, after=values, by=by, at=at)
    score.refresh_from_db()
    return score
