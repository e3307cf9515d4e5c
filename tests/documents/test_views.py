from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.documents.actions import drafting, numbers
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.enums import DocumentState, Genre, Slot
from qingfeng.documents.models.files import FileVersion
from qingfeng.documents.models.official import NumberSeries, OfficialDocument
from qingfeng.organizations.enums import UnitClass
from tests import stories as house
from tests.documents import files, stories
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db


def as_role(role: str, unit: Any = None) -> Client:
    return house.signed_in(house.user_with(role, unit))


def page(client: Client, name: str, *args: Any, **query: str) -> Any:
    return client.get(reverse(name, args=args), query)


def upload(content: bytes, name: str = "正文.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def this_year() -> NumberSeries:
    return numbers.open_series(word="云纪发", year=clock.today().year, by=stories.office(), at=clock.now())


def workbook_rows(response: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()


def test_register_shows_the_scope_with_a_sentence():
    stories.issued(title="关于云溪镇的通报")

    response = page(as_role(Role.OFFICE), "documents:register")

    assert "共有 1 件公文，1 件待归入盖章件" in response.text
    assert "关于云溪镇的通报" in response.text
    assert "云纪通〔2026〕1号" in response.text


def test_register_of_nothing_says_what_to_do():
    assert "还没有公文" in page(as_role(Role.OFFICE), "documents:register").text


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_register_is_refused_to_the_three_administrators(role):
    response = page(as_role(role), "documents:register")

    assert response.status_code == 403
    assert "文书供本机关干部和收文单位查看" in response.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"genre": Genre.NOTICE}, ["云溪"]),
        ({"state": DocumentState.DRAFT}, ["石桥"]),
        ({"year": "2026"}, ["云溪"]),
        ({"year": "1999"}, ["石桥", "云溪"]),
    ],
)
def test_register_finds_by_filters(query, shown):
    stories.issued(title="关于云溪的通知")
    stories.draft(title="关于石桥的通报", kind=Genre.BULLETIN)

    text = page(as_role(Role.OFFICE), "documents:register", **query).text

    assert [name for name in ("石桥", "云溪") if f"关于{name}" in text] == shown


@pytest.mark.parametrize(("words", "shown"), [("石桥", ["石桥"]), ("〔2026〕1号", ["云溪"])])
def test_register_finds_by_words(words, shown):
    stories.issued(title="关于云溪的通知")
    stories.draft(title="关于石桥的通报", kind=Genre.BULLETIN)
    client = as_role(Role.OFFICE)

    text = client.get(house.searched(client, reverse("documents:register"), words)).text

    assert [name for name in ("石桥", "云溪") if f"关于{name}" in text] == shown


def test_register_costs_the_same_for_one_and_three_rows():
    client = as_role(Role.OFFICE)
    stories.issued()
    page(client, "documents:register")
    with CaptureQueriesContext(connection) as one:
        page(client, "documents:register")
    stories.issued()
    stories.draft()

    with CaptureQueriesContext(connection) as three:
        page(client, "documents:register")

    assert len(three) == len(one)


def test_detail_costs_the_same_however_many_versions():
    document, client = stories.draft(), as_role(Role.OFFICE)
    page(client, "documents:detail", document.pk)
    with CaptureQueriesContext(connection) as one:
        page(client, "documents:detail", document.pk)
    for _ in range(2):
        drafting.upload_edited(
            document=document,
            upload=("改.docx", files.word("【发文字号】")),
            by=stories.drafter_of(document),
            at=stories.AT,
        )

    with CaptureQueriesContext(connection) as three:
        page(client, "documents:detail", document.pk)

    assert len(three) == len(one)


def test_export_gives_the_rows_shown_and_is_audited():
    stories.issued(title="关于云溪的通知")
    stories.draft(title="=cmd|石桥")

    client = as_role(Role.OFFICE)
    query = house.searched(client, reverse("documents:register"), "石桥").partition("?")[2]

    response = client.post(f"{reverse('documents:export')}?{query}")

    rows = workbook_rows(response)
    assert [row[0] for row in rows] == ["标题", "=cmd|石桥"]
    assert Entry.objects.get(action="export.official_document").detail == {"rows": 1}


