"""The pages of schemes: lists, versions in words, edits part by part, comparison, Excel, publication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import schemes as actions
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import scheme_parts as parts
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.scoring import scheme_json
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation.pages import browser, text_of, title_of
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
    assert "宣传部（权重 1），评本单位时由纪委监委党风室代评" in text
    assert "学习计划、记录、体会缺项，每项：扣 0.2 分" in text


def places(body: dict[str, Any]) -> Iterator[str]:
    """Yield the place of every part that has a page."""
    yield from ("", "settings", "departments", "answers", "measures", "levels")
    for name in ("adjustments",):
        yield from (f"{name}/{entry['code']}" for entry in body[name])
    yield from (f"settings/downgrades/{entry['code']}" for entry in body["settings"]["downgrades"])
    for dimension in body["dimensions"]:
        here = f"dimensions/{dimension['code']}"
        yield here
        for indicator in dimension["indicators"]:
            yield f"{here}/indicators/{indicator['code']}"
            for channel in indicator["channels"]:
                inside = f"{here}/indicators/{indicator['code']}/channels/{channel['code']}"
                yield inside
                yield from (f"{inside}/items/{item['code']}" for item in channel.get("items", []))
                for term in channel.get("terms", []):
                    yield f"{inside}/terms/{term['code']}"
                    yield from (
                        f"{inside}/terms/{term['code']}/rules/{rule['code']}"
                        for rule in term.get("rules", [])
                    )


def sampled(body: dict[str, Any]) -> list[str]:
    """Return two places of each kind of part, the last ones: those have the rarer fields."""
    by_kind: dict[str, list[str]] = {}
    for at in places(body):
        path = tuple(step for step in at.split("/") if step)
        kind = str((parts.part_at(body, path) or {}).get("kind", "")) if len(path) > 1 else ""
        by_kind.setdefault(f"{at if len(path) < 2 else path[-2]}:{kind}", []).append(at)
    return [at for found in by_kind.values() for at in found[-2:]]


@pytest.mark.parametrize("number", [0, 1])
def test_every_kind_of_part_of_a_shipped_scheme_saved_unchanged_stays_what_it_was(
    officer, shipped, number
) -> None:
    version = actions.create_draft_from(version=shipped[number], by=officer, at=AT)
    client = browser(officer)
    base = queries.scheme_of(version)
    body = scheme_json.to_plain(base)

    for at in sampled(body):
        address = part(version, at)
        response = client.post(address, form_of(client.get(address)))
        version.refresh_from_db()
        assert (at, response.status_code, queries.compared(base, queries.scheme_of(version))) == (at, 302, [])
