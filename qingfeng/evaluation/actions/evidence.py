"""Evidence with its files: written and offered together, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused, WrongState
from qingfeng.documents.actions import files
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common, submissions
from qingfeng.evaluation.enums import EvidenceState, SubmissionState
from qingfeng.evaluation.models.submissions import EvidenceFile, EvidenceItem, Submission
from qingfeng.evaluation.queries import evidence as queries
from qingfeng.evaluation.queries import submissions as submission_queries

MOST_FILES = 20


@transaction.atomic
def write(
    *,
    submission: Submission,
    indicator: str,
    text: str,
    uploads: Sequence[files.Upload] = (),
    seen: str = "",
    by: Actor,
    at: dt.datetime,
) -> EvidenceItem:
    """Write the evidence for one indicator and add its files; a returned item is offered again.

    `seen` is when the item had last changed as the page showed it. Raises `Conflict` where somebody wrote
    since then, `Refused` for what cannot be taken in, `Denied` for a file marked as classified.
    """
    common.locked(submission)
    item = submission.evidence.filter(indicator=indicator).first()
    if (item.changed_at.isoformat() if item else "") != seen:
        raise Conflict
    if item is not None and item.state == EvidenceState.RETURNED:
        submissions.offer_again(item=item, text=text or item.text, by=by, at=at)
    else:
        item = submissions.offer_evidence(submission=submission, indicator=indicator, text=text, by=by, at=at)
    _add_files(item, uploads, by=by, at=at)
    return item


def _add_files(item: EvidenceItem, uploads: Sequence[files.Upload], *, by: Actor, at: dt.datetime) -> None:
    if item.files.standing().count() + len(uploads) > MOST_FILES:
        raise Refused(f"一项材料最多 {MOST_FILES} 个文件，请合并后再上传")
    for name, content in uploads:
        version = files.attach(
            owner=references.reference_to(item),
            slot=queries.SLOT,
            title=name,
            upload=(name, content),
            by=by,
            at=at,
        )
        EvidenceFile.objects.create(item=item, attachment=version.attachment, added_at=at, added_by_id=by.pk)


@transaction.atomic
def remove_file(*, item: EvidenceItem, file_id: int, by: Actor, at: dt.datetime) -> EvidenceFile:
    """Take one file away from an item that may be changed; it stays stored, with who removed it.

    Raises `WrongState` where the item may not be changed now, `Refused` where the file is gone already.
    """
    rules.edit_submission.check(by, item.submission)
    round = item.submission.round_unit.round
    common.require_gate(round.is_open_for_units, round, "修改材料")
    is_draft = item.submission.state in {SubmissionState.DRAFTING, SubmissionState.RETURNED}
    if not is_draft and item.state != EvidenceState.RETURNED:
        raise WrongState("材料已经提交，文件不能再移除")
    link = item.files.standing().select_for_update().filter(pk=file_id).first()
    if link is None:
        raise Refused("这个文件已经移除")
    link.removed_at, link.removed_by_id = at, by.pk
    link.save(update_fields=["removed_at", "removed_by"])
    audit.record(action="evidence_file.remove", by=by, at=at, subject=references.reference_to(link))
    return link


@transaction.atomic
def carry_over(*, submission: Submission, by: Actor, at: dt.datetime, indicator: str = "") -> int:
    """Take over last round's evidence with its files where nothing is written yet; return how many items.

    With `indicator` only that item.
    """
    before = set(submission.evidence.values_list("pk", flat=True))
    count = submissions.carry_over(submission=submission, by=by, at=at, indicator=indicator)
    earlier = submission_queries.previous(submission)
    old = {item.indicator: item for item in earlier.evidence.all()} if earlier else {}
    fresh = submission.evidence.filter(carried_over=True).exclude(pk__in=before)
    for item in fresh:
        for link in old[item.indicator].files.standing():
            EvidenceFile.objects.create(
                item=item, attachment_id=link.attachment_id, added_at=at, added_by_id=by.pk
            )
    return count
