"""Events: frozen dataclasses of ids, published inside the transaction that made them true.

`shell/wiring.py` lists who reacts. Handlers run at once, in the same transaction, so that none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

Handler = Callable[[Any], None]
_handlers: dict[type, list[Handler]] = defaultdict(list)


def subscribe(event_type: type, handler: Handler) -> None:
    """Let a handler react to an event type; called from `shell/wiring.py` only, once for each pair."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: Any) -> None:
    """Run every handler of the event in the current transaction; raises outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is published inside a transaction")
    for handler in _handlers[type(event)]:
        handler(event)