def test_draft_page_takes_a_text_and_leads_to_the_document():
    form = {"kind": Genre.NOTICE, "title": "关于评价的通知", "upload": upload(files.word("【发文字号】"))}

    response = as_role(Role.CONDUCT_OFFICE).post(reverse("documents:draft"), form)

    document = OfficialDocument.objects.get()
    assert response["Location"] == reverse("documents:detail", args=[document.pk])


def test_draft_page_shows_why_a_file_is_not_taken_and_keeps_the_title():
    form = {"kind": Genre.NOTICE, "title": "关于评价的通知", "upload": upload(b"MZ" + b"\0" * 40)}

    response = as_role(Role.CONDUCT_OFFICE).post(reverse("documents:draft"), form)

    assert "这是程序文件，不能上传" in response.text
    assert 'value="关于评价的通知"' in response.text
    assert not OfficialDocument.objects.exists()


def test_draft_page_refuses_a_marked_file_and_audits_it():
    form = {"kind": Genre.NOTICE, "title": "通知", "upload": upload(files.word("机密★10年", "通知"))}

    response = as_role(Role.CONDUCT_OFFICE).post(reverse("documents:draft"), form)

    assert response.status_code == 403
    assert "本系统不得处理涉密信息" in response.text
    assert Entry.objects.get(action="refused").detail["rule"] == "documents.take_in_file"
    assert not FileVersion.objects.exists()


def test_draft_page_refuses_a_file_over_the_limit_before_reading_it(settings):
    settings.QINGFENG_MAX_FILE_BYTES = 1024 * 1024
    form = {"kind": Genre.NOTICE, "title": "通知", "upload": upload(b"0" * (1024 * 1024 + 1))}

    assert "超过 1 MB 的上限" in as_role(Role.OFFICE).post(reverse("documents:draft"), form).text


def test_draft_page_is_refused_to_units():
    assert page(as_role(Role.UNIT_LIAISON), "documents:draft").status_code == 403


def test_detail_offers_the_next_step_and_its_versions():
    document = stories.draft()

    text = page(as_role(Role.OFFICE), "documents:detail", document.pk).text

    assert reverse("documents:issue", args=[document.pk]) in text
    assert "正文各版" in text
    assert "第 1 版" in text


def test_detail_shows_why_a_step_is_not_possible():
    document = stories.draft()
    client = house.signed_in(stories.drafter_of(document))

    text = page(client, "documents:detail", document.pk).text

    assert "印发、更正、撤回和归档由办公室办理" in text
    assert reverse("documents:step", args=[document.pk, "edit"]) in text


def test_detail_of_an_issued_document_shows_its_digest_and_recipients():
    document = stories.issued(recipients=(stories.TOWN, Addressee("市委办公室", is_copy=True)))

    text = page(as_role(Role.CONDUCT_OFFICE), "documents:detail", document.pk).text

    assert document.copies.get().version.stored.digest in text
    assert "云溪镇纪委" in text
    assert "平台外，须另行送达" in text


@pytest.mark.parametrize("role", [Role.CONDUCT_OFFICE, Role.UNIT_LIAISON, Role.SYSTEM_ADMIN])
def test_detail_out_of_scope_is_not_found(role):
    document = stories.draft(by=stories.office())

    assert page(as_role(role), "documents:detail", document.pk).status_code == 404


def test_detail_of_a_named_genre_is_for_those_concerned():
    unit = UnitFactory.create()
    document = stories.issued(kind=Genre.SUMMONS, recipients=(Addressee(unit.name, unit.pk),))

    seen = {
        "leader": as_role(Role.SECRETARY),
        "drafter": house.signed_in(stories.drafter_of(document)),
        "unit": as_role(Role.UNIT_HEAD, unit),
        "colleague": as_role(Role.PETITION_OFFICE),
        "other unit": as_role(Role.UNIT_HEAD, UnitFactory.create()),
    }

    codes = {who: page(client, "documents:detail", document.pk).status_code for who, client in seen.items()}
    assert codes == {"leader": 200, "drafter": 200, "unit": 200, "colleague": 404, "other unit": 404}


