"""The three administrators read no business data: not even one who was given every role past the actions."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

import qingfeng
from qingfeng.accounts.models import User
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from tests import stories
from tests.factories.accounts import GrantFactory
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db
ADMINISTRATION = {"core", "audit", "accounts", "organizations", "workflow", "notifications", "shell"}
"""Apps without business data: the book, accounts, the list of units, one's own inbox."""


def scopes() -> Iterator[Callable[[Any], Any]]:
    """Yield every `visible_to` of the apps with business data."""
    for info in pkgutil.walk_packages(qingfeng.__path__, "qingfeng."):
        parts = info.name.split(".")
        if len(parts) > 2 and parts[2] == "queries" and parts[1] not in ADMINISTRATION:
            module = importlib.import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if name.endswith("visible_to") and function.__module__ == info.name:
                    yield function


def yields_nothing(scope: Callable[[Any], Any], user: User) -> bool:
    """Say whether the scope is empty whatever the tables hold."""
    found = scope(user)
    if not isinstance(found, QuerySet):
        return not found
    try:
        str(found.query)
    except EmptyResultSet:
        return True
    return found.query.is_empty()


def with_every_role(user: User) -> User:
    """Plant a grant of every business role, as a faulty import might."""
    unit = UnitFactory.create()
    for role in set(Role) - ADMIN_ROLES:
        GrantFactory.create(user=user, role=role, unit=unit if role in UNIT_BOUND_ROLES else None)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_seat_holder_sees_no_business_data(role: str) -> None:
    user = with_every_role(stories.user_with(role))

    leaks = [f"{scope.__module__}.{scope.__name__}" for scope in scopes() if not yields_nothing(scope, user)]

    assert leaks == []


def test_seat_guard_bites_a_scope_that_yields() -> None:
    """An officer sees what a seat holder must not: the same measure tells them apart."""
    officer = with_every_role(stories.user_with(Role.OFFICE))

    open_to_officers = [scope for scope in scopes() if not yields_nothing(scope, officer)]

    assert len(open_to_officers) == len(list(scopes())) > 0
