from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from qingfeng.audit.models import Entry
from qingfeng.core import events
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.documents import states
from qingfeng.documents.actions import drafting, issuing, numbers
from qingfeng.documents.actions import files as file_actions
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.enums import DocumentState, Genre
from qingfeng.documents.events import (
    DocumentCorrected,
    DocumentIssued,
    DocumentReissued,
    DocumentWithdrawn,
)
from qingfeng.documents.models.official import IssuedCopy, NumberSeries, OfficialDocument, Recipient
from qingfeng.workflow.models import StateChange
from tests import stories as house
from tests.documents import files, stories
from tests.documents.samples import notice
from tests.documents.stories import AT, TOWN
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    told: list[object] = []
    for event_type in (DocumentIssued, DocumentCorrected, DocumentWithdrawn, DocumentReissued):
        monkeypatch.setitem(events._handlers, event_type, [told.append])
    return told


def text_of(copy: IssuedCopy) -> str:
    opened = docx.Document(io.BytesIO(file_actions.content_of(copy.version)))
    return "\n".join(paragraph.text for paragraph in opened.paragraphs)


def latest(document: OfficialDocument) -> bytes:
    version = drafting.text_line(document).versions.latest("number")
    return file_actions.content_of(version)


def test_draft_keeps_a_place_for_the_number_and_its_origin():
    drafter = house.user_with(Role.CONDUCT_OFFICE)
    text = notice(number="")

    document = drafting.draft(
        kind=Genre.BULLETIN, title=text.title, text=text, by=drafter, at=AT, origin=Reference("round", 3)
    )

    assert (document.state, document.number, document.drafted_by) == (DocumentState.DRAFT, None, drafter)
    assert OfficialDocument.objects.from_origin("round", 3).get() == document
    assert "【发文字号】" in docx.Document(io.BytesIO(latest(document))).element.xml


def test_draft_by_the_platform_names_nobody():
    text = notice(number="")

    document = drafting.draft(kind=Genre.BULLETIN, title=text.title, text=text, by=SYSTEM, at=AT)

    assert document.drafted_by is None


def test_draft_by_a_unit_is_denied():
    with pytest.raises(Denied, match="本机关干部"):
        stories.draft(by=house.user_with(Role.UNIT_LIAISON))


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_draft_by_an_administrator_is_denied(role):
    with pytest.raises(Denied):
        stories.draft(by=house.user_with(role))


@pytest.mark.parametrize(
    ("change", "words"),
    [({"title": " "}, "标题"), ({"kind": "poem"}, "文种"), ({"title": "长" * 201}, "标题")],
)
def test_draft_with_a_fault_is_refused(change, words):
    values: dict[str, Any] = {
        "kind": Genre.NOTICE,
        "title": "通知",
        "upload": ("a.docx", files.word("通知")),
        **change,
    }

    with pytest.raises(Refused, match=words):
        drafting.draft_from_file(**values, by=stories.office(), at=AT)


def test_draft_with_a_number_is_refused():
    with pytest.raises(Refused, match="由系统编号"):
        stories.draft(number="云纪通〔2026〕9号")


def test_upload_edited_adds_a_version_and_keeps_the_former():
    document = stories.draft()

    version = drafting.upload_edited(
        document=document,
        upload=("改.docx", files.word("【发文字号】", "改")),
        by=stories.drafter_of(document),
        at=AT,
    )

    assert version.number == 2
    assert document.state == DocumentState.EDITED


def test_upload_edited_that_is_no_docx_is_refused_and_changes_nothing():
    document = stories.draft()

    with pytest.raises(Refused, match="docx"):
        drafting.upload_edited(
            document=document, upload=("改.txt", "改".encode()), by=stories.drafter_of(document), at=AT
        )

    document.refresh_from_db()
    assert document.state == DocumentState.DRAFT
    assert drafting.text_line(document).versions.count() == 1


def test_upload_edited_by_another_officer_is_denied():
    with pytest.raises(Denied, match="拟稿人或办公室"):
        drafting.upload_edited(
            document=stories.draft(),
            upload=("改.docx", files.word("改")),
            by=house.user_with(Role.REFORM_OFFICE),
            at=AT,
        )


def test_compose_again_lays_the_changed_text_out():
    document = stories.draft()

    drafting.compose_again(document=document, text=notice(number=""), by=stories.drafter_of(document), at=AT)

    assert drafting.text_line(document).versions.count() == 2


def test_discard_keeps_the_draft_on_record():
    document = stories.draft()

    drafting.discard(document=document, reason="不再需要", by=stories.drafter_of(document), at=AT)

    assert document.state == DocumentState.DISCARDED
    with pytest.raises(WrongState):
        stories.issue(document)


