from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qingfeng.accounts import gateways
from qingfeng.accounts.actions import accounts, grants, preferences, seats
from qingfeng.accounts.models import AccountChange, AdminSeat, Grant, SeatHandover, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core import preferences as declared
from qingfeng.core.errors import Conflict, Denied, Refused
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from tests import stories
from tests.factories.accounts import ENCODED, GrantFactory, UserFactory
from tests.factories.organizations import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def system_admin() -> User:
    return stories.user_with(Role.SYSTEM_ADMIN)


@pytest.fixture
def security_admin() -> User:
    return stories.user_with(Role.SECURITY_ADMIN)


def give(account: User, role: str, by: User, **changes) -> Grant:
    values = {"starts_on": TODAY, "reason": "任职文件", **changes}
    return grants.give(account=account, role=role, by=by, at=clock.now(), **values)


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


def test_give_grant_reaches_its_unit_and_no_other(security_admin: User) -> None:
    user, unit, other = UserFactory.create(), UnitFactory.create(), UnitFactory.create()

    give(user, Role.UNIT_LIAISON, security_admin, unit=unit)

    assert user.holds(Role.UNIT_LIAISON, unit=unit)
    assert not user.holds(Role.UNIT_LIAISON, unit=other)
    assert user.units_for(Role.UNIT_LIAISON) == {unit.pk}
    assert Entry.objects.filter(action="grant.give", actor_id=security_admin.pk).exists()


def test_give_grant_of_tomorrow_does_not_hold_today(security_admin: User) -> None:
    user = UserFactory.create()

    give(user, Role.OFFICE, security_admin, starts_on=TODAY + A_DAY)

    assert not user.holds(Role.OFFICE)


@pytest.mark.parametrize("role", sorted(UNIT_BOUND_ROLES))
def test_give_unit_bound_role_without_a_unit_is_denied(security_admin: User, role: str) -> None:
    with pytest.raises(Denied, match="须指明单位"):
        give(UserFactory.create(), role, security_admin)


def test_database_refuses_a_unit_bound_grant_without_a_unit() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantFactory.create(role=Role.UNIT_HEAD, unit=None)


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_give_administrators_role_is_denied_and_refused_by_the_database(
    security_admin: User, role: str
) -> None:
    user = UserFactory.create()

    with pytest.raises(Denied, match="办理交接"):
        give(user, role, security_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantFactory.create(user=user, role=role)


def test_give_grant_to_oneself_is_denied(security_admin: User) -> None:
    with pytest.raises(Denied, match="不得给本人授权"):
        give(security_admin, Role.OFFICE, security_admin)


def test_give_business_role_to_a_seat_holder_is_denied(security_admin: User, system_admin: User) -> None:
    with pytest.raises(Denied, match="不得兼任业务角色"):
        give(system_admin, Role.OFFICE, security_admin)


def test_seat_holder_holds_no_business_role_even_with_a_grant_row(system_admin: User) -> None:
    GrantFactory.create(user=system_admin, role=Role.OFFICE)
    user = User.objects.get(pk=system_admin.pk)

    assert not user.holds(Role.OFFICE)
    assert user.held_grants == []
    assert user.holds(Role.SYSTEM_ADMIN)


def test_give_the_same_role_twice_is_refused(security_admin: User) -> None:
    user = stories.user_with(Role.OFFICE)

    with pytest.raises(Refused, match="已有全部单位的“办公室”角色"):
        give(user, Role.OFFICE, security_admin)


def test_give_grant_lists_every_fault(security_admin: User) -> None:
    closed = UnitFactory.create(active_to=TODAY - A_DAY)

    with pytest.raises(Refused) as refusal:
        give(UserFactory.create(), Role.OFFICE, security_admin, unit=closed, ends_on=TODAY - A_DAY, reason="")

    assert len(refusal.value.sentences) == 3


def test_end_grant_takes_effect_at_once_and_keeps_the_record(security_admin: User) -> None:
    user = stories.user_with(Role.OFFICE)
    grant = user.grants.get()

    grants.end(grant=grant, by=security_admin, at=clock.now(), reason="轮岗")

    assert not User.objects.get(pk=user.pk).holds(Role.OFFICE)
    assert user.grants.active_on(TODAY - A_DAY).exists()
    assert (grant.end_reason, grant.ended_by) == ("轮岗", security_admin)


def test_end_grant_twice_is_denied(security_admin: User) -> None:
    grant = stories.user_with(Role.OFFICE).grants.get()
    grants.end(grant=grant, by=security_admin, at=clock.now(), reason="轮岗")

    with pytest.raises(Denied, match="已经收回"):
        grants.end(grant=grant, by=security_admin, at=clock.now(), reason="轮岗")


def test_seat_first_seats_three_people_once() -> None:
    people: dict[str, tuple[str, str]] = {
        role: (f"admin.{role.split('_')[0]}", "某员") for role in ADMIN_ROLES
    }

    opened = seats.seat_first(people=people, at=clock.now(), reason="设立")

    assert {made.user.seat_role for made in opened.values()} == set(ADMIN_ROLES)
    assert SeatHandover.objects.count() == 3
    with pytest.raises(Refused, match="办理交接"):
        seats.seat_first(people=people, at=clock.now(), reason="设立")


def test_hand_over_seat_records_both_and_moves_the_role(system_admin: User, security_admin: User) -> None:
    successor = UserFactory.create()
    seat = AdminSeat.objects.get(role=Role.SYSTEM_ADMIN)

    seats.hand_over(seat=seat, to=successor, by=security_admin, at=clock.now(), reason="轮岗")

    entry = SeatHandover.objects.get()
    assert (entry.from_user, entry.to_user, entry.by) == (system_admin, successor, security_admin)
    assert successor.holds(Role.SYSTEM_ADMIN)
    assert not User.objects.get(pk=system_admin.pk).holds(Role.SYSTEM_ADMIN)


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_hand_over_own_seat_is_denied(role: str) -> None:
    holder = stories.user_with(role)

    with pytest.raises(Denied):
        seats.hand_over(
            seat=AdminSeat.objects.get(role=role),
            to=UserFactory.create(),
            by=holder,
            at=clock.now(),
            reason="x",
        )


def test_hand_over_to_someone_with_a_business_role_is_refused(
    system_admin: User, security_admin: User
) -> None:
    seat = AdminSeat.objects.get(role=Role.SYSTEM_ADMIN)

    for unfit, sentence in [
        (stories.user_with(Role.OFFICE), "业务角色"),
        (security_admin, "不得兼任"),
        (system_admin, "就是现任"),
        (UserFactory.create(is_active=False), "已经停用"),
    ]:
        with pytest.raises(Refused, match=sentence):
            seats.hand_over(seat=seat, to=unfit, by=security_admin, at=clock.now(), reason="轮岗")


def test_database_refuses_two_seats_of_one_person_and_two_people_on_one_seat(system_admin: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AdminSeat.objects.create(role=Role.AUDIT_ADMIN, user=system_admin, since=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        AdminSeat.objects.create(role=Role.SYSTEM_ADMIN, user=UserFactory.create(), since=clock.now())


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
