"""What waits for a person in the documents: to be edited, issued, or filed with its stamped scan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse

from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role
from qingfeng.documents.enums import DocumentState
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import scope

TO_DO = {
    DocumentState.DRAFT: ("拟好的公文", "印发拟好的公文"),
    DocumentState.EDITED: ("改好的公文", "印发已修改的公文"),
    DocumentState.ISSUED: ("待归入盖章件", "归入盖章扫描件"),
}
"""By state: the heading under which the workbench counts, and what the office has to do."""


def duties_of(user: Any, today: dt.date) -> list[Duty]:
    """Return the documents that wait for the user; none of them has a limit by law."""
    if user.holds(Role.OFFICE):
        waiting = Q(state__in=TO_DO)
    elif user.holds(*scope.STAFF):
        waiting = Q(state=DocumentState.DRAFT, drafted_by=user.pk)
    else:
        return []
    rows = scope.visible_to(user).filter(waiting).order_by("drafted_on", "pk")
    return [_duty(document, is_office=user.holds(Role.OFFICE)) for document in rows]


def drafts_of(user: Any, today: dt.date) -> list[Duty]:
    """Return what the user drafted and nobody has issued yet, for the list of a hand-over."""
    waiting = Q(state__in=(DocumentState.DRAFT, DocumentState.EDITED), drafted_by=user.pk)
    rows = OfficialDocument.objects.filter(waiting).order_by("drafted_on", "pk")
    return [_duty(document, is_office=False) for document in rows]


def _duty(document: OfficialDocument, *, is_office: bool) -> Duty:
    area, of_office = TO_DO[DocumentState(document.state)]
    what = of_office if is_office else "核改拟稿，改好后上传"
    meta = f"{document.number_text or document.get_genre_display()} {document.title}"
    here = reverse("documents:detail", args=[document.pk])
    return Duty(what, meta, area, here, f"{reverse('documents:register')}?state={document.state}")
