"""Two at once: the tries of one name, two roles for one person."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from qingfeng.accounts import gateways
from qingfeng.accounts.actions import grants, seats
from qingfeng.accounts.models import AdminSeat, Grant, User
from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import UserFactory

TOGETHER = 12


def at_once(*jobs: Any) -> list[Any]:
    def run(job: Any) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_tries_at_once_never_exceed_the_limit(each_db) -> None:
    def take() -> int:
        return gateways.take_slot("li.ming", limit=5, window=dt.timedelta(minutes=30))

    slots = at_once(*[take] * TOGETHER)

    assert sorted(slot for slot in slots if slot) == [1, 2, 3, 4, 5]


def test_seat_and_role_at_once_never_meet_in_one_person(each_db) -> None:
    person = UserFactory.create()
    security = stories.user_with(Role.SECURITY_ADMIN)
    stories.user_with(Role.SYSTEM_ADMIN)
    seat = AdminSeat.objects.get(role=Role.SYSTEM_ADMIN)

    def guarded(action: Any, **given: Any) -> bool:
        try:
            action(by=User.objects.get(pk=security.pk), at=clock.now(), reason="任免文件", **given)
        except (Denied, Refused):
            return False
        return True

    outcomes = at_once(
        lambda: guarded(seats.hand_over, seat=seat, to=User.objects.get(pk=person.pk)),
        lambda: guarded(
            grants.give, account=User.objects.get(pk=person.pk), role=Role.OFFICE, starts_on=clock.today()
        ),
    )

    assert sorted(outcomes) == [False, True]
    seated = AdminSeat.objects.filter(user=person).exists()
    assert seated != Grant.objects.filter(user=person).exists()
