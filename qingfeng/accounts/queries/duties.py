"""What waits for a person here: stand-ins to answer, lists to confirm, grants that hang on nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from qingfeng.accounts.queries import handovers, loose, stand_ins
from qingfeng.core.duties import Duty
from qingfeng.core.roles import Role

STAND_IN, HANDOVER, GRANTS = "代理", "岗位交接", "授权"


def duties_of(user: Any, today: dt.date) -> list[Duty]:
    """Return what the user has to answer or confirm."""
    found = [
        Duty(
            "确认代理",
            f"{row}，{row.starts_on:%m-%d} 至 {row.ends_on:%m-%d}",
            STAND_IN,
            reverse("accounts:stand_in", args=[row.pk]),
            f"{reverse('accounts:stand_ins')}?state=asked",
            row.starts_on,
            (row.starts_on - today).days,
        )
        for row in _to_answer(user)
    ]
    found += [
        Duty(
            "确认交接清单",
            str(row),
            HANDOVER,
            reverse("accounts:handover", args=[row.pk]),
            reverse("accounts:handovers"),
            row.last_day,
            (row.last_day - today).days,
        )
        for row in handovers.waiting_for(user)
    ]
    hanging = loose.loose_grants(user, today)
    if hanging:
        where = reverse("accounts:loose_grants")
        found.append(Duty("收回失去依据的授权", f"{len(hanging)} 次", GRANTS, where, where))
    return found


def _to_answer(user: Any) -> list[Any]:
    if not user.holds(Role.SECURITY_ADMIN, Role.UNIT_HEAD):
        return []
    return list(stand_ins.waiting_for(user).order_by("starts_on", "pk"))
