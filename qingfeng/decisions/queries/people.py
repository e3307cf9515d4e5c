from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from qingfeng.accounts.models import Grant, User
from qingfeng.core.roles import COMMISSION_ROLES, Role

MEMBERS = (Role.SECRETARY, Role.DEPUTY_LEADER)
"""Who sits on the standing committee as far as the platform knows; the clerk adds the others."""


def office_of(user: Any) -> str:
    """Return in whose name a person of the commission acts: the first of his roles, or nothing."""
    return next((str(role) for role in Role if role in COMMISSION_ROLES and user.holds(role)), "")


def of_commission(date: dt.date) -> QuerySet[User]:
    """Return the accounts that hold a role of the commission on a date."""
    return _holding(COMMISSION_ROLES, date)


def members(date: dt.date) -> QuerySet[User]:
    """Return the committee's members: who stands in for a leader does his work, and has no vote of his."""
    return _holding_themselves(MEMBERS, date)


def clerks(date: dt.date) -> QuerySet[User]:
    return _holding((Role.COMMITTEE_CLERK,), date)


def is_secretary(user: User, date: dt.date) -> bool:
    return _holding_themselves((Role.SECRETARY,), date).filter(pk=user.pk).exists()


def by_id(pk: int) -> User | None:
    return User.objects.filter(pk=pk).first()


def secretaries(date: dt.date) -> list[int]:
    return list(_holding_themselves((Role.SECRETARY,), date).values_list("pk", flat=True))


def _holding(roles: Any, date: dt.date) -> QuerySet[User]:
    """Return who holds a role on a date, also in somebody's place."""
    return _people(Grant.objects.active_on(date), roles)


def _holding_themselves(roles: Any, date: dt.date) -> QuerySet[User]:
    return _people(Grant.objects.active_on(date).own(), roles)


def _people(grants: QuerySet[Grant], roles: Any) -> QuerySet[User]:
    held = grants.filter(role__in=list(roles))
    rows = User.objects.filter(pk__in=held.values("user"), is_active=True, seat__isnull=True)
    return rows.order_by("pk")
