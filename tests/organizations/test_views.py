from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import reading
from qingfeng.organizations.models import ImportDraft, Person, Post, Unit
from qingfeng.organizations.workbook import sheets, snapshot
from tests import stories
from tests.factories.organizations import LONG_AGO, PersonFactory, PostFactory, UnitFactory
from tests.organizations.workbooks import book, person, post, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return stories.signed_in(stories.user_with(Role.OFFICE))


def page(client, name: str, *args: Any, **query: str):
    return client.get(reverse(f"organizations:{name}", args=args), query)


def text(response) -> str:
    return str(response.content.decode())


def upload(client, content: bytes, name: str = "单位.xlsx"):
    return client.post(reverse("organizations:import"), {"file": SimpleUploadedFile(name, content)})


# Lists


def test_unit_list_says_how_many_and_filters_and_searches(office) -> None:
    UnitFactory.create(short_name="云溪镇", unit_class="town")
    UnitFactory.create(short_name="市教育局", unit_class="government", is_evaluated=False)
    UnitFactory.create(short_name="旧渡乡", active_to=dt.date(2021, 1, 1))

    everything = text(page(office, "list"))

    assert "2 个单位在用，1 个参加评价" in everything
    assert "旧渡乡" in everything
    assert "市教育局" not in text(page(office, "list", **{"class": "town"}))
    assert "云溪镇" not in text(page(office, "list", q="教育"))
    assert "云溪镇" not in text(page(office, "list", state="closed"))
    assert "没有符合条件的单位" in text(page(office, "list", q="白塔"))


@pytest.mark.parametrize("name", ["list", "tree", "people"])
def test_lists_ask_as_often_for_three_rows_as_for_one(office, name: str) -> None:
    PostFactory.create(unit=UnitFactory.create(parent=UnitFactory.create()))
    page(office, name)
    with CaptureQueriesContext(connection) as one:
        page(office, name)
    for _ in range(2):
        PostFactory.create(unit=UnitFactory.create(parent=UnitFactory.create()))

    with CaptureQueriesContext(connection) as three:
        page(office, name)

    assert len(three) == len(one)


def test_unit_page_asks_as_often_for_three_posts_as_for_one(office) -> None:
    unit = UnitFactory.create()
    counts = []
    page(office, "detail", unit.pk)
    for _ in range(3):
        PostFactory.create(unit=unit)
        UnitFactory.create(parent=unit)
        with CaptureQueriesContext(connection) as asked:
            page(office, "detail", unit.pk)
        counts.append(len(asked))

    assert counts[0] == counts[2]


def test_unit_tree_nests_children_and_stands_on_its_own_for_unit_people(office) -> None:
    top = UnitFactory.create(short_name="市政府")
    child = UnitFactory.create(short_name="云溪镇", parent=top)
    head = stories.signed_in(stories.user_with(Role.UNIT_HEAD, child))

    whole, own = text(page(office, "tree")), text(page(head, "tree"))

    assert "下级 1 个" in whole
    assert "云溪镇" in own
    assert "市政府" not in own


def test_people_list_shows_current_posts_and_filters_by_unit(office) -> None:
    held = PostFactory.create(title="局长", unit__short_name="市教育局")
    other = PostFactory.create(held_to=dt.date(2021, 1, 1))

    whole = text(page(office, "people"))

    assert "2 名人员，1 人在任" in whole
    assert "市教育局局长" in whole
    assert other.person.name not in text(page(office, "people", unit=str(held.unit.pk)))
    assert held.person.name not in text(page(office, "people", state="left"))


def test_exports_are_posts_of_the_rows_in_scope_and_are_audited(office) -> None:
    UnitFactory.create(short_name="云溪镇", unit_class="town")
    UnitFactory.create(short_name="市教育局", unit_class="government")

    got = office.post(reverse("organizations:export") + "?class=town")
    people = office.post(reverse("organizations:people_export"))

    rows = CalamineWorkbook.from_filelike(io.BytesIO(got.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["简称", "云溪镇"]
    assert people.status_code == 200
    assert office.get(reverse("organizations:export")).status_code == 405
    assert set(Entry.objects.values_list("action", flat=True)) >= {"export.unit", "export.person"}


# Who sees what


def test_unit_out_of_scope_is_not_found() -> None:
    mine, other = UnitFactory.create_batch(2)
    head = stories.signed_in(stories.user_with(Role.UNIT_HEAD, mine))

    assert page(head, "detail", mine.pk).status_code == 200
    assert page(head, "detail", other.pk).status_code == 404


def test_person_out_of_scope_is_not_found_and_posts_elsewhere_stay_hidden() -> None:
    mine = PostFactory.create(title="科长")
    PostFactory.create(person=mine.person, title="秘密职务")
    other = PostFactory.create()
    head = stories.signed_in(stories.user_with(Role.UNIT_HEAD, mine.unit))

    own = page(head, "person", mine.person.pk)

    assert "科长" in text(own)
    assert "秘密职务" not in text(own)
    assert page(head, "person", other.person.pk).status_code == 404


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN])
def test_people_are_closed_to_the_three_administrators(role: str) -> None:
    held = PostFactory.create()
    client = stories.signed_in(stories.user_with(role))

    people = page(client, "people")

    assert people.status_code == 403
    assert "人员信息只供机关业务人员和本单位人员查看" in text(people)
    assert page(client, "person", held.person.pk).status_code == 404


