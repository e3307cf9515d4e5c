from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from qingfeng.accounts.enums import AccountChangeKind
from qingfeng.accounts.models import AccountChange, AdminSeat, Grant, PasswordRecord, SeatHandover, User
from qingfeng.core import clock
from qingfeng.core.roles import Role

PASSWORD = "Yunchuan-2026"
ENCODED = make_password(PASSWORD)
"""One hash for every test, since hashing is slow by design."""


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"user{n}")
    name = Sequence(lambda n: f"干部{n}")
    password = ENCODED
    password_changed_at = LazyFunction(clock.now)


class GrantFactory(DjangoModelFactory[Grant]):
    class Meta:
        model = Grant

    user = SubFactory(UserFactory)
    role = Role.CONDUCT_OFFICE
    starts_on = dt.date(2020, 1, 1)
    reason = "任职文件"


class AdminSeatFactory(DjangoModelFactory[AdminSeat]):
    class Meta:
        model = AdminSeat
        django_get_or_create = ("role",)

    role = Role.SYSTEM_ADMIN
    user = SubFactory(UserFactory)
    since = LazyFunction(clock.now)


class SeatHandoverFactory(DjangoModelFactory[SeatHandover]):
    class Meta:
        model = SeatHandover

    role = Role.SYSTEM_ADMIN
    to_user = SubFactory(UserFactory)
    at = LazyFunction(clock.now)
    reason = "任职文件"


class AccountChangeFactory(DjangoModelFactory[AccountChange]):
    class Meta:
        model = AccountChange

    user = SubFactory(UserFactory)
    what = AccountChangeKind.OPENED
    reason = "新任职"
    at = LazyFunction(clock.now)


class PasswordRecordFactory(DjangoModelFactory[PasswordRecord]):
    class Meta:
        model = PasswordRecord

    user = SubFactory(UserFactory)
    encoded = ENCODED
    at = LazyFunction(clock.now)