def test_issue_page_numbers_and_sends_out():
    document, series, unit = stories.draft(), this_year(), UnitFactory.create()
    form = {
        "series": series.pk,
        "units": [unit.pk],
        "others": "市委巡察办\n\n市委巡察办",
        "copies": "市委办、市政府办",
        "agreed": "on",
    }

    response = as_role(Role.OFFICE).post(reverse("documents:issue", args=[document.pk]), form, follow=True)

    document.refresh_from_db()
    assert f"已印发，发文字号为{series.written(1)}" in response.text
    assert list(document.recipients.order_by("pk").values_list("name", "is_copy")) == [
        (unit.name, False),
        ("市委巡察办", False),
        ("市委办", True),
        ("市政府办", True),
    ]


def test_issue_page_sends_to_whole_classes_once():
    document, series = stories.draft(), this_year()
    town, company = UnitFactory.create(), UnitFactory.create(unit_class=UnitClass.ENTERPRISE)
    form = {"series": series.pk, "classes": [UnitClass.TOWN], "units": [town.pk], "agreed": "on"}

    as_role(Role.OFFICE).post(reverse("documents:issue", args=[document.pk]), form)

    assert list(document.recipients.values_list("unit", flat=True)) == [town.pk]
    assert company.pk != town.pk


def test_issue_page_without_recipients_keeps_what_was_filled_in():
    document, series = stories.draft(), this_year()
    form = {"series": series.pk, "copies": "市委办", "agreed": "on"}

    response = as_role(Role.OFFICE).post(reverse("documents:issue", args=[document.pk]), form)

    assert "请至少写明一个主送机关" in response.text
    assert "市委办" in response.text
    series.refresh_from_db()
    assert series.next_number == 1


def test_issue_page_without_a_series_leads_to_one():
    text = page(as_role(Role.OFFICE), "documents:issue", stories.draft().pk).text

    assert reverse("documents:open_series") in text


def test_issue_page_is_refused_to_the_drafter_and_audited():
    document = stories.draft()
    client = house.signed_in(stories.drafter_of(document))

    response = client.post(reverse("documents:issue", args=[document.pk]), {})

    assert response.status_code == 403
    assert "由办公室办理" in response.text
    assert Entry.objects.get(action="refused").detail["rule"] == "documents.issue"


STEPS = [
    (stories.draft, "edit", lambda: {"upload": upload(files.word("【发文字号】"))}, DocumentState.EDITED),
    (stories.draft, "discard", lambda: {"reason": "不用了"}, DocumentState.DISCARDED),
    (stories.issued, "scan", lambda: {"upload": upload(files.PNG, "件.png")}, DocumentState.STAMPED),
    (stories.issued, "withdraw", lambda: {"reason": "有误"}, DocumentState.WITHDRAWN),
    (
        stories.issued,
        "correct",
        lambda: {"upload": upload(files.word("云纪通〔2026〕1号")), "reason": "有误"},
        DocumentState.ISSUED,
    ),
    (stories.withdrawn, "reissue", dict, DocumentState.REPLACED),
]


@pytest.mark.parametrize(("story", "slug", "form", "state"), STEPS, ids=[step[1] for step in STEPS])
def test_step_page_explains_and_takes_the_step(story, slug, form, state):
    document, client = story(), as_role(Role.OFFICE)
    address = reverse("documents:step", args=[document.pk, slug])

    shown = client.get(address)
    done = client.post(address, form(), follow=True)

    document.refresh_from_db()
    assert shown.status_code == 200
    assert done.status_code == 200
    assert document.state == state


@pytest.mark.parametrize(("story", "slug"), [(step[0], step[1]) for step in STEPS], ids=[s[1] for s in STEPS])
def test_step_page_is_refused_to_others_with_the_sentence(story, slug):
    document = story()

    response = page(as_role(Role.DEPUTY_LEADER), "documents:step", document.pk, slug)

    assert response.status_code == 403
    assert "办公室" in response.text


def test_step_page_in_the_wrong_state_says_so():
    response = page(as_role(Role.OFFICE), "documents:step", stories.draft().pk, "withdraw")

    assert response.status_code == 403
    assert "当前状态为“拟稿”，不能撤回" in response.text