def test_security_administrator_sees_units_without_their_people() -> None:
    held = PostFactory.create()
    client = stories.signed_in(stories.user_with(Role.SECURITY_ADMIN))

    shown = page(client, "detail", held.unit.pk)

    assert shown.status_code == 200
    assert held.person.name not in text(shown)
    assert "人员信息只供机关业务人员" in text(shown)


EDITS = ["edit", "close", "merge"]


@pytest.mark.parametrize("name", EDITS)
def test_unit_changes_by_another_office_are_refused_with_the_sentence(name: str) -> None:
    unit = UnitFactory.create()
    client = stories.signed_in(stories.user_with(Role.CASE_OFFICE))

    refused = client.post(reverse(f"organizations:{name}", args=[unit.pk]), {})

    assert refused.status_code == 403
    assert "单位和人员由办公室维护" in text(refused)


@pytest.mark.parametrize("name", ["add", "import", "template", "person_add"])
def test_pages_of_the_office_are_refused_to_others_with_the_sentence(name: str) -> None:
    client = stories.signed_in(stories.user_with(Role.CASE_OFFICE))

    refused = page(client, name)

    assert refused.status_code == 403
    assert "由办公室" in text(refused)


# Changes


def form_of(unit: Unit, **changes: Any) -> dict[str, Any]:
    return {
        "code": unit.code, "name": unit.name, "short_name": unit.short_name, "unit_class": unit.unit_class,
        "active_from": "2020-01-01", "is_evaluated": "on", "sort_order": 0,
        "revision": unit.revision, **changes,
    }  # fmt: skip


def test_add_unit_by_page(office) -> None:
    parent = UnitFactory.create()
    fields = {"code": "X1", "name": "云川市新局", "short_name": "新局", "unit_class": "government"}

    saved = office.post(
        reverse("organizations:add"),
        {**fields, "parent": parent.pk, "active_from": "2026-01-01", "sort_order": 3},
    )

    unit = Unit.objects.get(code="X1")
    assert saved.url == reverse("organizations:detail", args=[unit.pk])
    assert (unit.parent, unit.is_evaluated, unit.sort_order) == (parent, False, 3)


def test_add_unit_with_a_taken_code_keeps_what_was_typed(office) -> None:
    taken = UnitFactory.create()

    shown = office.post(reverse("organizations:add"), form_of(taken, name="另一个", short_name="另称"))

    assert "已被使用" in text(shown)
    assert 'value="另称"' in text(shown)


def test_edit_unit_by_two_editors_shows_the_second_what_the_first_stored(office) -> None:
    unit = UnitFactory.create(short_name="原称")
    url = reverse("organizations:edit", args=[unit.pk])
    office.post(url, form_of(unit, short_name="甲改"))

    conflict = office.post(url, form_of(unit, short_name="乙改"))

    assert "别人已经修改过" in text(conflict)
    assert "“简称”现在是“甲改”，您填的是“乙改”" in text(conflict)
    unit.refresh_from_db()
    assert unit.short_name == "甲改"
    assert 'name="revision" value="1"' in text(conflict)


def test_edit_closed_unit_keeps_its_closed_parent(office) -> None:
    parent = UnitFactory.create(active_to=dt.date(2021, 1, 1))
    unit = UnitFactory.create(parent=parent, active_to=dt.date(2021, 1, 1))

    office.post(reverse("organizations:edit", args=[unit.pk]), form_of(unit, parent=parent.pk, sort_order=4))

    unit.refresh_from_db()
    assert (unit.parent, unit.sort_order) == (parent, 4)


def test_merge_by_page_says_what_it_ends_and_does_it(office) -> None:
    held = PostFactory.create()
    into = UnitFactory.create()
    url = reverse("organizations:merge", args=[held.unit.pk])

    asked = text(office.get(url))
    office.post(url, {"into": into.pk, "last_day": "2026-06-30"})

    assert "1 项在任的任职到这一天为止" in asked
    unit = Unit.objects.get(pk=held.unit.pk)
    assert (unit.successor, unit.active_to) == (into, dt.date(2026, 6, 30))
    assert f'并入 <a href="/organizations/{into.pk}/">' in text(page(office, "detail", unit.pk))


