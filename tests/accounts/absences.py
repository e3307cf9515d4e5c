"""How tests come to a stand-in: asked for by the person, confirmed by the security administrator."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qingfeng.accounts.actions import stand_ins
from qingfeng.accounts.models import StandIn, User
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories


def asked(absent: User, deputy: User, **changed: Any) -> StandIn:
    """Ask for ten days from today, for all that the person holds, unless changed."""
    today = clock.today()
    given: dict[str, Any] = {
        "grants": list(absent.grants.own()),
        "leave_kind": "holiday",
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=9),
        "reason": "年休假",
        "by": absent,
        "at": clock.now(),
        **changed,
    }
    return stand_ins.ask(absent=absent, deputy=deputy, **given)


def confirmed(absent: User, deputy: User, **changed: Any) -> StandIn:
    row = asked(absent, deputy, **changed)
    return stand_ins.confirm(stand_in=row, by=stories.user_with(Role.SECURITY_ADMIN), at=clock.now())


def fresh(user: User) -> User:
    """Return the person as the next request reads him."""
    return User.objects.get(pk=user.pk)
