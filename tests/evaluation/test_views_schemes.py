"""The pages of schemes: lists, versions in words, comparison, publication."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import schemes as actions
from qingfeng.evaluation.enums import VersionState
from qingfeng.evaluation.models.schemes import SchemeVersion
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, queries_of, text_of, title_of
from tests.evaluation.typed import form_of

pytestmark = pytest.mark.django_db
AT = stories.moment(1, 5)


@pytest.fixture
def officer():
    return people.user_with(Role.CONDUCT_OFFICE, name="党风室经办")


@pytest.fixture
def shipped() -> list[SchemeVersion]:
    return actions.install_shipped_schemes(by=SYSTEM, at=AT)


@pytest.fixture
def draft(officer, shipped) -> SchemeVersion:
    return actions.create_draft_from(version=shipped[0], by=officer, at=AT)


def page(version: SchemeVersion, name: str = "scheme", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[version.pk, *args])


def part(version: SchemeVersion, at: str, name: str = "scheme_part", key: str = "at") -> str:
    return f"{page(version, name)}?{key}={at}"


def test_list_shows_both_shipped_schemes(officer, shipped) -> None:
    response = browser(officer).get(reverse("evaluation:scheme_list"))

    assert title_of(response) == "2 个方案版本"
    assert "政治生态评价指标体系（5个维度36项指标）" in text_of(response)
    assert "随平台提供" in text_of(response)


@pytest.mark.parametrize("tab", ["indicators", "settings", "order", "tables", "history"])
@pytest.mark.parametrize("number", [0, 1])
def test_every_tab_of_both_shipped_schemes_opens(officer, shipped, tab, number) -> None:
    response = browser(officer).get(page(shipped[number]), {"part": tab})

    assert response.status_code == 200


def test_version_marks_the_names_of_the_article_and_each_basis(officer, shipped) -> None:
    response = browser(officer).get(page(shipped[0]))

    body = response.content.decode()
    assert title_of(response) == "5 个维度、36 项指标，已发布"
    assert body.count("文章原名</span>") == 6
    assert {"待核实", "已核实"} <= set(text_of(response).split())


def test_indicator_says_in_words_who_scores_and_how(officer, shipped) -> None:
    response = browser(officer).get(page(shipped[0], "scheme_indicator", "A1"))

    text = text_of(response)
    assert "部门评审 70%" in text
    assert "宣传部，评本单位时由纪委监委党风室代评" in text
    assert "学习计划、记录、体会缺项，每项：扣 0.2 分" in text


def test_list_and_version_of_those_whom_it_does_not_concern_are_not_found(shipped, draft) -> None:
    admin = browser(people.user_with(Role.SYSTEM_ADMIN))
    scorer = browser(people.user_with(Role.SCORING_DEPARTMENT))

    assert admin.get(reverse("evaluation:scheme_list")).status_code == 404
    assert admin.get(page(shipped[0])).status_code == 404
    assert scorer.get(page(shipped[0])).status_code == 200
    assert scorer.get(page(draft)).status_code == 404


@pytest.mark.parametrize(
    "name", ["scheme_draft", "scheme_copy", "scheme_publish", "scheme_import", "scheme_part"]
)
def test_step_by_a_leader_is_refused_with_the_reason(shipped, name) -> None:
    response = browser(people.user_with(Role.SECRETARY)).get(page(shipped[0], name))

    assert response.status_code == 403
    assert "评价工作由党风室组织" in text_of(response)


def test_draft_is_begun_from_the_page_and_shown(officer, shipped) -> None:
    client = browser(officer)

    response = client.post(page(shipped[0], "scheme_draft"), {"note": "提高作风权重"})

    made = SchemeVersion.objects.get(state=VersionState.DRAFT)
    assert response["Location"] == page(made)
    assert title_of(client.get(page(made))) == "5 个维度、36 项指标，草稿已齐全，可以发布"


def test_second_draft_is_refused_in_words(officer, draft) -> None:
    response = browser(officer).post(page(draft.based_on, "scheme_draft"), {"note": ""})

    assert response.status_code == 422
    assert "本方案已有一份草稿" in text_of(response)


def test_copy_with_a_taken_slug_is_refused_beside_the_form(officer, shipped) -> None:
    client = browser(officer)

    taken = client.post(page(shipped[0], "scheme_copy"), {"name": "另一套", "slug": shipped[1].scheme.slug})
    made = client.post(page(shipped[0], "scheme_copy"), {"name": "另一套", "slug": "other"})

    assert "方案标识为空或已被使用" in text_of(taken)
    assert made.status_code == 302


def test_compare_shows_both_values_at_their_place(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1")
    client.post(at, form_of(client.get(at), weight="4"))

    response = client.get(page(draft, "scheme_compare"))

    assert title_of(response) == "第 2 版与第 1 版有 2 处不同"
    assert "A1 坚定理想信念 1 处 位置 第 1 版 第 2 版 权重 3 4" in text_of(response)


def test_compare_with_an_invisible_version_is_not_found(shipped, draft) -> None:
    scorer = browser(people.user_with(Role.SCORING_DEPARTMENT))

    assert scorer.get(page(shipped[0], "scheme_compare"), {"with": draft.pk}).status_code == 404


def test_publish_names_what_it_freezes_and_retire_wants_a_reason(officer, draft) -> None:
    client = browser(officer)

    asked = text_of(client.get(page(draft, "scheme_publish")))
    client.post(page(draft, "scheme_publish"))
    empty = client.post(page(draft, "scheme_retire"), {"reason": ""})
    client.post(page(draft, "scheme_retire"), {"reason": "常委会决定不用"})

    draft.refresh_from_db()
    assert "固定 5 个维度、36 项指标和它们的权重" in asked
    assert empty.status_code == 422
    assert draft.state == VersionState.RETIRED
    assert "常委会决定不用" in text_of(client.get(page(draft), {"part": "history"}))


def test_publish_of_a_faulty_draft_lists_the_faults(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1")
    client.post(at, form_of(client.get(at), weight="4"))

    response = client.post(page(draft, "scheme_publish"))

    assert response.status_code == 422
    assert "维度权重之和为 101" in text_of(response)


def test_statements_of_the_list_do_not_grow_with_the_versions(officer, shipped) -> None:
    client = browser(officer)
    few = queries_of(client, reverse("evaluation:scheme_list"))
    for number in range(3):
        actions.create_scheme(slug=f"s{number}", name=f"第{number}套", based_on=shipped[0], by=officer, at=AT)

    assert queries_of(client, reverse("evaluation:scheme_list")) == few
