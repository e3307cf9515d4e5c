from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qingfeng.accounts.actions import grants, seats
from qingfeng.accounts.models import AdminSeat, Grant, SeatHandover, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from tests import stories
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organizations import UnitFactory

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
