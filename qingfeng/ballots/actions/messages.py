"""Messages to the keepers, sent in the step that made them necessary."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from qingfeng.ballots.models import Keeper
from qingfeng.core import clock, references
from qingfeng.core.actors import SYSTEM
from qingfeng.notifications import actions as notifications


def tell_of_naming(keeper: Keeper) -> None:
    """Ask a keeper who was named to set his passphrase."""
    urn = keeper.urn
    notifications.send(
        recipients=[keeper.user],
        title="请设置票箱保管口令",
        body=f"您是“{urn.title}”票箱的保管人。口令由您本人设置和保管，丢了就打不开票箱。",
        link=reverse("ballots:passphrase", args=[urn.pk]),
        by=SYSTEM,
        at=clock.now(),
        subject=references.reference_to(urn),
    )


def tell_of_close(keepers: Sequence[Keeper]) -> None:
    """Ask both keepers to open the urn together."""
    for keeper in keepers:
        urn = keeper.urn
        notifications.send(
            recipients=[keeper.user],
            title="投票已截止，请与另一位保管人一起开箱",
            body=f"“{urn.title}”的投票已经截止。两位保管人到一台电脑前，各自输入口令。",
            link=reverse("ballots:mix", args=[urn.pk]),
            by=SYSTEM,
            at=clock.now(),
            subject=references.reference_to(urn),
        )
