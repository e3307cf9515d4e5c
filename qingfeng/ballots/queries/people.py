"""Who may keep a key, and what a keeper has to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from qingfeng.accounts.models import Grant, User
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Keeper, Urn
from qingfeng.core.duties import Duty
from qingfeng.core.roles import COMMISSION_ROLES, Role

AREA = "无记名测评"


def candidates(date: dt.date) -> list[User]:
    """Return who may be named keeper on the day: of the commission, and not of the office that runs it."""
    active = Grant.objects.active_on(date)
    rows = User.objects.filter(is_active=True, pk__in=active.filter(role__in=COMMISSION_ROLES).values("user"))
    rows = rows.exclude(pk__in=active.filter(role=Role.CONDUCT_OFFICE).values("user"))
    return list(rows.order_by("name", "pk"))


def keepers_of(urn: Urn) -> list[Keeper]:
    """Return the urn's keepers by seat."""
    return list(Keeper.objects.filter(urn=urn).select_related("user").order_by("seat"))


def keeper_of(urn: Urn, user: Any) -> Keeper | None:
    """Return the seat that the user keeps, if any."""
    return Keeper.objects.filter(urn=urn, user_id=user.pk).select_related("user").first()


def seat_of(urn_id: int, user_id: int) -> Keeper | None:
    """Return the seat of a person in an urn, by ids."""
    return Keeper.objects.filter(urn=urn_id, user=user_id).select_related("urn", "user").first()


def keepers_of_id(urn_id: int) -> list[Keeper]:
    """Return the keepers of an urn, by its id."""
    return list(Keeper.objects.filter(urn=urn_id).select_related("urn", "user").order_by("seat"))


def duties_of(user: Any, today: dt.date) -> list[Duty]:
    """Return what a keeper has to do: set his passphrase, come to the mixing."""
    rows = Keeper.objects.filter(user_id=user.pk).select_related("urn").order_by("pk")
    found = []
    for row in rows.filter(urn__state__in=[UrnState.PREPARING, UrnState.CLOSED]):
        urn = row.urn
        if urn.state == UrnState.CLOSED:
            found.append(_duty("与另一位保管人一起开箱", urn, "ballots:mix"))
        elif row.accepted_at is None:
            found.append(_duty("设置票箱保管口令", urn, "ballots:passphrase"))
    return found


def _duty(title: str, urn: Urn, name: str) -> Duty:
    return Duty(title, urn.title, AREA, reverse(name, args=[urn.pk]), reverse("ballots:urn_list"))