def test_issue_gives_number_copy_and_recipients(heard):
    unit = UnitFactory.create()

    document = stories.issued(
        recipients=(
            Addressee(unit.name, unit.pk),
            Addressee("市委办公室", is_copy=True),
            Addressee(unit.name),
        )
    )

    copy = document.copies.get()
    assert document.number_text == "云纪通〔2026〕1号"
    assert document.state == DocumentState.ISSUED
    assert "云纪通〔2026〕1号" in text_of(copy)
    assert "【发文字号】" not in text_of(copy)
    assert [(r.name, r.unit_id, r.is_copy) for r in document.recipients.order_by("pk")] == [
        (unit.name, unit.pk, False),
        ("市委办公室", None, True),
    ]
    assert heard == [DocumentIssued(document_id=document.pk)]
    assert StateChange.objects.get(subject_kind="official_document", name="issue").note == "云纪通〔2026〕1号"


def test_issue_counts_up_within_word_and_year():
    numbers_given = [stories.issued().number_text for _ in range(3)]

    assert numbers_given == [f"云纪通〔2026〕{place}号" for place in (1, 2, 3)]


def test_issue_continues_what_was_numbered_on_paper():
    stories.series(first_number=8)

    assert stories.issued().number == 8


def test_issue_that_fails_gives_its_number_back():
    document = drafting.draft_from_file(
        kind=Genre.NOTICE,
        title="无字号位置",
        upload=("a.docx", files.word("正文")),
        by=stories.office(),
        at=AT,
    )

    with pytest.raises(Refused, match="没有“【发文字号】”字样"):
        stories.issue(document)

    document.refresh_from_db()
    assert (document.state, document.number) == (DocumentState.DRAFT, None)
    assert stories.issued().number == 1


def test_issue_in_the_series_of_another_year_is_refused():
    with pytest.raises(Refused, match="不是印发当年"):
        stories.issue(stories.draft(), at=AT + dt.timedelta(days=365))


def test_issue_at_new_year_goes_by_the_date_in_china():
    eve = dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)  # already 2027 in China

    with pytest.raises(Refused, match="2027 年"):
        stories.issue(stories.draft(), at=eve)


@pytest.mark.parametrize("recipients", [[], [Addressee("市委办公室", is_copy=True)]])
def test_issue_to_nobody_is_refused(recipients):
    with pytest.raises(Refused, match="主送"):
        stories.issue(stories.draft(), recipients=recipients)


def test_issue_by_its_drafter_is_denied():
    document = stories.draft()

    with pytest.raises(Denied, match="办公室"):
        stories.issue(document, by=stories.drafter_of(document))


def test_issue_text_cut_into_runs_by_an_editor_finds_the_place():
    opened = docx.Document(io.BytesIO(files.word("前", "后")))
    paragraph = opened.add_paragraph("文【发")
    for piece in ("文字", "号】", "尾"):
        paragraph.add_run(piece)
    written = io.BytesIO()
    opened.save(written)
    document = stories.draft()
    drafting.upload_edited(
        document=document, upload=("改.docx", written.getvalue()), by=stories.drafter_of(document), at=AT
    )

    stories.issue(document)

    assert "文云纪通〔2026〕1号尾" in text_of(document.copies.get())


def test_attach_scan_files_the_stamped_copy():
    document = stories.stamped()

    assert document.state == DocumentState.STAMPED


def test_attach_scan_that_is_a_text_is_refused():
    document = stories.issued()

    with pytest.raises(Refused, match="扫描件须是"):
        issuing.attach_scan(document=document, upload=("a.docx", files.word("x")), by=stories.office(), at=AT)


def test_correct_keeps_number_and_former_copy(heard):
    document = stories.issued()
    corrected = files.word(document.number_text, "更正后的正文")

    issuing.correct(
        document=document, upload=("更正.docx", corrected), reason="数据有误", by=stories.office(), at=AT
    )

    first, second = document.copies.order_by("sequence")
    assert document.number_text == "云纪通〔2026〕1号"
    assert "更正后的正文" in text_of(second)
    assert "更正后的正文" not in text_of(first)
    assert second.reason == "数据有误"
    assert heard[-1] == DocumentCorrected(document_id=document.pk)


def test_correct_with_the_text_of_another_document_is_refused():
    document = stories.issued()

    with pytest.raises(Refused, match="没有发文字号"):
        issuing.correct(
            document=document,
            upload=("a.docx", files.word("别的")),
            reason="有误",
            by=stories.office(),
            at=AT,
        )

    assert document.copies.count() == 1


