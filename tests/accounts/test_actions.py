from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.accounts import gateways
from qingfeng.accounts.actions import accounts, preferences
from qingfeng.accounts.models import AccountChange, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core import preferences as declared
from qingfeng.core.errors import Conflict, Denied, Refused
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import ENCODED, UserFactory
from tests.factories.organizations import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def system_admin() -> User:
    return stories.user_with(Role.SYSTEM_ADMIN)


@pytest.fixture
def security_admin() -> User:
    return stories.user_with(Role.SECURITY_ADMIN)


def test_open_account_gives_a_temporary_password_that_must_be_changed(system_admin: User) -> None:
    person = PersonFactory.create()

    opened = accounts.open_account(
        username="Li.Ming", name="李明", by=system_admin, at=clock.now(), reason="新任职", person=person
    )

    user = User.objects.get(username="li.ming")
    assert user.check_password(opened.password)
    assert user.must_change_password
    assert user.person == person
    assert AccountChange.objects.get().reason == "新任职"
    assert "新任职" not in str(Entry.objects.get(action="user.opened").detail)


def test_open_account_with_a_settled_hash_asks_for_no_change(system_admin: User) -> None:
    opened = accounts.open_account(
        username="demo", name="演示", by=system_admin, at=clock.now(), reason="演示", encoded=ENCODED
    )

    assert opened.password == ""
    assert not opened.user.must_change_password


@pytest.mark.parametrize("username", ["", "1abc", "ab", "李明", "a b c"])
def test_open_account_with_a_bad_name_says_what_a_name_is(system_admin: User, username: str) -> None:
    with pytest.raises(Refused, match="登录名用 3 至 40 个"):
        accounts.open_account(username=username, name="李", by=system_admin, at=clock.now(), reason="x")


def test_open_account_with_a_taken_name_is_refused(system_admin: User) -> None:
    UserFactory.create(username="liming")

    with pytest.raises(Refused, match="已有人使用"):
        accounts.open_account(username="LiMing", name="李", by=system_admin, at=clock.now(), reason="x")


def test_open_second_account_of_a_person_is_refused(system_admin: User) -> None:
    person = UserFactory.create(person=PersonFactory.create()).person

    with pytest.raises(Refused, match="一人只开一个"):
        accounts.open_account(
            username="second", name="李", by=system_admin, at=clock.now(), reason="x", person=person
        )


def test_open_account_without_a_reason_changes_nothing(system_admin: User) -> None:
    with pytest.raises(Refused, match="请写明依据"):
        accounts.open_account(username="noreason", name="李", by=system_admin, at=clock.now(), reason=" ")

    assert not User.objects.filter(username="noreason").exists()


def test_open_account_by_security_administrator_is_denied(security_admin: User) -> None:
    with pytest.raises(Denied, match="系统管理员"):
        accounts.open_account(username="abc", name="李", by=security_admin, at=clock.now(), reason="x")


def test_disable_and_enable_leave_their_reasons(system_admin: User) -> None:
    user = stories.user_with(Role.CONDUCT_OFFICE)

    accounts.disable(account=user, by=system_admin, at=clock.now(), reason="调离")
    held_while_disabled = user.holds(Role.CONDUCT_OFFICE)
    accounts.enable(account=user, by=system_admin, at=clock.now(), reason="调回")

    assert not held_while_disabled
    assert user.holds(Role.CONDUCT_OFFICE)
    assert [change.reason for change in user.changes.order_by("pk")] == ["调离", "调回"]


def test_disable_a_seat_holder_asks_for_a_handover_first(system_admin: User, security_admin: User) -> None:
    with pytest.raises(Denied, match="先办理交接"):
        accounts.disable(account=security_admin, by=system_admin, at=clock.now(), reason="调离")


def test_reset_password_opens_the_lock(system_admin: User) -> None:
    user = UserFactory.create()
    gateways.lock(user.username, now=clock.now(), duration=dt.timedelta(minutes=30))

    opened = accounts.reset_password(account=user, by=system_admin, at=clock.now(), reason="本人申请")

    user.refresh_from_db()
    assert user.check_password(opened.password)
    assert user.must_change_password
    assert gateways.locked_until(user.username, clock.now()) is None


def test_reset_password_of_a_seat_holder_is_denied(system_admin: User, security_admin: User) -> None:
    with pytest.raises(Denied, match="两人在场"):
        accounts.reset_password(account=security_admin, by=system_admin, at=clock.now(), reason="x")


def test_temporary_passwords_have_four_classes_and_differ() -> None:
    made = {accounts.temporary_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        assert any(c.islower() for c in password)
        assert any(c.isupper() for c in password)
        assert any(c.isdigit() for c in password)
        assert any(not c.isalnum() for c in password)


def test_change_preference_is_audited_with_both_values(system_admin: User) -> None:
    preferences.change(key="password_history", value=8, by=system_admin, at=clock.now(), seen=5)

    assert declared.get("password_history") == 8
    assert Entry.objects.get(action="setting.change").detail == {
        "key": "password_history",
        "before": 5,
        "after": 8,
    }


@pytest.mark.parametrize("value", ["5", 99, -1, True])
def test_change_preference_to_a_value_that_does_not_fit_is_refused(system_admin: User, value) -> None:
    with pytest.raises(Refused):
        preferences.change(key="password_history", value=value, by=system_admin, at=clock.now())


def test_change_preference_someone_changed_meanwhile_is_a_conflict(system_admin: User) -> None:
    preferences.change(key="password_history", value=8, by=system_admin, at=clock.now(), seen=5)

    with pytest.raises(Conflict):
        preferences.change(key="password_history", value=3, by=system_admin, at=clock.now(), seen=5)

    assert declared.get("password_history") == 8


def test_change_preference_by_another_is_denied(security_admin: User) -> None:
    with pytest.raises(Denied, match="系统管理员"):
        preferences.change(key="password_history", value=8, by=security_admin, at=clock.now())
