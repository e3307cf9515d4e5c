"""Issuers at the same time: no number twice, none left out, on a SQLite file and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from qingfeng.core.errors import Refused
from qingfeng.documents.actions import drafting, issuing
from qingfeng.documents.enums import Genre
from qingfeng.documents.models.official import NumberSeries, OfficialDocument
from tests.documents import files, stories
from tests.documents.stories import AT, TOWN

ISSUERS, EACH = 4, 6


def test_concurrent_issuers_leave_no_gap_and_no_double(each_db):
    series, office = stories.series(), stories.office()
    drafts = [[stories.draft(by=office) for _ in range(EACH)] for _ in range(ISSUERS)]
    faulty = [without_a_place(office) for _ in range(ISSUERS)]
    start, failures = threading.Barrier(ISSUERS), []

    def work(place: int) -> None:
        try:
            start.wait()
            refused_between(faulty[place], series, office)
            for document in drafts[place]:
                issuing.issue(document=document, series=series, recipients=[TOWN], by=office, at=AT)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(ISSUERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    given = OfficialDocument.objects.issued().order_by("number").values_list("number", flat=True)
    assert failures == []
    assert list(given) == list(range(1, ISSUERS * EACH + 1))
    assert NumberSeries.objects.get().next_number == ISSUERS * EACH + 1


def test_two_who_issue_the_same_document_give_it_one_number(each_db):
    series, office = stories.series(), stories.office()
    document = stories.draft(by=office)
    start, outcomes = threading.Barrier(2), []

    def work() -> None:
        mine = OfficialDocument.objects.get(pk=document.pk)
        start.wait()
        try:
            issuing.issue(document=mine, series=series, recipients=[TOWN], by=office, at=AT)
            outcomes.append("issued")
        except Exception as failure:
            outcomes.append(type(failure).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["WrongState", "issued"]
    assert NumberSeries.objects.get().next_number == 2


def without_a_place(office):
    return drafting.draft_from_file(
        kind=Genre.NOTICE, title="无字号位置", upload=("a.docx", files.word("正文")), by=office, at=AT
    )


def refused_between(document, series, office) -> None:
    with pytest.raises(Refused):
        issuing.issue(document=document, series=series, recipients=[TOWN], by=office, at=AT)
