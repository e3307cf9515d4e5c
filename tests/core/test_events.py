from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from qingfeng.core import events
from qingfeng.core.models import Setting


@dataclass(frozen=True)
class DrawerOpened:
    drawer_id: int


@pytest.mark.django_db
def test_publish_inside_a_transaction_runs_each_handler_once() -> None:
    heard: list[int] = []

    def hear(event: DrawerOpened) -> None:
        heard.append(event.drawer_id)

    events.subscribe(DrawerOpened, hear)
    events.subscribe(DrawerOpened, hear)

    with transaction.atomic():
        events.publish(DrawerOpened(7))

    assert heard == [7]


@pytest.mark.django_db
def test_publish_when_a_handler_fails_rolls_the_action_back() -> None:
    @dataclass(frozen=True)
    class DrawerBroken:
        drawer_id: int

    def fail(event: DrawerBroken) -> None:
        raise ValueError("jammed")

    events.subscribe(DrawerBroken, fail)

    with pytest.raises(ValueError, match="jammed"), transaction.atomic():
        Setting.objects.create(key="k", value=1)
        events.publish(DrawerBroken(1))

    assert not Setting.objects.filter(key="k").exists()
