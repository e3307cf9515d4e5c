from __future__ import annotations

from django.db.models import QuerySet

from qingfeng.documents.enums import DocumentState
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.models.appeals import Appeal

OPEN = (DocumentState.DRAFT, DocumentState.EDITED)


def of_appeal(appeal: Appeal) -> QuerySet[OfficialDocument]:
    rows = OfficialDocument.objects.filter(origin_kind=Appeal.kind, origin_id=appeal.pk)
    return rows.order_by("-pk")


def open_reply(appeal: Appeal) -> OfficialDocument | None:
    return of_appeal(appeal).filter(state__in=OPEN).first()
