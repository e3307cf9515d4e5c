"""Two people at once: no second head, no circle, no overwritten edit, on both databases."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.roles import Role
from qingfeng.organizations.actions import people, units
from qingfeng.organizations.models import Post, Unit
from tests import stories
from tests.factories.organizations import LONG_AGO, PersonFactory, UnitFactory
from tests.organizations.workbooks import AT


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that start together, and return how each ended."""
    gate, ended = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            with transaction.atomic():
                act()
                time.sleep(0.3)  # so that the other comes while this one is not committed
            ended[place] = "done"
        except (Conflict, Refused) as failure:
            ended[place] = type(failure).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ended)


def test_appoint_two_heads_at_once_lets_one_pass(each_db) -> None:
    office = stories.user_with(Role.OFFICE)
    unit = UnitFactory.create()
    wanted = PersonFactory.create_batch(2)

    def head(person):
        return lambda: people.appoint(
            person=person, unit=unit, title="局长", is_head=True, held_from=LONG_AGO, by=office, at=AT
        )

    assert at_once(*(head(person) for person in wanted)) == ["Refused", "done"]
    assert Post.objects.count() == 1


def test_edit_two_units_below_each_other_at_once_makes_no_circle(each_db) -> None:
    office = stories.user_with(Role.OFFICE)
    one, two = UnitFactory.create_batch(2)

    ended = at_once(
        lambda: units.edit_unit(unit=one, revision=0, parent=two, by=office, at=AT),
        lambda: units.edit_unit(unit=two, revision=0, parent=one, by=office, at=AT),
    )

    assert ended == ["Refused", "done"]
    assert Unit.objects.filter(parent__isnull=False).count() == 1


def test_close_unit_while_a_unit_is_added_below_lets_one_pass(each_db) -> None:
    office = stories.user_with(Role.OFFICE)
    unit = UnitFactory.create()
    fields: dict[str, Any] = {"code": "N1", "name": "新单位", "short_name": "新单位", "unit_class": "town"}

    ended = at_once(
        lambda: units.close_unit(unit=unit, last_day=dt.date(2026, 1, 1), by=office, at=AT),
        lambda: units.add_unit(**fields, parent=unit, active_from=LONG_AGO, by=office, at=AT),
    )

    assert ended == ["Refused", "done"]


def test_edit_one_unit_by_two_at_once_conflicts(each_db) -> None:
    office = stories.user_with(Role.OFFICE)
    unit = UnitFactory.create()

    ended = at_once(
        lambda: units.edit_unit(unit=unit, revision=0, short_name="甲", by=office, at=AT),
        lambda: units.edit_unit(unit=unit, revision=0, short_name="乙", by=office, at=AT),
    )

    assert ended == ["Conflict", "done"]
    assert Unit.objects.get().revision == 1
