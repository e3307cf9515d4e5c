"""Pages of weights by judgement: the officer's, and each expert's own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import studies as actions
from qingfeng.evaluation.models.studies import WeightStudy
from qingfeng.evaluation.scoring import ahp
from qingfeng.evaluation.workbook import scheme_sheets
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation import study_stories as made
from tests.evaluation.pages import browser, queries_of, said, sheet_rows, text_of, title_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city(1)


def url(name: str, row: object, query: str = "") -> str:
    return reverse(f"evaluation:{name}", args=[row.pk]) + query  # type: ignore[attr-defined]


def fields(values: dict[ahp.Pair, int], lock: int = 0, then: str = "save") -> dict[str, object]:
    return {f"p-{a}|{b}": value for (a, b), value in values.items()} | {"lock": lock, "then": then}


def test_officer_goes_from_the_draft_to_applied_weights_and_back(place):
    draft = stories.drafted(place)
    client = browser(place.officer)
    assert "用层次分析法定权重" in text_of(client.get(url("scheme", draft)))

    client.post(url("weight_begin", draft), {"what": "dimensions:", "places": "2"})
    study = WeightStudy.objects.get()
    client.post(url("weight_paper", study), {"name": "专家甲", "post": "党校", "judged_on": "2026-02-01"})
    expert = study.experts.get()
    client.post(url("judging", expert), fields({("A", "B"): 4}, then="submit"))

    page = client.get(url("weight_study", study))
    assert title_of(page) == "1 位专家已提交，综合的一致性比率 0.000，可以采用"
    assert "80.00%" in text_of(page)
    ask = client.get(url("weight_apply", study))
    assert "加强党的政治建设：60 分 → 80 分" in text_of(ask)
    draft.refresh_from_db()
    client.post(url("weight_apply", study), {"digest": draft.digest})
    assert "权重来源：层次分析法，1 位专家，一致性比率 0.000" in text_of(client.get(url("scheme", draft)))
    assert "判断与采用时一字不差" in text_of(client.get(url("weight_study", study)))

    client.post(url("weight_undo", study), {"reason": "再议"})
    study.refresh_from_db()
    assert study.state == "undone"
    assert "权重来源" not in text_of(client.get(url("scheme", draft)))


def test_scheme_workbook_carries_where_the_weights_come_from_and_reads_back(place):
    study = made.applied(place)
    client = browser(place.officer)

    content = client.post(url("scheme_export", study.version)).content

    rows = sheet_rows(content, len(scheme_sheets.SHEETS))
    assert rows[0][:2] == ["权重", "来源"]
    assert rows[1][1].startswith("权重来源：层次分析法，1 位专家")
    answer = client.post(url("scheme_import", study.version), {"workbook": workbook(content)})
    assert said(answer) == ["表格与草稿完全一样，没有要改的。"]


def test_apply_with_a_stale_digest_says_so_and_changes_nothing(place):
    study = made.begun(place)
    made.on_paper(place, study, "专家甲")

    answer = browser(place.officer).post(url("weight_apply", study), {"digest": "0" * 64})

    assert answer.status_code == 409
    study.refresh_from_db()
    assert study.state == "judging"


@pytest.mark.parametrize("view", ["", "?as=table"])
def test_expert_fills_his_own_matrix_and_reads_how_consistent_it_is(place, view):
    person = people.user_with(Role.SUPERVISION_OFFICE, name="受邀人")
    study = made.begun(place, made.big_draft(place))
    expert = actions.invite(study=study, user=person, by=place.officer, at=made.AT)
    client = browser(person)
    assert title_of(client.get(url("judging", expert, view))) == "请您比一比：5 项当中，哪些更重要"

    client.post(url("judging", expert, view), fields({("A", "B"): 3}))
    assert title_of(client.get(url("judging", expert, view))) == "已比较 1 处，还有 9 处"
    expert.refresh_from_db()
    pairs = ahp.pairs_of("ABCDE")
    wrong = dict(zip(pairs, (2, 4, 8, 8, 2, 4, 4, 2, 2, 1), strict=True)) | {("A", "C"): -9}
    answer = client.post(url("judging", expert, view), fields(wrong, expert.lock, "submit"))

    assert answer.status_code == 422
    assert "超过 0.10" in text_of(answer)
    assert "看得偏轻" in text_of(answer)
    expert.refresh_from_db()
    right = wrong | {("A", "C"): 4}
    answer = client.post(url("judging", expert, view), fields(right, expert.lock, "submit"))
    assert said(answer) == ["判断已提交，谢谢。"]
    assert title_of(client.get(url("judging", expert))) == "已经提交，谢谢您"


def test_another_person_finds_no_matrix_and_no_study(place):
    person = people.user_with(Role.SUPERVISION_OFFICE)
    study = made.begun(place)
    expert = actions.invite(study=study, user=person, by=place.officer, at=made.AT)
    stranger = browser(people.user_with(Role.SUPERVISION_OFFICE))

    assert stranger.get(url("judging", expert)).status_code == 404
    assert browser(person).get(url("weight_study", study)).status_code == 404
    assert browser(place.secretary).get(url("weight_study", study)).status_code == 404
    refused = browser(place.secretary).get(url("weight_begin", study.version))
    assert refused.status_code in {403, 404}


def test_officer_may_not_fill_an_invited_experts_matrix(place):
    study = made.begun(place)
    person = people.user_with(Role.SUPERVISION_OFFICE)
    expert = actions.invite(study=study, user=person, by=place.officer, at=made.AT)

    answer = browser(place.officer).post(url("judging", expert), fields({("A", "B"): 3}))

    assert answer.status_code == 403
    assert "他人不得代填" in text_of(answer)


@pytest.mark.parametrize("value", ["12", "x", "0"])
def test_judgement_off_the_scale_is_refused_and_the_rest_kept_on_the_page(place, value):
    expert = made.expert_in(place, "judging")

    answer = browser(place.officer).post(url("judging", expert), {"p-A|B": value, "lock": "0"})

    assert answer.status_code == 422
    assert not expert.judgements.exists()


def test_workbook_goes_out_and_comes_back(place):
    expert = made.expert_in(place, "judging")
    client = browser(place.officer)

    content = client.post(url("judging_workbook", expert)).content
    answer = client.post(url("judging_upload", expert), {"workbook": workbook(content)})

    assert sheet_rows(content)[1][0] == "A"
    assert answer.status_code == 422
    assert "没有填任何比较" in text_of(answer)


def test_return_and_leave_ask_for_a_reason(place):
    expert = made.expert_in(place, "submitted")
    client = browser(place.officer)

    assert client.post(url("judging_return", expert), {"reason": ""}).status_code == 422
    client.post(url("judging_return", expert), {"reason": "请再想想"})
    expert.refresh_from_db()
    assert expert.state == "judging"
    client.post(url("judging_leave", expert), {"reason": "调离"})
    expert.refresh_from_db()
    assert expert.state == "left"


def test_study_goes_out_as_a_workbook_with_every_matrix(place):
    study = made.applied(place)

    content = browser(place.officer).post(url("weight_study_export", study)).content

    assert sheet_rows(content)[2] == ["比较的各项", "专家甲", "综合"]
    assert sheet_rows(content, 1)[3][2] == "2"
    assert sheet_rows(content, 1)[4][1] == "1/2"


def test_list_searches_filters_sorts_exports_and_says_what_to_do_when_empty(place):
    draft = made.big_draft(place)
    client = browser(place.officer)
    assert "还没有用层次分析法" in text_of(client.get(url("weight_list", draft)))
    made.begun(place, draft)
    made.begun(place, draft, target="indicators", part="A")

    assert title_of(client.get(url("weight_list", draft))) == "2 次权重判断"
    found = client.get(url("weight_list", draft, "?target=indicators&sort=-what&q=A"))
    assert "“加强党的政治建设”内各指标的权重" in text_of(found)
    assert "没有符合条件的" in text_of(client.get(url("weight_list", draft, "?state=applied")))
    assert len(sheet_rows(client.post(url("weight_list_export", draft)).content)) == 3


def test_pages_ask_the_same_number_of_queries_for_more_rows(place):
    draft = made.big_draft(place)
    study = made.begun(place, draft)
    made.on_paper(place, study, "专家甲")
    client = browser(place.officer)
    one = (queries_of(client, url("weight_list", draft)), queries_of(client, url("weight_study", study)))
    made.begun(place, draft, target="indicators", part="A")
    made.begun(place, draft, target="indicators", part="B")
    made.on_paper(place, study, "专家乙")
    made.on_paper(place, study, "专家丙")

    assert (
        queries_of(client, url("weight_list", draft)),
        queries_of(client, url("weight_study", study)),
    ) == one


def test_discard_keeps_the_reason(place):
    study = made.begun(place)

    browser(place.officer).post(url("weight_discard", study), {"reason": "另行征集"})

    assert "另行征集" in text_of(browser(place.officer).get(url("weight_study", study)))