def test_withdraw_keeps_the_number_used(heard):
    document = stories.withdrawn()

    assert document.state == DocumentState.WITHDRAWN
    assert document.number == 1
    assert stories.issued().number == 2
    assert DocumentWithdrawn(document_id=document.pk) in heard


@pytest.mark.parametrize("verb", ["withdraw", "correct", "discard"])
def test_step_without_its_reason_is_refused(verb):
    with pytest.raises(Refused, match="请写明"):
        if verb == "withdraw":
            issuing.withdraw(document=stories.issued(), reason=" ", by=stories.office(), at=AT)
        elif verb == "correct":
            issuing.correct(
                document=stories.issued(), upload=("a.docx", b"x"), reason="", by=stories.office(), at=AT
            )
        else:
            drafting.discard(document=stories.draft(), reason="", by=stories.office(), at=AT)


def test_reissue_drafts_anew_and_takes_a_number_of_its_own(heard):
    old = stories.withdrawn()

    new = issuing.reissue(document=old, by=stories.office(), at=AT)
    stories.issue(new)

    old.refresh_from_db()
    assert old.state == DocumentState.REPLACED
    assert (new.replaces, new.number_text) == (old, "云纪通〔2026〕2号")
    assert "云纪通〔2026〕1号" not in text_of(new.copies.get())
    assert DocumentReissued(document_id=old.pk, successor_id=new.pk) in heard


STORIES = {
    DocumentState.DRAFT: stories.draft,
    DocumentState.ISSUED: stories.issued,
    DocumentState.STAMPED: stories.stamped,
    DocumentState.WITHDRAWN: stories.withdrawn,
}


@pytest.mark.parametrize("transition", states.DOCUMENT.transitions, ids=lambda t: t.name)
@pytest.mark.parametrize("state", STORIES)
def test_every_step_starts_from_its_states_alone(state, transition):
    document = STORIES[state]()
    scan, text = ("a.png", files.PNG), ("a.docx", files.word("云纪通〔2026〕1号"))
    given: dict[str, Any] = {"document": document, "by": stories.office(), "at": AT}
    verbs: dict[str, Callable[[], object]] = {
        "edit": lambda: drafting.upload_edited(**given, upload=text),
        "discard": lambda: drafting.discard(**given, reason="不用"),
        "issue": lambda: issuing.issue(**given, series=stories.series(), recipients=[TOWN]),
        "attach_scan": lambda: issuing.attach_scan(**given, upload=scan),
        "correct": lambda: issuing.correct(**given, upload=text, reason="有误"),
        "withdraw": lambda: issuing.withdraw(**given, reason="有误"),
        "reissue": lambda: issuing.reissue(**given),
    }

    if state in transition.from_:
        verbs[transition.name]()
        document.refresh_from_db()
        assert document.state == transition.to
    else:
        with pytest.raises(WrongState):
            verbs[transition.name]()
        document.refresh_from_db()
        assert document.state == state


def test_issued_rows_refuse_change():
    document = stories.issued()

    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedCopy.objects.update(reason="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Recipient.objects.update(name="别人")
    unset: list[dict[str, Any]] = [
        {"number": None, "series": None},
        {"number_text": ""},
        {"issued_at": None, "issued_by": None},
    ]
    for change in unset:
        with pytest.raises(IntegrityError), transaction.atomic():
            OfficialDocument.objects.filter(pk=document.pk).update(**change)


def test_a_number_is_given_once():
    document = stories.issued()
    other = stories.issued()

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialDocument.objects.filter(pk=other.pk).update(number=document.number)


@pytest.mark.parametrize("word", ["", "云纪2", "云纪〔", "长" * 21])
def test_open_series_with_a_faulty_word_is_refused(word):
    with pytest.raises(Refused, match="发文代字"):
        numbers.open_series(word=word, year=2026, by=stories.office(), at=AT)


def test_open_series_twice_is_refused():
    stories.series()

    with pytest.raises(Refused, match="已经启用"):
        numbers.open_series(word="云纪通", year=2026, by=stories.office(), at=AT)


def test_open_series_by_another_is_denied():
    with pytest.raises(Denied, match="办公室"):
        numbers.open_series(word="云纪通", year=2026, by=house.user_with(Role.CONDUCT_OFFICE), at=AT)


def test_audit_holds_no_title():
    stories.withdrawn()

    assert NumberSeries.objects.count() == 1
    assert "政治生态" not in str(list(Entry.objects.values_list("detail", flat=True)))
