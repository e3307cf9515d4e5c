from __future__ import annotations

import copy
import dataclasses

import pytest

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import scheme_parts, schemes
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import schemes as queries
from tests import stories as people
from tests.evaluation import small_scheme, stories

pytestmark = pytest.mark.django_db
NOW = stories.moment(2, 1)


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=1)


def test_install_shipped_schemes_twice_installs_them_once() -> None:
    first = schemes.install_shipped_schemes(by=SYSTEM, at=NOW)
    second = schemes.install_shipped_schemes(by=SYSTEM, at=NOW)

    assert [version.state for version in first] == ["published", "published"]
    assert second == []
    rows = queries.indicator_rows(queries.scheme_of(first[0]))
    assert len(rows) == 36
    assert sum(row.is_from_article for row in rows) == 6


def test_replace_body_of_a_published_version_is_refused(place) -> None:
    version = stories.published(place)

    with pytest.raises(WrongState, match="不再修改"):
        schemes.replace_body(
            version=version, body=version.body, digest=version.digest, by=place.officer, at=NOW
        )


def test_replace_body_after_somebody_else_saved_is_a_conflict(place) -> None:
    version = stories.drafted(place)
    seen = version.digest
    edit(place, version, ("settings",), {"minimum_ballots": 8})

    with pytest.raises(Conflict):
        schemes.replace_body(version=version, body=version.body, digest=seen, by=place.officer, at=NOW)

    assert queries.scheme_of(SchemeVersion.objects.get(pk=version.pk)).settings.minimum_ballots == 8


def test_replace_body_with_a_broken_shape_names_every_fault(place) -> None:
    version = stories.drafted(place)
    body = copy.deepcopy(version.body)
    body["dimensions"][0]["weight"] = "很多"
    del body["dimensions"][1]["name"]

    with pytest.raises(Refused) as refusal:
        schemes.replace_body(version=version, body=body, digest=version.digest, by=place.officer, at=NOW)

    assert len(refusal.value.sentences) == 2
    assert SchemeVersion.objects.get(pk=version.pk).digest == version.digest


INDICATOR = ("dimensions", "A", "indicators", "A1")


def test_edit_part_keeps_the_dimension_the_sum_of_its_indicators(place) -> None:
    version = stories.drafted(place)

    after = edit(place, version, INDICATOR, {"weight": "25"})

    scheme = queries.scheme_of(after)
    assert str(scheme.dimensions[0].weight) == "55"
    differences = queries.compared(small_scheme.make(), scheme)
    assert {row.place for row in differences} == {
        "dimensions[A].weight",
        "dimensions[A].indicators[A1].weight",
    }


def test_edit_part_with_a_weight_that_is_no_number_names_it(place) -> None:
    version = stories.drafted(place)

    with pytest.raises(Refused, match="应为数字"):
        edit(place, version, INDICATOR, {"weight": "很多"})

    assert SchemeVersion.objects.get(pk=version.pk).digest == version.digest


def test_edit_part_that_is_not_there_is_refused(place) -> None:
    with pytest.raises(Refused, match="可能已被删去"):
        edit(place, stories.drafted(place), ("dimensions", "A", "indicators", "Z9"), {})


def edit(
    place: stories.City, version: SchemeVersion, path: tuple[str, ...], changes: dict[str, object]
) -> SchemeVersion:
    return scheme_parts.edit_part(
        version=version, path=path, changes=changes, digest=version.digest, by=place.officer, at=NOW
    )


def test_publish_of_an_incomplete_draft_names_what_is_missing(place) -> None:
    version = stories.drafted(place, dataclasses.replace(small_scheme.make(), departments=()))

    with pytest.raises(Refused) as refusal:
        schemes.publish(version=version, by=place.officer, at=NOW)

    assert refusal.value.sentences
    assert SchemeVersion.objects.get(pk=version.pk).state == "draft"


def test_create_draft_from_while_there_is_one_is_refused(place) -> None:
    version = stories.published(place)
    draft = schemes.create_draft_from(version=version, by=place.officer, at=NOW)

    with pytest.raises(Refused, match="已有一份草稿"):
        schemes.create_draft_from(version=version, by=place.officer, at=NOW)

    assert (draft.number, draft.based_on, draft.digest) == (2, version, version.digest)


def test_create_scheme_under_a_taken_name_is_refused(place) -> None:
    version = stories.published(place)

    with pytest.raises(Refused, match="已被使用"):
        schemes.create_scheme(slug="small", name="另一个", based_on=version, by=place.officer, at=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONDUCT_OFFICE])
def test_scheme_actions_of_any_other_role_are_refused(place, role: str) -> None:
    version = stories.drafted(place)
    other = people.user_with(role)

    with pytest.raises(Denied, match="党风室"):
        schemes.replace_body(version=version, body=version.body, digest=version.digest, by=other, at=NOW)
    with pytest.raises(Denied, match="党风室"):
        schemes.publish(version=version, by=other, at=NOW)


def test_visible_to_takes_drafts_for_the_officers_alone(place) -> None:
    draft = stories.drafted(place)
    liaison = place.liaisons[place.towns[0].pk]

    assert draft in queries.visible_to(place.officer)
    assert draft not in queries.visible_to(liaison)
    assert queries.visible_to(liaison).count() == 2
    assert queries.visible_to(people.user_with(Role.SYSTEM_ADMIN)).count() == 0
