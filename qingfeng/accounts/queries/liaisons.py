"""A unit's liaison officers, and who of the unit can be named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from qingfeng.accounts.models import Grant, User
from qingfeng.accounts.queries import stand_ins
from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Unit


@dataclass(frozen=True)
class UnitLiaisons:
    """A unit with those who are, or will be, its liaison officers."""

    unit: Unit
    grants: list[Grant]


def units_headed_by(user: Actor) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.filter(pk__in=user.units_for(Role.UNIT_HEAD))
    return rows.order_by("sort_order", "code")


def of_units_headed_by(user: Actor, today: dt.date) -> list[UnitLiaisons]:
    return [UnitLiaisons(unit, list(of_unit(unit, today))) for unit in units_headed_by(user)]


def of_unit(unit: Unit, today: dt.date) -> QuerySet[Grant]:
    """Return the unit's liaison grants of today and of later; not those held in somebody's place."""
    rows = Grant.objects.own().open_from(today).filter(unit=unit, role=Role.UNIT_LIAISON)
    return rows.select_related("user", "granted_by").order_by("starts_on", "pk")


def candidates(unit: Unit, head: Actor) -> QuerySet[User]:
    """Return the accounts of the unit's people; an account for a new one is opened by the administrator."""
    rows = User.objects.filter(pk__in=stand_ins.people_of([unit.pk]).values("pk"))
    rows = rows.filter(is_active=True, seat__isnull=True).exclude(pk=head.pk)
    return rows.order_by("name", "pk")


def grant_by_id(grant_id: int) -> Grant:
    """Return a grant for who is told of it; views fetch from a scope."""
    return Grant.objects.select_related("user", "unit", "granted_by", "ended_by").get(pk=grant_id)
