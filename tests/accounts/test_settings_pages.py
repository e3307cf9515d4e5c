from __future__ import annotations

import json

import pytest

from qingfeng.accounts.actions import preferences as actions
from qingfeng.accounts.forms import settings as forms
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import settings as queries
from qingfeng.core import clock, preferences
from qingfeng.core.preferences import Preference
from qingfeng.core.roles import Role
from tests import stories

pytestmark = pytest.mark.django_db
LIST = "/settings/"


@pytest.fixture
def system_admin() -> User:
    return stories.user_with(Role.SYSTEM_ADMIN, name="系统员")


def save(user: User, key: str, value, seen):
    return stories.signed_in(user).post(f"{LIST}{key}/", {"value": value, "seen": json.dumps(seen)})


def test_settings_list_shows_every_declared_setting_with_its_basis(system_admin: User) -> None:
    page = stories.signed_in(system_admin).get(LIST).content.decode()

    for declared in preferences.REGISTRY.values():
        assert declared.label in page
        assert declared.basis in page


def test_settings_list_asks_a_fixed_number_of_questions(
    system_admin: User, django_assert_max_num_queries
) -> None:
    for key in ("password_history", "lock_failures", "commission_name"):
        value = preferences.REGISTRY[key].default
        actions.change(key=key, value=value, by=system_admin, at=clock.now())
    client = stories.signed_in(system_admin)
    client.get(LIST)

    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_every_declared_setting_has_a_form_field() -> None:
    for declared in preferences.REGISTRY.values():
        assert forms.field_for(declared).label == declared.label


@pytest.mark.parametrize("declared", list(preferences.REGISTRY.values()), ids=lambda p: p.key)
def test_default_of_a_setting_fits_its_own_bounds(declared: Preference) -> None:
    assert declared.fault_of(declared.default) == ""


def test_setting_without_a_field_is_an_error() -> None:
    odd = Preference("odd", "怪", object(), "", "建议值", "机关")

    with pytest.raises(TypeError):
        forms.field_for(odd)


def test_save_a_setting_shows_who_changed_it(system_admin: User) -> None:
    response = save(system_admin, "password_history", 8, 5)

    assert response["Location"] == LIST
    row = queries.row("password_history")
    assert row is not None
    assert (row.value, row.is_default, row.changed_by) == (8, False, "系统员")
    page = stories.signed_in(system_admin).get(f"{LIST}password_history/").content.decode()
    assert "改为“8”" in page
    assert "原为“5”" in page


@pytest.mark.parametrize(
    ("key", "value"), [("password_history", "很多"), ("password_history", 99), ("commission_name", "  ")]
)
def test_save_a_setting_that_does_not_fit_keeps_the_old_one(system_admin: User, key: str, value) -> None:
    before = preferences.get(key)

    response = save(system_admin, key, value, before)

    assert response.status_code == 200
    assert response.context["form"].errors["value"]
    assert preferences.get(key) == before


def test_save_a_setting_changed_meanwhile_is_a_conflict_that_keeps_what_was_typed(system_admin: User) -> None:
    actions.change(key="commission_short", value="甲", by=system_admin, at=clock.now())

    response = save(system_admin, "commission_short", "乙", "示例市纪委监委")

    page = response.content.decode()
    assert response.status_code == 409
    assert "别人已经修改过这份内容" in page
    assert 'value="乙"' in page
    assert preferences.get("commission_short") == "甲"
    again = stories.signed_in(system_admin).post(
        f"{LIST}commission_short/", {"value": "乙", "seen": response.context["form"]["seen"].value()}
    )
    assert again.status_code == 302
    assert preferences.get("commission_short") == "乙"


def test_save_a_setting_with_a_broken_seen_value_is_not_accepted(system_admin: User) -> None:
    response = stories.signed_in(system_admin).post(f"{LIST}commission_short/", {"value": "乙", "seen": "{"})

    assert "页面已过期" in response.content.decode()


@pytest.mark.parametrize("path", [LIST, f"{LIST}commission_name/"])
@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.CONDUCT_OFFICE])
def test_settings_are_refused_to_others_with_the_sentence(path: str, role: str) -> None:
    response = stories.signed_in(stories.user_with(role)).get(path)

    assert response.status_code == 403
    assert "设置由系统管理员修改" in response.content.decode()


def test_setting_that_is_not_declared_is_not_found(system_admin: User) -> None:
    assert stories.signed_in(system_admin).get(f"{LIST}nothing/").status_code == 404


LISTED = Preference("days", "提醒天数", [7, 3, 1], "提前几天", "建议值", "提醒")
FLAG = Preference("flag", "开关", True, "", "建议值", "提醒")
CHOICE = Preference("rule", "口径", "a", "", "建议值", "提醒", choices=(("a", "甲"), ("b", "乙")))


@pytest.mark.parametrize(
    ("declared", "typed", "value"),
    [
        (LISTED, "10、5，1", [10, 5, 1]),
        (FLAG, "", False),
        (CHOICE, "b", "b"),
    ],
)
def test_setting_form_reads_each_type(declared: Preference, typed: str, value) -> None:
    form = forms.SettingForm(
        {"value": typed, "seen": json.dumps(declared.default)}, declared=declared, current=declared.default
    )

    assert form.is_valid(), form.errors
    assert form.choice == {"value": value, "seen": declared.default}


@pytest.mark.parametrize(("declared", "typed"), [(LISTED, "七天"), (LISTED, ""), (CHOICE, "c")])
def test_setting_form_refuses_what_is_not_of_the_type(declared: Preference, typed: str) -> None:
    form = forms.SettingForm(
        {"value": typed, "seen": json.dumps(declared.default)}, declared=declared, current=declared.default
    )

    assert not form.is_valid()


@pytest.mark.parametrize(("declared", "words"), [(LISTED, "7、3、1"), (FLAG, "是"), (CHOICE, "甲")])
def test_values_are_said_as_people_read_them(declared: Preference, words: str) -> None:
    assert queries.value_words(declared, declared.default) == words
