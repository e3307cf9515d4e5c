"""How tests come to a situation: by the platform's own actions, or for plain rows by factories."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client

from qingfeng.accounts.models import AdminSeat, User
from qingfeng.core import searches
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES
from qingfeng.organizations.models import Unit
from tests.factories.accounts import AdminSeatFactory, GrantFactory, UserFactory
from tests.factories.organizations import UnitFactory


def user_with(
    role: str,
    unit: Unit | None = None,
    *,
    starts_on: dt.date = dt.date(2020, 1, 1),
    ends_on: dt.date | None = None,
    **fields: Any,
) -> User:
    """Return a user who holds the role, for the unit where one is given (a unit-bound role gets one made).

    `fields` are the user's own (name, username). For a seat of the three it is whoever sits there already.
    """
    if role in ADMIN_ROLES:
        seated = AdminSeat.objects.filter(role=role).select_related("user").first()
        return (
            seated.user
            if seated
            else AdminSeatFactory.create(role=role, user=UserFactory.create(**fields)).user
        )
    user = UserFactory.create(**fields)
    give(user, role, unit, starts_on=starts_on, ends_on=ends_on)
    return user


def give(
    user: User,
    role: str,
    unit: Unit | None = None,
    *,
    starts_on: dt.date = dt.date(2020, 1, 1),
    ends_on: dt.date | None = None,
) -> User:
    """Give one more role to a user, and return him."""
    if unit is None and role in UNIT_BOUND_ROLES:
        unit = UnitFactory.create()
    GrantFactory.create(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)
    user.forget_roles()
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which the user has signed in."""
    client = Client()
    client.force_login(user)
    return client


def searched(client: Client, path: str, words: str, **filters: str) -> str:
    """Search a private list as its filter bar does, and return the address that it leads to."""
    response = client.post(path, {searches.MARK: "1", searches.FIELD: words, **filters})
    assert response.status_code == 302, response.status_code
    return response["Location"]
