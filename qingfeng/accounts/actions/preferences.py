from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction

from qingfeng.accounts import rules
from qingfeng.accounts.queries import policy
from qingfeng.audit import actions as audit
from qingfeng.core import preferences, references
from qingfeng.core.actors import SYSTEM, Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.models import Setting

UNSEEN: Final = object()


@transaction.atomic
def change(*, key: str, value: Any, by: Actor, at: dt.datetime, seen: Any = UNSEEN) -> None:
    """Set a declared setting; `seen` is the value the page showed.

    Raises `Denied`, `Refused` where the value does not fit, and `Conflict` where it was changed meanwhile.
    """
    rules.change_preference.check(by)
    _change(key=key, value=value, by=by, at=at, seen=seen)


@transaction.atomic
def open_admin_addresses(*, at: dt.datetime) -> None:
    """Empty the list of the administrators' addresses, from the host: no page is open to who is shut out."""
    _change(key=policy.ADMIN_ADDRESSES.key, value=[], by=SYSTEM, at=at)


def _change(*, key: str, value: Any, by: Actor, at: dt.datetime, seen: Any = UNSEEN) -> None:
    declared = preferences.REGISTRY[key]
    fault = declared.fault_of(value)
    if fault:
        raise Refused(fault)
    row, _ = Setting.objects.get_or_create(key=key, defaults={"value": declared.default})
    row = Setting.objects.select_for_update().get(pk=row.pk)
    before = row.value
    if seen is not UNSEEN and seen != before:
        raise Conflict
    Setting.objects.filter(pk=row.pk).update(value=value)
    audit.record(
        action="setting.change",
        by=by,
        at=at,
        subject=references.reference_to(row),
        detail={"key": key, "before": before, "after": value},
    )
