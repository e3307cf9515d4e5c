from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from qingfeng.audit.models import Entry
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.decisions import rules
from qingfeng.decisions.actions import approvals, chains
from qingfeng.decisions.models.approvals import Approval, ApprovalChain, WrittenOpinion
from qingfeng.decisions.queries.subjects import KINDS, READERS, SubjectKind
from tests import stories as house
from tests.decisions import stories
from tests.decisions.stories import AT, SUBJECT, House
from tests.stories import signed_in, user_with

pytestmark = pytest.mark.django_db
LIST = reverse("decisions:approvals")


@pytest.fixture
def people() -> House:
    return stories.house()


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of subject whose owner lets the conduct office ask."""
    kind = SubjectKind(
        "test_thing",
        "测试事项",
        (Role.DEPUTY_LEADER, Role.SECRETARY),
        lambda pk: (f"第{pk}号事项", "/"),
        lambda user, pk: user.holds(Role.CONDUCT_OFFICE),
    )
    monkeypatch.setitem(KINDS, kind.kind, kind)
    return kind.kind


def at(name: str, *args: Any) -> str:
    return reverse(f"decisions:{name}", args=args)


def read(user: Any, path: str) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def sign(user: Any, approval: Approval, **given: Any) -> Any:
    step = stories.current(approval)
    return signed_in(user).post(at("approval", approval.pk), {"step": step.pk, "text": "", **given})


def test_list_says_what_waits_and_finds_by_posted_words(people: House) -> None:
    stories.asked(people)
    stories.asked(people, title="另一件事项")
    browser = signed_in(people.deputy)

    page = browser.get(LIST).content.decode()
    address = house.searched(browser, LIST, "第一季度评价通报的请示")
    found = browser.get(address).content.decode()

    assert "有 2 件呈批等您签批" in page
    assert "%" not in address.partition("s=")[2]
    assert "关于印发第一季度评价通报的请示" in found
    assert "另一件事项" not in found


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?wait=mine", ["待签"]),
        ("?wait=signed", ["签过"]),
        ("?state=granted", ["签过"]),
        ("?sort=title", ["待签", "签过"]),
        ("?sort=-title", ["签过", "待签"]),
    ],
)
def test_list_filters_and_sorts(people: House, query: str, titles: list[str]) -> None:
    stories.granted(people, title="签过")
    stories.asked(people, title="待签")

    page = read(people.deputy, LIST + query)

    places = [page.find(f">{title}<") for title in titles]
    assert all(place > 0 for place in places)
    assert places == sorted(places)
    assert [title for title in ("待签", "签过") if f">{title}<" in page] == sorted(titles)


def test_list_pages_and_exports_what_is_in_scope_alone(people: House) -> None:
    for number in range(31):
        stories.asked(people, title=f"事项{number:02}")
    stranger = user_with(Role.PETITION_OFFICE)

    second = read(people.officer, LIST + "?page=2")
    exported = signed_in(people.officer).post(at("export_approvals"))
    others = signed_in(stranger).post(at("export_approvals"))

    rows = CalamineWorkbook.from_filelike(io.BytesIO(exported.content)).get_sheet_by_index(0).to_python()
    none = CalamineWorkbook.from_filelike(io.BytesIO(others.content)).get_sheet_by_index(0).to_python()
    assert "共 31" in second.replace("\n", "")
    assert (len(rows), len(none)) == (32, 1)
    assert Entry.objects.filter(action="export").exists() or Entry.objects.filter(action__contains="export")


def test_list_asks_the_same_number_of_queries_at_one_and_three_rows(people: House) -> None:
    browser = signed_in(people.deputy)
    counts = []
    stories.asked(people, title="事项0")
    browser.get(LIST)
    for added in (0, 2):
        for number in range(added):
            stories.asked(people, title=f"新事项{number}")
        with CaptureQueriesContext(connection) as asked:
            browser.get(LIST)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_empty_list_says_where_requests_come_from(people: House) -> None:
    assert "还没有呈批" in read(people.officer, LIST)


@pytest.mark.parametrize("role", [*sorted(ADMIN_ROLES), Role.UNIT_HEAD])
def test_list_is_refused_to_whom_it_does_not_concern(people: House, role: str) -> None:
    response = signed_in(user_with(role)).get(LIST)

    assert response.status_code == 403
    assert "呈批和会议供本机关干部和参会人员查看" in response.content.decode()


@pytest.mark.parametrize("person", ["secretary", "clerk", "office"])
def test_request_not_yet_at_ones_step_is_not_found(people: House, person: str) -> None:
    approval = stories.asked(people)

    assert signed_in(getattr(people, person)).get(at("approval", approval.pk)).status_code == 404


def test_request_come_to_ones_step_is_found_and_stays_so(people: House) -> None:
    approval = stories.granted(people)

    page = read(people.secretary, at("approval", approval.pk))

    assert "各级领导都已同意" in page
    assert "拟同意" in page
    assert "分管领导甲" in page


def test_owner_of_the_subject_lets_others_read(people: House, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = user_with(Role.CASE_OFFICE)
    monkeypatch.setitem(READERS, SUBJECT.kind, lambda user: {7} if user.pk == reader.pk else set())
    seen = stories.asked(people)
    stories.asked(people, subject=stories.Reference("test_thing", 8), title="另一件")

    page = read(reader, LIST)

    assert seen.title in page
    assert "另一件" not in page


def test_sign_by_page_passes_on_and_grants(people: House) -> None:
    approval = stories.asked(people)

    first = sign(people.deputy, approval, choice="agree")
    last = sign(people.secretary, approval, choice="agree", text="同意印发。")

    approval.refresh_from_db()
    assert (first.status_code, last.status_code, approval.state) == (302, 302, "granted")
    assert list(WrittenOpinion.objects.order_by("pk").values_list("opinion", "text")) == [
        ("proposed", ""),
        ("agreed", "同意印发。"),
    ]


@pytest.mark.parametrize(("choice", "state"), [("refuse", "refused"), ("return", "returned")])
def test_sign_against_by_page_needs_a_reason(people: House, choice: str, state: str) -> None:
    approval = stories.asked(people)

    bare = sign(people.deputy, approval, choice=choice)
    said = sign(people.deputy, approval, choice=choice, text="数据没有核对。")

    approval.refresh_from_db()
    assert bare.status_code == 422
    assert "请写明理由" in bare.content.decode()
    assert (said.status_code, approval.state) == (302, state)


def test_sign_what_another_signed_meanwhile_shows_the_conflict_and_keeps_the_words(people: House) -> None:
    second = user_with(Role.DEPUTY_LEADER)
    approval = stories.asked(people)
    shown = stories.current(approval)
    approvals.give_opinion(step=shown, agree=True, text="", by=people.deputy, at=AT)

    response = signed_in(second).post(
        at("approval", approval.pk), {"step": shown.pk, "choice": "refuse", "text": "我写的理由"}
    )

    page = response.content.decode()
    assert response.status_code in {404, 409}
    if response.status_code == 409:
        assert "已由分管领导甲签批" in page
        assert "我写的理由" in page


def test_sign_ones_own_request_by_page_is_refused_with_the_sentence(people: House) -> None:
    user_with(Role.DEPUTY_LEADER)
    approval = stories.asked(people, by=people.deputy)

    page = read(people.deputy, at("approval", approval.pk))
    response = sign(people.deputy, approval, choice="agree")

    assert rules.NOT_OWN in page
    assert response.status_code == 403
    assert rules.NOT_OWN in response.content.decode()


def test_ask_by_page_in_the_order_set_with_a_paper(people: House, thing: str) -> None:
    browser = signed_in(people.officer)
    paper = SimpleUploadedFile("依据.txt", "会议通知".encode())

    form = browser.get(at("ask", thing, 7)).content.decode()
    bare = browser.post(at("ask", thing, 7), {"title": "", "body": ""})
    sent = browser.post(at("ask", thing, 7), {"title": "请示", "body": "拟办。", "paper": paper})

    approval = Approval.objects.get()
    assert "分管领导" in form
    assert bare.status_code == 422
    assert sent["Location"] == at("approval", approval.pk)
    assert "依据.txt" in read(people.officer, at("approval", approval.pk))


def test_ask_about_what_its_owner_does_not_let_is_not_found(people: House, thing: str) -> None:
    assert signed_in(people.deputy).get(at("ask", thing, 7)).status_code == 404
    assert signed_in(people.officer).get(at("ask", "unknown", 7)).status_code == 404
    assert signed_in(people.officer).get(at("submit", "unknown", 7)).status_code == 404


def test_withdraw_and_ask_again_by_page(people: House) -> None:
    approval = stories.asked(people)
    browser = signed_in(people.officer)

    browser.post(at("withdraw", approval.pk), {"reason": "数据有误。"})
    form = browser.get(at("ask_again", approval.pk)).content.decode()
    sent = browser.post(at("ask_again", approval.pk), {"title": approval.title, "body": "更正了。"})

    again = Approval.objects.get(follows=approval)
    assert approval.body in form
    assert sent["Location"] == at("approval", again.pk)
    assert "再次呈批" in read(people.officer, at("approval", approval.pk))


def test_withdraw_by_a_reader_is_refused_with_the_sentence(people: House) -> None:
    approval = stories.asked(people)

    response = signed_in(people.deputy).get(at("withdraw", approval.pk))

    assert response.status_code == 403
    assert "撤回由呈批人办理" in response.content.decode()


def test_add_paper_by_page_until_somebody_signs(people: House) -> None:
    approval = stories.asked(people)
    browser = signed_in(people.officer)

    def send() -> Any:
        return browser.post(at("add_paper", approval.pk), {"paper": SimpleUploadedFile("附.txt", b"abc")})

    first = send()
    sign(people.deputy, approval, choice="agree")
    second = send()

    assert (first.status_code, second.status_code) == (302, 422)
    assert "已有领导签批" in second.content.decode()


def test_paper_opens_for_those_who_know_of_the_request_alone(people: House) -> None:
    approval = stories.asked(people, papers=[("数据.txt", b"abc")])
    link = reverse("documents:file", args=[stories.papers_of(approval)[0].pk])

    assert signed_in(people.deputy).get(link).status_code == 200
    assert signed_in(people.secretary).get(link).status_code == 404


def test_sheet_is_a_docx_with_every_signature_and_is_audited(people: House) -> None:
    approval = stories.granted(people)

    response = signed_in(people.officer).post(at("sheet", approval.pk))

    table = Document(io.BytesIO(response.content)).tables[0]
    text = "\n".join(cell.text for row in table.rows for cell in row.cells)
    assert "拟同意。" in text
    assert "签名：书记甲    2026年4月7日" in text
    assert "党风室" in text
    assert Entry.objects.filter(action="leaders_approval.print", subject_id=approval.pk).exists()


def test_print_page_says_what_the_sheet_says(people: House) -> None:
    approval = stories.endorsed(people)

    page = read(people.officer, at("print", approval.pk))

    assert "呈批表" in page
    assert "分管领导甲" in page
    assert "书记批示" in page


def test_chain_by_page_is_the_offices_and_shows_a_conflict(people: House, thing: str) -> None:
    browser = signed_in(people.office)
    given = {"level_1": Role.CONDUCT_OFFICE, "level_2": Role.SECRETARY, "basis": "本机关规定", "revision": 0}

    refused = signed_in(people.officer).get(at("chain", thing))
    first = browser.post(at("chain", thing), given)
    second = browser.post(at("chain", thing), given)

    row = ApprovalChain.objects.get()
    assert refused.status_code == 403
    assert (first.status_code, second.status_code) == (302, 409)
    assert "党风室 → 书记" in second.content.decode()
    assert row.roles == [Role.CONDUCT_OFFICE, Role.SECRETARY]
    assert "党风室 → 书记" in read(people.officer, at("chains"))


def test_chain_of_unknown_kind_is_not_found(people: House) -> None:
    assert signed_in(people.office).get(at("chain", "unknown")).status_code == 404


def test_request_follows_the_chain_set_and_open_ones_keep_theirs(people: House, thing: str) -> None:
    before = stories.asked(people, steps=None)
    chains.set_chain(kind=thing, roles=[Role.SECRETARY], basis="本机关规定", seen=0, by=people.office, at=AT)

    after = stories.asked(people, steps=None, title="以后的")

    assert (before.steps.count(), after.steps.count()) == (2, 1)


def test_panel_shows_what_one_may_know_and_nothing_else(people: House, thing: str) -> None:
    approval, matter = stories.asked(people), stories.submitted(people)
    path = at("panel", thing, 7)

    own, deputy = read(people.officer, path), read(people.deputy, path)
    stranger = read(user_with(Role.PETITION_OFFICE), path)
    fragment = signed_in(people.officer).get(path, headers={"HX-Request": "true"}).content.decode()

    assert approval.title in own
    assert matter.title in own
    assert "提交常委会" in own
    assert approval.title in deputy
    assert matter.title not in deputy
    assert "第7号事项" not in stranger
    assert "没有您能看到的" in stranger
    assert "<html" not in fragment
    assert approval.title in fragment
