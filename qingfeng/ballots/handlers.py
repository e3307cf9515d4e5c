"""What the ballots do when something happened: tell the keepers that it is their turn."""

from __future__ import annotations

from qingfeng.ballots.actions import messages
from qingfeng.ballots.events import KeeperNamed, UrnClosed
from qingfeng.ballots.queries import people


def tell_of_naming(event: KeeperNamed) -> None:
    keeper = people.seat_of(event.urn_id, event.user_id)
    if keeper is not None:
        messages.tell_of_naming(keeper)


def tell_of_close(event: UrnClosed) -> None:
    messages.tell_of_close(people.keepers_of_id(event.urn_id))
