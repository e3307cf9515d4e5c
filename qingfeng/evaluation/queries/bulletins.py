"""The bulletins of a round: official documents whose origin is one of its revisions."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from qingfeng.core import preferences
from qingfeng.documents.enums import DocumentState, Genre
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import scope as documents
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import rounds

RECIPIENTS = preferences.declare(
    "evaluation_bulletin_recipients",
    "评价通报主送",
    "各镇党委，各街道党工委，市委各部委，市直各单位党组（党委）",
    group="政治生态评价",
    help="写在通报主送机关处；多个之间用分号隔开",
    basis="本机关自定",
)
COPIES = preferences.declare(
    "evaluation_bulletin_copies",
    "评价通报抄送",
    "",
    group="政治生态评价",
    help="写在版记抄送处；多个之间用分号隔开，没有就留空",
    basis="本机关自定",
)
OFFICE = preferences.declare(
    "evaluation_bulletin_office",
    "评价通报印发机关",
    "示例市纪委监委办公室",
    group="政治生态评价",
    help="写在版记印发机关处",
    basis="本机关自定",
)
DRAFTS = (DocumentState.DRAFT, DocumentState.EDITED)


def visible_to(user: Any) -> QuerySet[OfficialDocument]:
    """Return the evaluation's bulletins that the user may see."""
    return documents.visible_to(user).filter(genre=Genre.BULLETIN, origin_kind=Revision.kind)


def of_round(user: Any, round: Round) -> QuerySet[OfficialDocument]:
    """Return a round's bulletins, newest first."""
    revisions = round.revisions.values("pk")
    return visible_to(user).filter(origin_id__in=revisions).order_by("-pk")


def counted(user: Any, round: Round) -> QuerySet[OfficialDocument]:
    """Return a round's bulletins with the number of their recipients, newest first."""
    return of_round(user, round).annotate(recipient_count=Count("recipients", distinct=True))


def open_draft(revision: Revision) -> OfficialDocument | None:
    """Return the bulletin of a revision that is drafted and not issued yet."""
    rows = OfficialDocument.objects.filter(
        genre=Genre.BULLETIN, origin_kind=Revision.kind, origin_id=revision.pk, state__in=DRAFTS
    )
    return rows.order_by("-pk").first()


def recipients(round: Round) -> list[tuple[int, str]]:
    """Return the units a round's bulletin goes to: (unit id, name)."""
    return list(rounds.taking_part(round).values_list("unit_id", "name"))
