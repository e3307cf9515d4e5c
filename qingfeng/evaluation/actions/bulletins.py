"""The bulletin of a round: composed from the approved revision, then an official document like any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.core import events, preferences
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import reference_to
from qingfeng.documents.actions import drafting
from qingfeng.documents.enums import Genre
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.events import BulletinDrafted
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import bulletins as queries
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.queries import results as results_queries
from qingfeng.evaluation.scoring import bulletin
from qingfeng.evaluation.workbook import bulletin_document


@transaction.atomic
def draft_bulletin(
    *,
    round: Round,
    by: Actor,
    at: dt.datetime,
    requirements: Sequence[str] = bulletin.REQUIREMENTS,
) -> OfficialDocument:
    """Compose the bulletin of the approved revision; composed again, the draft gets a new version.

    Raises `WrongState` before the approval, and `Refused` without any requirement.
    """
    row = common.locked(round)
    rules.draft_bulletin.check(by, row)
    allowed = row.state in {RoundState.APPROVED, RoundState.ANNOUNCED}
    common.require_gate(allowed, row, "起草通报，请先经常委会审定")
    wanted = [text.strip() for text in requirements if text.strip()]
    if not wanted:
        raise Refused("请写明工作要求")
    revision = results_queries.require_revision(row)
    parts = compose(revision, wanted)
    upload = (f"{parts.title}.docx", _render(parts, at))
    document = queries.open_draft(revision)
    if document is None:
        document = drafting.draft_from_file(
            kind=Genre.BULLETIN, title=parts.title, upload=upload, by=by, at=at, origin=reference_to(revision)
        )
    else:
        drafting.upload_edited(document=document, upload=upload, by=by, at=at, note="重新生成")
    events.publish(BulletinDrafted(round_id=row.pk, document_id=document.pk))
    return document


def compose(revision: Revision, requirements: Sequence[str] = bulletin.REQUIREMENTS) -> bulletin.Bulletin:
    """Return what the bulletin of a revision says, compared with the last announced quarter."""
    inputs = frozen.inputs_by_id(revision.snapshot_id, revision.snapshot.digest)
    results = frozen.results_of(revision.snapshot.digest, inputs)
    earlier = results_queries.earlier_revision(revision)
    previous = None
    if earlier is not None:
        before = frozen.inputs_by_id(earlier.snapshot_id, earlier.snapshot.digest)
        previous = (before, frozen.results_of(earlier.snapshot.digest, before))
    return bulletin.compose(
        inputs,
        results,
        previous,
        organization=str(preferences.get("commission_name")),
        requirements=requirements,
    )


def _render(parts: bulletin.Bulletin, at: dt.datetime) -> bytes:
    given = preferences.get_all(
        "commission_name", queries.RECIPIENTS.key, queries.COPIES.key, queries.OFFICE.key
    )
    parameters = {
        "body": str(given["commission_name"]),
        "recipients": str(given[queries.RECIPIENTS.key]),
        "copies": str(given[queries.COPIES.key]),
        "office": str(given[queries.OFFICE.key]),
    }
    return bulletin_document.render(parts, parameters, dated=common.date_of(at))