def test_step_page_of_an_unknown_step_is_not_found():
    assert page(as_role(Role.OFFICE), "documents:step", stories.draft().pk, "burn").status_code == 404


def test_step_page_out_of_scope_is_not_found():
    document = stories.draft(by=stories.office())

    assert page(as_role(Role.CONDUCT_OFFICE), "documents:step", document.pk, "edit").status_code == 404


def test_download_is_an_attachment_and_audited():
    document = stories.issued()
    version = document.copies.get().version

    response = page(as_role(Role.CONDUCT_OFFICE), "documents:file", version.pk)

    assert response.content.startswith(b"PK")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert Entry.objects.get(action="open").subject_id == version.pk


def test_download_by_the_receiving_unit_is_open_and_by_another_not_found():
    unit = UnitFactory.create()
    version = stories.issued(recipients=(Addressee(unit.name, unit.pk),)).copies.get().version

    assert page(as_role(Role.UNIT_LIAISON, unit), "documents:file", version.pk).status_code == 200
    assert page(as_role(Role.UNIT_LIAISON), "documents:file", version.pk).status_code == 404


def test_download_by_the_receiving_unit_is_of_what_was_issued_alone():
    unit = UnitFactory.create()
    document = stories.issued(recipients=(Addressee(unit.name, unit.pk),))
    drafted = drafting.text_line(document).versions.earliest("number")

    client = as_role(Role.UNIT_LIAISON, unit)

    assert page(client, "documents:file", drafted.pk).status_code == 404
    text = page(client, "documents:detail", document.pk).text
    assert "正文各版" not in text
    assert "已印发，盖章件待归入" in text
    assert "由办公室办理" not in text


def test_download_of_a_scan_is_open_to_the_receiving_unit():
    unit = UnitFactory.create()
    document = stories.stamped(recipients=(Addressee(unit.name, unit.pk),))
    scan = FileVersion.objects.get(attachment__slot=Slot.SCAN, attachment__owner_id=document.pk)

    assert page(as_role(Role.UNIT_LIAISON, unit), "documents:file", scan.pk).status_code == 200


def test_series_pages_show_every_number_and_hide_what_is_not_for_the_reader():
    stories.issued(title="关于云溪的通知")
    stories.issued(title="约谈石桥", kind=Genre.SUMMONS)
    series = NumberSeries.objects.get()

    text = page(as_role(Role.CASE_OFFICE), "documents:series", series.pk).text

    assert "云纪通〔2026〕1号" in text
    assert "云纪通〔2026〕2号" in text
    assert "关于云溪的通知" in text
    assert "约谈石桥" not in text
    assert "不在您的知悉范围" in text


def test_series_export_hides_it_too():
    stories.issued(title="约谈石桥", kind=Genre.SUMMONS)

    response = as_role(Role.CASE_OFFICE).post(
        reverse("documents:export_numbers", args=[NumberSeries.objects.get().pk])
    )

    assert [row[:2] for row in workbook_rows(response)][1:] == [["云纪通〔2026〕1号", "（不在您的知悉范围）"]]


def test_series_list_shows_what_is_used_and_next():
    stories.issued()

    text = page(as_role(Role.OFFICE), "documents:series_list").text

    assert "云纪通〔2026〕" in text


def test_series_form_opens_a_series():
    form = {"word": "云纪发", "year": 2026, "first_number": 9}

    response = as_role(Role.OFFICE).post(reverse("documents:open_series"), form, follow=True)

    assert "云纪发〔2026〕已启用" in response.text
    assert NumberSeries.objects.get().next_number == 9


def test_series_form_says_what_is_wrong():
    form = {"word": "云纪2026", "year": 2026, "first_number": 1}

    assert "不含数字" in as_role(Role.OFFICE).post(reverse("documents:open_series"), form).text


@pytest.mark.parametrize("name", ["documents:series_list", "documents:open_series"])
def test_series_pages_are_refused_to_units(name):
    assert page(as_role(Role.UNIT_HEAD), name).status_code == 403
