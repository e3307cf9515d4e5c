"""A draft edited on pages, part by part: change, add, take out, move, order."""

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
from qingfeng.evaluation.scoring import scheme as core
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


def review_of(version: SchemeVersion, code: str) -> core.ReviewChannel:
    found = next(entry for _, _, entry in queries.scheme_of(version).channels() if entry.code == code)
    assert isinstance(found, core.ReviewChannel)
    return found


def name_of(version: SchemeVersion, code: str) -> str:
    return next(entry.name for _, entry in queries.scheme_of(version).indicators() if entry.code == code)


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


def test_edit_weight_shows_what_is_wrong_and_where_to_mend_it(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1")

    client.post(at, form_of(client.get(at), weight="4"))

    shown = client.get(page(draft))
    assert title_of(shown) == "5 个维度、36 项指标，草稿还有 1 处要改"
    assert "维度权重之和为 101，应为 100" in text_of(shown)
    assert "改好下面列出的各处再发布" in text_of(shown)


def test_edit_with_a_word_for_a_number_says_so_at_the_field(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1")

    response = client.post(at, form_of(client.get(at), weight="三分"))

    assert response.status_code == 422
    assert "请填写数字" in text_of(response)
    assert 'value="三分"' in response.content.decode()


def test_edit_after_somebody_else_changed_the_draft_overwrites_nothing(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1")
    stale = form_of(client.get(at), name="旧页面上写的")
    client.post(at, form_of(client.get(at), name="先保存的"))

    response = client.post(at, stale)

    draft.refresh_from_db()
    assert response.status_code == 409
    assert "别人已经修改过这份内容" in text_of(response)
    assert name_of(draft, "A1") == "先保存的"


def test_edit_of_a_published_version_is_refused(officer, shipped) -> None:
    client = browser(officer)
    at = part(shipped[0], "dimensions/A/indicators/A1")

    response = client.post(at, form_of(client.get(at), name="改名"))

    assert response.status_code == 403
    assert "方案一经发布不再修改" in text_of(response)


def test_rows_are_added_and_emptied_ones_left_out(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1/channels/A1.review")
    shown = form_of(client.get(at))

    moved = {"reviewers-2-department": "zuzhi", "reviewers-2-substitute": "dangfeng"}
    client.post(at, shown | {"reviewers-0-department": ""} | moved)

    draft.refresh_from_db()
    channel = review_of(draft, "A1.review")
    assert [row.department for row in channel.reviewers] == ["dangxiao", "zuzhi"]


def test_add_an_indicator_with_a_channel_a_term_and_a_rule(officer, draft) -> None:
    client = browser(officer)

    def add(to: str, kind: str = "", **values: Any) -> str:
        address = part(draft, to, "scheme_part_add", "to") + (f"&kind={kind}" if kind else "")
        response = client.post(address, form_of(client.get(address), **values))
        assert response.status_code == 302, text_of(response)
        return str(response["Location"])

    add("dimensions/A/indicators", name="抓好新任务", weight="1")
    add("dimensions/A/indicators/A11/channels", "data", supplier="anguan")
    add("dimensions/A/indicators/A11/channels/A11.data/terms", "ladder", label="逐项扣分", points="1")
    add(
        "dimensions/A/indicators/A11/channels/A11.data/terms/t1/rules",
        label="逾期",
        points="0.5",
        **{"match.kinds": "light", "match.leader": "on"},
    )

    text = text_of(client.get(page(draft, "scheme_indicator", "A11")))
    assert "数据计分 100%" in text
    assert "逾期：每件扣 0.5 分" in text


def test_add_and_remove_a_dimension(officer, draft) -> None:
    client = browser(officer)
    add = part(draft, "dimensions", "scheme_part_add", "to")

    client.post(add, form_of(client.get(add), name="新的方面"))
    added = text_of(client.get(page(draft)))
    asked = text_of(client.get(part(draft, "dimensions/A", "scheme_part_remove")))
    client.post(part(draft, "dimensions/F", "scheme_part_remove"))

    assert "F 新的方面" in added
    assert "连同其中的 10 项指标" in asked
    assert "新的方面" not in text_of(client.get(page(draft), {"part": "history"}))
    draft.refresh_from_db()
    assert len(queries.scheme_of(draft).dimensions) == 5


def test_parts_that_are_not_there_are_not_found(officer, draft) -> None:
    client = browser(officer)

    for address in (
        part(draft, "dimensions/Z"),
        part(draft, "dimensions/A/weight"),
        part(draft, "settings", "scheme_part_remove"),
        part(draft, "dimensions/Z", "scheme_part_add", "to"),
    ):
        assert (address, client.get(address).status_code) == (address, 404)


def test_move_an_item_up_changes_the_order(officer, draft) -> None:
    client = browser(officer)
    at = part(draft, "dimensions/A/indicators/A1/channels/A1.review/items/i2", "scheme_part_move")

    client.post(at, {"way": "up", "digest": draft.digest})

    draft.refresh_from_db()
    channel = review_of(draft, "A1.review")
    assert [item.code for item in channel.items] == ["i2", "i1"]


def test_order_of_the_one_fact_rule_is_typed_as_numbers(officer, draft) -> None:
    client = browser(officer)
    shown = form_of(client.get(page(draft), {"part": "order"}))

    client.post(page(draft, "scheme_order"), shown | {"order-D1": "0"})

    draft.refresh_from_db()
    orders = {entry.code: entry.order for _, entry in queries.scheme_of(draft).indicators()}
    assert (orders["D1"], orders["A2"], sorted(orders.values())) == (1, 2, list(range(1, 37)))


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