def test_close_and_reopen_by_page(office) -> None:
    unit = UnitFactory.create()

    office.post(reverse("organizations:close", args=[unit.pk]), {"last_day": "2021-06-30"})
    closed = Unit.objects.get(pk=unit.pk).active_to
    office.post(reverse("organizations:reopen", args=[unit.pk]), {})

    assert closed == dt.date(2021, 6, 30)
    assert Unit.objects.get(pk=unit.pk).active_to is None


def test_person_gets_a_post_leaves_it_and_it_is_corrected(office) -> None:
    unit = UnitFactory.create()
    office.post(reverse("organizations:person_add"), {"code": "P1", "name": "示例甲"})
    person = Person.objects.get(code="P1")
    office.post(
        reverse("organizations:appoint", args=[person.pk]),
        {"unit": unit.pk, "title": "局长", "is_head": "on", "held_from": "2026-01-01"},
    )
    held = Post.objects.get(person=person)
    office.post(
        reverse("organizations:correct", args=[held.pk]), {"title": "主任", "held_from": "2026-01-01"}
    )
    office.post(reverse("organizations:leave", args=[held.pk]), {"last_day": "2026-06-30"})

    held.refresh_from_db()
    assert (held.title, held.is_head, held.held_to) == ("主任", False, dt.date(2026, 6, 30))


def test_edit_person_conflict_shows_both(office) -> None:
    person = PersonFactory.create(name="原名")
    url = reverse("organizations:person_edit", args=[person.pk])
    fields = {"code": person.code, "is_party_member": "on", "revision": 0}
    office.post(url, {**fields, "name": "甲改"})

    conflict = office.post(url, {**fields, "name": "乙改"})

    assert "“姓名”现在是“甲改”，您填的是“乙改”" in text(conflict)


# Import


def test_upload_with_faults_lists_them_and_writes_nothing(office) -> None:
    response = upload(office, book([unit("A", "NONE")], [person("P1", name="")], [post("P1", "A")]))

    assert response.status_code == 422
    assert "工作簿有 2 处错误，没有写入任何内容" in text(response)
    assert "没有编码为“NONE”的单位" in text(response)
    assert not Unit.objects.exists()
    assert not ImportDraft.objects.exists()


def test_upload_of_no_workbook_says_so(office) -> None:
    assert "这个文件不是 Excel 工作簿" in text(upload(office, b"hello"))


def test_upload_preview_confirm_imports(office) -> None:
    staged = upload(office, book([unit("A"), unit("B", "A")], [person("P1")], [post("P1", "B")]))
    shown = office.get(staged.url)

    assert "将新增 2 个单位、1 名人员、1 项任职" in text(shown)
    assert not Unit.objects.exists()
    office.post(staged.url, {"digest": shown.context["digest"]})

    assert Unit.objects.get(code="B").parent == Unit.objects.get(code="A")
    assert office.get(staged.url).status_code == 404


def test_confirm_without_or_with_an_old_digest_shows_the_preview_again(office) -> None:
    staged = upload(office, book([unit("A")]))

    again = office.post(staged.url, {})

    assert again.status_code == 409
    assert "请按新的预览再确认一次" in text(again)
    assert not Unit.objects.exists()


def test_draft_of_another_person_is_not_found_and_an_expired_one_neither(office) -> None:
    staged = upload(office, book([unit("A")]))
    colleague = stories.signed_in(stories.user_with(Role.OFFICE))

    assert colleague.get(staged.url).status_code == 404
    ImportDraft.objects.update(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert office.get(staged.url).status_code == 404


def test_discard_drops_the_draft(office) -> None:
    staged = upload(office, book([unit("A")]))

    office.post(f"{staged.url}discard/")

    assert not ImportDraft.objects.exists()


def test_upload_without_changes_says_so(office) -> None:
    UnitFactory.create(code="A", active_from=LONG_AGO)

    response = upload(office, snapshot.workbook(snapshot.read()))

    assert response.url == reverse("organizations:import")
    assert "没有需要导入的变化" in text(office.get(response.url))


def test_workbook_and_template_are_read_by_the_import(office) -> None:
    PostFactory.create()

    whole = office.post(reverse("organizations:workbook"))
    template = page(office, "template")

    assert len(reading.read(whole.content, sheets.SHEETS).table(sheets.POSTS).rows) == 1
    assert reading.read(template.content, sheets.SHEETS).faults == []
    assert Entry.objects.filter(action="organizations.export").exists()
