"""The pages of appeals: a unit writes and signs, the department explains, the commission decides."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.jobs import worker
from qingfeng.core.roles import Role
from qingfeng.documents.models.files import FileVersion
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.actions import results
from qingfeng.evaluation.models.appeals import Appeal, Confirmation
from qingfeng.notifications.models import Message
from tests import stories as people
from tests.evaluation import appeal_stories as told
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, said, sheet_rows, text_of, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=3)


@pytest.fixture
def round(place: stories.City) -> Any:
    return stories.appealing(place)


def page(appeal: Any, name: str = "appeal") -> str:
    return reverse(f"evaluation:{name}", args=[appeal.pk])


def portrait(round: Any, unit: Any) -> str:
    return reverse("evaluation:portrait", args=[round.pk, unit.pk])


def new(place: stories.City, round: Any, unit: Any, kind: str = "review") -> str:
    result, point = told.result_of(place, round, unit), told.point_of(place, round, unit, kind)
    return f"{reverse('evaluation:appeal_new', args=[result.pk])}?point={point}"


def test_portrait_offers_an_objection_beside_each_point_within_the_window(place, round) -> None:
    town = place.towns[0]
    client = browser(place.liaisons[town.pk])

    with time_machine.travel(told.FILING, tick=False):
        during = client.get(portrait(round, town)).content.decode()
        officer = text_of(browser(place.officer).get(portrait(round, town)))
    with time_machine.travel(told.LATE, tick=False):
        after = client.get(portrait(round, town)).content.decode()

    assert during.count("对这一分有异议</a>") == 7
    assert "?point=fact%3A" in during
    assert "4 月 15 日" in during
    assert "对这一分有异议" not in officer
    assert "对这一分有异议</a>" not in after


def test_unit_writes_with_a_file_and_the_head_signs(place, round) -> None:
    town = place.towns[0]
    liaison, head = browser(place.liaisons[town.pk]), browser(place.heads[town.pk])
    with time_machine.travel(told.FILING, tick=False):
        shown = text_of(liaison.get(new(place, round, town)))
        empty = liaison.post(new(place, round, town), {"grounds": ""})
        upload = SimpleUploadedFile("会议记录.txt", "三月二十八日会议记录".encode())
        liaison.post(new(place, round, town), {"grounds": told.GROUNDS, "uploads": upload})
        appeal = Appeal.objects.get()
        refused = liaison.post(page(appeal, "appeal_file"))
        signed = head.post(page(appeal, "appeal_file"))
        detail = text_of(head.get(page(appeal)))

    appeal.refresh_from_db()
    assert "A1 坚定理想信念：宣传部评审" in shown
    assert "材料不全" in shown
    assert empty.status_code == 422
    assert "请写明申诉理由" in text_of(empty)
    assert refused.status_code == 403
    assert "申诉由本单位负责人签字提出。" in text_of(refused)
    assert "申诉已提出" in said(signed)[0]
    assert (appeal.state, appeal.number) == ("filed", 1)
    assert "会议记录.txt" in detail
    assert told.GROUNDS in detail


def test_write_after_the_window_is_refused_and_keeps_what_was_typed(place, round) -> None:
    town = place.towns[0]
    with time_machine.travel(told.LATE, tick=False):
        response = browser(place.liaisons[town.pk]).post(new(place, round, town), {"grounds": told.GROUNDS})

    assert response.status_code == 422
    assert "核对申诉期限已于 2026-04-15 届满" in text_of(response)
    assert told.GROUNDS in text_of(response)


def test_tally_says_that_ballots_are_sealed(place, round) -> None:
    town = place.towns[0]
    with time_machine.travel(told.FILING, tick=False):
        shown = text_of(browser(place.heads[town.pk]).get(new(place, round, town, "tally")))

    assert "对测评的异议只能请求重新计票" in shown


@pytest.mark.parametrize("name", ["appeal", "appeal_edit", "appeal_file", "appeal_withdraw"])
def test_appeal_of_another_unit_is_not_found(place, round, name) -> None:
    appeal = told.filed(place, round, place.towns[0])

    response = browser(place.heads[place.towns[1].pk]).get(page(appeal, name))

    assert response.status_code == 404


def test_new_appeal_against_another_units_result_is_not_found(place, round) -> None:
    address = new(place, round, place.towns[0])

    assert browser(place.heads[place.towns[1].pk]).get(address).status_code == 404


def test_draft_is_not_seen_by_the_commission(place, round) -> None:
    appeal = told.drafted(place, round, place.towns[0])

    assert browser(place.officer).get(page(appeal)).status_code == 404


def test_accept_asks_the_department_which_explains_in_writing(place, round) -> None:
    appeal = told.filed(place, round, place.towns[0])
    scorer = place.scorers["xuanchuan"]
    with time_machine.travel(told.ACCEPTING, tick=False):
        early = browser(scorer).get(page(appeal)).status_code
        browser(place.officer).post(page(appeal, "appeal_accept"))
        asked = text_of(browser(scorer).get(page(appeal, "appeal_comment")))
        done = browser(scorer).post(page(appeal, "appeal_comment"), {"text": "评分时没有会议记录。"})
        refused = browser(place.officer).post(page(appeal, "appeal_comment"), {"text": "x"})

    appeal.refresh_from_db()
    message = Message.objects.get(recipient=scorer, title__contains="请作书面说明")
    assert early == 404
    assert told.GROUNDS in asked
    assert said(done) == ["书面说明已提交。"]
    assert appeal.comment == "评分时没有会议记录。"
    assert refused.status_code == 403
    assert "仅评定这一分的部门可以作书面说明。" in text_of(refused)
    assert "材料" not in message.title + message.body


def test_decide_a_review_by_the_page_recomputes_and_tells_the_unit(place, round) -> None:
    town = place.towns[0]
    appeal = told.heard(place, round, town)
    given = {"outcome": "granted", "reasons": told.REASONS}
    with time_machine.travel(told.DECIDING, tick=False):
        client = browser(place.officer)
        missing = client.post(page(appeal, "appeal_decide"), given)
        client.post(page(appeal, "appeal_decide"), given | {"points": "30"})
        worker.drain()
        shown = text_of(browser(place.heads[town.pk]).get(page(appeal)))
        own = text_of(browser(place.heads[town.pk]).get(portrait(round, town)))
        compared = text_of(client.get(reverse("evaluation:round_revision", args=[round.pk, 2])))

    message = Message.objects.get(recipient=place.heads[town.pk], title__contains="已有复核结论")
    assert missing.status_code == 422
    assert "请填写更正后的得分" in text_of(missing)
    assert told.REASONS in shown
    assert "部门评分由29分改为30分" in shown
    assert "经申诉更正（第 1 号）" in own
    assert "第1号申诉更正：部门评分由29分改为30分" in compared
    assert told.REASONS not in message.title + message.body


@pytest.mark.parametrize(
    ("kind", "typed", "summary"),
    [
        ("fact", {"way": "withdraw"}, "撤销这件事实"),
        ("fact", {"way": "correct", "quantity": "1", "is_self_reported": "on"}, "更正这件事实的数量或情节"),
        ("value", {"value_on_time": "99"}, "热线按期办结率由95.5改为99"),
    ],
)
def test_decide_other_kinds_by_the_page_corrects_them(place, round, kind, typed, summary) -> None:
    appeal = told.heard(place, round, place.towns[0], kind)
    given = {"outcome": "granted", "reasons": told.REASONS} | typed
    with time_machine.travel(told.DECIDING, tick=False):
        form = text_of(browser(place.officer).get(page(appeal, "appeal_decide")))
        response = browser(place.officer).post(page(appeal, "appeal_decide"), given)

    assert "复核结论" in form
    assert response.status_code == 302
    assert [row.summary for row in appeal.corrections.all()] == [summary]


def test_decide_a_tally_by_the_page_is_the_deputys(place, round) -> None:
    appeal = told.heard(place, round, place.towns[0], "tally")
    votes = {"satisfied": 21, "basic": 4, "dissatisfied": 2, "unknown": 3}
    given = {"outcome": "granted", "reasons": told.REASONS} | {f"count_{k}": v for k, v in votes.items()}
    with time_machine.travel(told.DECIDING, tick=False):
        refused = browser(place.officer).post(page(appeal, "appeal_decide"), given)
        browser(place.deputy).post(page(appeal, "appeal_decide"), given)

    appeal.refresh_from_db()
    assert refused.status_code == 403
    assert "本人参与评定了这一分" in text_of(refused)
    assert appeal.state == "granted"


def test_reject_keeps_the_point_and_the_decision_stays_with_the_result(place, round) -> None:
    town = place.towns[0]
    told.rejected(place, round, town)

    own = text_of(browser(place.heads[town.pk]).get(portrait(round, town)))

    assert "第 1 号申诉：维持原分" in own


def test_head_withdraws_and_edits_by_the_pages(place, round) -> None:
    town = place.towns[0]
    appeal = told.drafted(place, round, town)
    with time_machine.travel(told.FILING, tick=False):
        client = browser(place.heads[town.pk])
        stale = client.post(page(appeal, "appeal_edit"), {"grounds": "改过", "lock": "9"})
        client.post(page(appeal, "appeal_edit"), {"grounds": "改过", "lock": "0"})
        client.post(page(appeal, "appeal_withdraw"))

    appeal.refresh_from_db()
    assert stale.status_code == 409
    assert (appeal.grounds, appeal.state) == ("改过", "withdrawn")


def test_file_of_an_appeal_opens_for_who_sees_the_appeal_only(place, round) -> None:
    town = place.towns[0]
    told.filed(place, round, town, uploads=[("记录.txt", "会议记录".encode())])
    version = FileVersion.objects.get()
    address = reverse("documents:file", args=[version.pk])

    assert browser(place.officer).get(address).status_code == 200
    assert browser(place.heads[town.pk]).get(address).status_code == 200
    assert browser(place.heads[place.towns[1].pk]).get(address).status_code in {403, 404}


def test_remove_file_by_the_page_takes_it_from_the_draft(place, round) -> None:
    town = place.towns[0]
    appeal = told.drafted(place, round, town, uploads=[("记录.txt", "会议记录".encode())])
    link = appeal.files.get()

    browser(place.heads[town.pk]).post(reverse("evaluation:appeal_file_remove", args=[appeal.pk, link.pk]))

    assert not appeal.files.standing().exists()


def test_confirm_by_the_head_is_shown_and_by_the_liaison_refused(place, round) -> None:
    town = place.towns[0]
    address = reverse("evaluation:result_confirm", args=[round.pk, town.pk])
    with time_machine.travel(told.FILING, tick=False):
        refused = browser(place.liaisons[town.pk]).post(address)
        browser(place.heads[town.pk]).post(address)
        shown = text_of(browser(place.heads[town.pk]).get(portrait(round, town)))

    assert refused.status_code == 403
    assert "仅本单位负责人可以确认核对无异议。" in text_of(refused)
    assert Confirmation.objects.count() == 1
    assert "已确认核对无异议" in shown


def test_reply_is_drafted_once_as_an_official_document(place, round) -> None:
    appeal = told.granted(place, round, place.towns[0])
    results.recompute(round=round, by=place.officer, at=told.DECIDING)
    client = browser(place.officer)

    first = client.post(page(appeal, "appeal_reply"))
    again = client.post(page(appeal, "appeal_reply"))
    refused = browser(place.heads[place.towns[0].pk]).post(page(appeal, "appeal_reply"))

    document = OfficialDocument.objects.get()
    assert first["Location"] == again["Location"]
    assert document.title == "关于第1镇第1号申诉的复核答复"
    assert (document.origin_kind, document.origin_id) == ("appeal", appeal.pk)
    assert refused.status_code == 403


def listed(round: Any, query: str = "") -> str:
    return reverse("evaluation:round_appeals", args=[round.pk]) + query


def test_list_says_how_many_wait_filters_searches_and_exports(place, round) -> None:
    told.filed(place, round, place.towns[0])
    told.rejected(place, round, place.towns[1])
    client = browser(place.officer)

    whole = client.get(listed(round))
    filtered = text_of(client.get(listed(round, "?state=rejected")))
    kind = text_of(client.get(listed(round, "?kind=fact")))
    searched = text_of(client.get(people.searched(client, listed(round), "第1镇")))
    ordered = text_of(client.get(listed(round, "?sort=-number")))
    book = client.post(reverse("evaluation:round_appeals_export", args=[round.pk]))

    assert title_of(whole) == "2 件申诉，1 件还没有决定"
    assert "第2镇" in filtered
    assert "第1镇" not in filtered
    assert "没有符合条件的记录" in kind
    assert "第2镇" not in searched
    assert ordered.index("第2镇") < ordered.index("第1镇")
    assert [row[1] for row in sheet_rows(book.content)[1:]] == ["第1镇", "第2镇"]
    assert Entry.objects.filter(action="export.appeals").exists()


def test_list_of_a_unit_holds_its_own_only_and_empty_says_what_to_do(place, round) -> None:
    told.filed(place, round, place.towns[0])

    own = text_of(browser(place.heads[place.towns[0].pk]).get(listed(round)))
    other = browser(place.heads[place.towns[1].pk]).get(listed(round))
    stranger = browser(people.user_with(Role.CASE_OFFICE)).get(listed(round))

    assert "第1镇" in own
    assert title_of(other) == "这一轮还没有申诉"
    assert "第1镇" not in text_of(other)
    assert "对有异议的那一分提出" in text_of(other)
    assert stranger.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_the_same_however_many(place, round, count) -> None:
    for town in place.towns[:count]:
        told.filed(place, round, town)

    assert queries_of(browser(place.officer), listed(round)) == 12


def test_entrance_leads_to_the_current_rounds_appeals(place, round) -> None:
    response = browser(place.officer).get(reverse("evaluation:appeal_list"))

    assert response["Location"] == listed(round)


def test_settle_page_names_what_is_in_the_way(place, round) -> None:
    told.filed(place, round, place.towns[0])
    address = reverse("evaluation:round_settle", args=[round.pk])
    with time_machine.travel(told.LATE, tick=False):
        client = browser(place.officer)
        asked = text_of(client.get(address))
        refused = client.post(address)

    assert "还有 1 件申诉没有决定：第1号（第1镇）" in asked
    assert refused.status_code == 422


def test_extend_by_the_page_wants_a_reason_and_tells_the_units(place, round) -> None:
    address = reverse("evaluation:round_extend_appeals", args=[round.pk])
    with time_machine.travel(told.FILING, tick=False):
        client = browser(place.officer)
        empty = client.post(address, {"days": "2", "reason": ""})
        client.post(address, {"days": "2", "reason": "系统停机"})

    head = place.heads[place.towns[0].pk]
    assert "请写明延长理由" in text_of(empty)
    assert Message.objects.filter(recipient=head, body__contains="2026-04-17").count() == 1
