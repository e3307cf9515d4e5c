"""The pages on which a unit reports: what it has to do, its evidence, hand-in, sign-off, returns."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import rounds
from qingfeng.evaluation.actions import submissions as actions
from qingfeng.evaluation.models.submissions import EvidenceFile, Submission
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, part_of, queries_of, said, sheet_rows, text_of, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def late_march():
    with time_machine.travel(stories.moment(3, 25), tick=False):
        yield


@pytest.fixture
def place() -> stories.City:
    return stories.city()


@pytest.fixture
def town(place):
    return place.towns[0]


@pytest.fixture
def row(place, town) -> Submission:
    return stories.submission_of(stories.opened(place), town)


def page(row: Submission, name: str = "submission", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[row.pk, *args])


def test_submission_page_of_a_liaison_says_how_much_until_when(place, town, row) -> None:
    response = browser(place.liaisons[town.pk]).get(page(row))

    assert title_of(response) == "请在 3 月 31 日前报送 2 项材料，还有 2 项没写"
    assert "坚定理想信念" in text_of(response)
    assert "学习计划、记录" in text_of(response)
    assert "还剩 6 天" in text_of(response)
    assert "请先写好并保存自评报告" in text_of(response)


def test_submission_page_out_of_scope_is_not_found(place, row) -> None:
    other = browser(place.liaisons[place.towns[1].pk])
    admin = browser(people.user_with(Role.SYSTEM_ADMIN))

    assert other.get(page(row)).status_code == 404
    assert admin.get(page(row)).status_code == 404


def test_save_report_keeps_the_text_and_says_so(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])

    response = client.post(page(row, "submission_report"), {"self_report": "学习四次", "lock": row.lock})

    row.refresh_from_db()
    assert response.status_code == 302
    assert row.self_report == "学习四次"
    assert said(response) == ["自评报告已保存。"]


def test_save_report_after_somebody_else_saved_shows_both_and_overwrites_nothing(place, town, row) -> None:
    stale = row.lock
    actions.save_report(
        submission=row,
        self_report="负责人写的",
        lock=row.lock,
        by=place.heads[town.pk],
        at=stories.COLLECTING,
    )
    client = browser(place.liaisons[town.pk])

    response = client.post(page(row, "submission_report"), {"self_report": "联络员写的", "lock": stale})

    row.refresh_from_db()
    assert response.status_code == 409
    assert "别人已经修改过" in text_of(response)
    assert "负责人写的" in text_of(response)
    assert "联络员写的" in text_of(response)
    assert row.self_report == "负责人写的"
    assert f'name="lock" value="{row.lock}"' in response.content.decode()


def test_save_report_by_an_outsider_is_refused_with_the_sentence(place, row) -> None:
    response = browser(place.officer).post(
        page(row, "submission_report"), {"self_report": "改一改", "lock": row.lock}
    )

    assert response.status_code == 403
    assert "仅本单位的联络员和负责人可以填报。" in text_of(response)


def test_evidence_page_says_what_is_wanted_and_leads_on(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])

    shown = client.get(page(row, "evidence", "A1"))
    response = client.post(page(row, "evidence", "A1"), {"text": "开展学习四次", "seen": "", "next": "1"})

    assert "学习计划" in text_of(shown)
    assert "请写情况说明" not in text_of(shown)
    assert "第 1 项，共 2 项" in text_of(shown)
    assert response["Location"] == page(row, "evidence", "B1")
    assert row.evidence.get(indicator="A1").text == "开展学习四次"


def test_evidence_with_a_file_is_listed_and_opens_for_the_unit_alone(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    upload = SimpleUploadedFile("学习记录.txt", "第一季度学习记录".encode())

    client.post(page(row, "evidence", "A1"), {"text": "见附件", "seen": "", "uploads": upload, "done": "1"})

    version = EvidenceFile.objects.get().attachment.versions.get()
    url = reverse("documents:file", args=[version.pk])
    shown = client.get(page(row, "evidence", "A1"), headers={"Accept-Language": "en-US"})
    assert "学习记录.txt 24 字节" in text_of(shown)
    assert client.get(url).status_code == 200
    assert browser(place.liaisons[place.towns[1].pk]).get(url).status_code == 404


def test_evidence_file_marked_as_classified_is_refused_and_nothing_is_kept(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    upload = SimpleUploadedFile("通知（秘密★1年）.txt", "内容".encode())

    response = client.post(page(row, "evidence", "A1"), {"text": "见附件", "seen": "", "uploads": upload})

    assert response.status_code == 403
    assert "密" in text_of(response)
    assert not row.evidence.exists()


def test_evidence_file_of_an_unknown_kind_is_refused_beside_the_field(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    upload = SimpleUploadedFile("程序.exe", b"MZ\x90\x00" + bytes(200))

    response = client.post(page(row, "evidence", "A1"), {"text": "见附件", "seen": "", "uploads": upload})

    assert response.status_code == 422
    assert "见附件" in text_of(response)
    assert not row.evidence.exists()


def test_remove_file_takes_it_from_the_item_and_keeps_the_record(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    upload = SimpleUploadedFile("学习记录.txt", "第一季度学习记录".encode())
    client.post(page(row, "evidence", "A1"), {"text": "见附件", "seen": "", "uploads": upload})
    link = EvidenceFile.objects.get()

    response = client.post(page(row, "evidence_file_remove", "A1", link.pk))

    link.refresh_from_db()
    assert said(response)[-1] == "文件已移除。"
    assert link.removed_by == place.liaisons[town.pk]
    assert "还没有文件" in text_of(client.get(page(row, "evidence", "A1")))


def test_evidence_written_meanwhile_by_another_is_a_conflict(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    stories.filled_in(place, row.round_unit.round, town)

    response = client.post(page(row, "evidence", "A1"), {"text": "我写的", "seen": ""})

    assert response.status_code == 409
    assert "我写的" in text_of(response)
    assert row.evidence.get(indicator="A1").text == "开展学习四次"


def test_evidence_of_an_indicator_that_asks_for_none_is_not_found(place, town, row) -> None:
    assert browser(place.liaisons[town.pk]).get(page(row, "evidence", "A2")).status_code == 404


def test_hand_in_without_gaps_asks_once_and_waits_for_the_head(place, town, row) -> None:
    stories.filled_in(place, row.round_unit.round, town)
    client = browser(place.liaisons[town.pk])

    asked = client.get(page(row, "submission_hand_in"))
    client.post(page(row, "submission_hand_in"))

    row.refresh_from_db()
    assert title_of(asked) == "提交负责人审签？"
    assert row.state == "submitted"
    assert title_of(client.get(page(row))) == "已经提交，等本单位负责人审签"


def test_hand_in_with_gaps_names_them_and_wants_the_word(place, town, row) -> None:
    stories.filled_in(place, row.round_unit.round, town, gaps=1)
    client = browser(place.liaisons[town.pk])

    asked = client.get(page(row, "submission_hand_in"))
    refused = client.post(page(row, "submission_hand_in"))
    client.post(page(row, "submission_hand_in"), {"with_gaps": "on"})

    row.refresh_from_db()
    assert "严肃党内政治生活" in text_of(asked)
    assert refused.status_code == 422
    assert row.state == "submitted"


def test_hand_in_by_the_head_is_refused_with_the_sentence(place, town, row) -> None:
    response = browser(place.heads[town.pk]).get(page(row, "submission_hand_in"))

    assert response.status_code == 403
    assert "仅本单位联络员可以提交审签。" in text_of(response)


def test_head_signs_and_the_page_says_that_nothing_is_left_to_do(place, town, row) -> None:
    stories.handed_in(place, row.round_unit.round, town)
    client = browser(place.heads[town.pk])

    before = client.get(page(row))
    client.post(page(row, "submission_sign"))

    assert title_of(before) == "请审签：自评报告和 2 项材料"
    assert title_of(client.get(page(row))) == "2 项材料已报送，现在不用再做什么"


def test_head_sends_back_with_a_reason_that_the_liaison_sees(place, town, row) -> None:
    stories.handed_in(place, row.round_unit.round, town)

    empty = browser(place.heads[town.pk]).post(page(row, "submission_send_back"), {"reason": " "})
    browser(place.heads[town.pk]).post(page(row, "submission_send_back"), {"reason": "数字不对"})

    shown = browser(place.liaisons[town.pk]).get(page(row))
    assert empty.status_code == 422
    assert "负责人退回修改" in title_of(shown)
    assert "数字不对" in text_of(shown)


def test_returned_item_is_shown_first_and_offered_again(place, town) -> None:
    round = stories.in_review(place)
    row = stories.submission_of(round, town)
    item = row.evidence.get(indicator="A1")
    actions.return_evidence(
        item=item,
        reason="没有签到表",
        due_on=dt.date(2026, 4, 6),
        by=place.scorers["xuanchuan"],
        at=stories.REVIEWING,
    )
    client = browser(place.liaisons[town.pk])

    shown = client.get(page(row))
    data = {"text": "补了签到表", "seen": item.changed_at.isoformat(), "done": "1"}
    client.post(page(row, "evidence", "A1"), data)

    item.refresh_from_db()
    assert title_of(shown) == "有 1 项材料被退回，请在 4 月 6 日前补正"
    assert "没有签到表" in text_of(shown)
    assert (item.state, item.text) == ("offered", "补了签到表")


def test_signed_item_that_was_not_returned_cannot_be_changed_and_the_page_says_why(place, town) -> None:
    row = stories.submission_of(stories.in_review(place), town)
    client = browser(place.liaisons[town.pk])
    item = row.evidence.get(indicator="A1")

    shown = client.get(page(row, "evidence", "A1"))
    response = client.post(
        page(row, "evidence", "A1"), {"text": "改一改", "seen": item.changed_at.isoformat()}
    )

    assert "请评分部门退回这一项" in text_of(shown)
    assert response.status_code == 403


def test_officer_returns_the_whole_with_a_date(place, town) -> None:
    row = stories.submission_of(stories.in_review(place), town)
    client = browser(place.officer)

    late = client.post(page(row, "submission_return"), {"reason": "过于笼统", "due_on": "2026-03-01"})
    client.post(page(row, "submission_return"), {"reason": "过于笼统", "due_on": "2026-04-05"})

    row.refresh_from_db()
    assert late.status_code == 422
    assert (row.state, row.return_reason) == ("returned", "过于笼统")
    assert browser(place.liaisons[town.pk]).get(page(row, "submission_return")).status_code == 403


def test_carry_over_without_an_earlier_round_says_so(place, town, row) -> None:
    response = browser(place.liaisons[town.pk]).post(page(row, "submission_carry_over"))

    assert said(response) == ["没有上一轮的报送材料可以沿用"]


def test_carry_over_brings_last_rounds_words_and_files_that_can_be_opened(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])
    upload = SimpleUploadedFile("学习记录.txt", "第一季度学习记录".encode())
    client.post(page(row, "evidence", "A1"), {"text": "开展学习四次", "seen": "", "uploads": upload})
    version = row.round_unit.round.scheme_version
    following = rounds.plan(
        year=2026, quarter=2, scheme_version=version, by=place.officer, at=stories.moment(4, 20)
    )
    rounds.open_round(round=following, by=place.officer, at=stories.moment(4, 21))
    later = stories.submission_of(following, town)

    response = client.post(page(later, "submission_carry_over"))

    item = later.evidence.get()
    assert said(response)[-1].startswith("没写的项目已沿用上季内容")
    assert (item.text, item.carried_over) == ("开展学习四次", True)
    assert "学习记录.txt" in text_of(client.get(page(later, "evidence", "A1")))
    file_url = reverse(
        "documents:file", args=[EvidenceFile.objects.order_by("pk")[0].attachment.versions.get().pk]
    )
    assert client.get(file_url).status_code == 200
    assert "沿用上季" in text_of(client.get(page(later)))


def test_entry_leads_a_unit_to_its_page_and_an_officer_to_the_list(place, town, row) -> None:
    entry = reverse("evaluation:submission_list")

    assert browser(place.liaisons[town.pk]).get(entry)["Location"] == page(row)
    assert browser(place.officer).get(entry)["Location"] == reverse(
        "evaluation:round_submissions", args=[row.round_unit.round_id]
    )


def test_entry_before_the_first_round_says_that_there_is_none(place) -> None:
    response = browser(place.officer).get(reverse("evaluation:submission_list"))

    assert title_of(response) == "还没有进行中的评价"


def test_list_counts_and_filters_and_exports_with_an_audit_line(place, town, row) -> None:
    round = row.round_unit.round
    stories.signed(place, round, town)
    client = browser(place.officer)
    url = reverse("evaluation:round_submissions", args=[round.pk])

    shown = client.get(url)
    filtered = client.get(url, {"state": "signed"})
    exported = client.post(reverse("evaluation:round_submissions_export", args=[round.pk]))

    assert title_of(shown) == "4 个单位里 1 个已报送，3 个还没报"
    assert "共 1 个单位" in text_of(filtered)
    assert len(sheet_rows(exported.content)) == 5
    assert Entry.objects.filter(action="export.submissions", detail__rows=4).exists()


def test_list_asks_the_database_the_same_for_one_row_as_for_three(place, row) -> None:
    round = row.round_unit.round
    client = browser(place.officer)
    url = reverse("evaluation:round_submissions", args=[round.pk])

    three = queries_of(client, url)
    one = queries_of(client, f"{url}?q=第1镇")

    assert three == one


def test_evidence_fragment_equals_the_reloaded_page(place, town, row) -> None:
    client = browser(place.liaisons[town.pk])

    whole = client.get(page(row))

    assert "还没写" in part_of(whole, "evidence")
