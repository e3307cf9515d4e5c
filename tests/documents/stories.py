"""How tests come to a document: by the app's own actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.core.roles import Role
from qingfeng.documents.actions import drafting, issuing, numbers
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.enums import Genre
from qingfeng.documents.models.official import NumberSeries, OfficialDocument
from tests import stories
from tests.documents import files
from tests.documents.samples import notice

AT = timezone.make_aware(dt.datetime(2026, 4, 15, 9, 30))
TOWN = Addressee("云溪镇纪委")


def office() -> User:
    return stories.user_with(Role.OFFICE)


def series(word: str = "云纪通", year: int = 2026, first_number: int = 1) -> NumberSeries:
    """The numbers of a word, opened by the office where they are not yet."""
    found = NumberSeries.objects.filter(word=word, year=year).first()
    return found or numbers.open_series(word=word, year=year, first_number=first_number, by=office(), at=AT)


def draft(*, by: User | None = None, kind: str = Genre.NOTICE, **parts: Any) -> OfficialDocument:
    text = notice(**{"number": "", **parts})
    drafter = by or stories.user_with(Role.CONDUCT_OFFICE)
    return drafting.draft(kind=kind, title=text.title, text=text, by=drafter, at=AT)


def drafter_of(document: OfficialDocument) -> User:
    assert document.drafted_by is not None
    return document.drafted_by


def issue(document: OfficialDocument, **changes: Any) -> OfficialDocument:
    """Issue a document to a town by the office today, but for what is changed."""
    given: dict[str, Any] = {"recipients": [TOWN], "by": None, "at": AT, **changes}
    given["by"] = given["by"] or office()
    return issuing.issue(document=document, series=series(), **given)


def issued(*, recipients: tuple[Addressee, ...] = (TOWN,), **parts: Any) -> OfficialDocument:
    return issue(draft(**parts), recipients=recipients)


def stamped(**parts: Any) -> OfficialDocument:
    document = issued(**parts)
    issuing.attach_scan(document=document, upload=("盖章件.png", files.PNG), by=office(), at=AT)
    return document


def withdrawn(**parts: Any) -> OfficialDocument:
    document = issued(**parts)
    issuing.withdraw(document=document, reason="内容有误", by=office(), at=AT)
    return document
