from __future__ import annotations

import hashlib
import json

from django.db.models import Count, Q, QuerySet

from qingfeng.accounts.enums import HandoverState
from qingfeng.accounts.models import Grant, Handover, HandoverItem
from qingfeng.core.actors import Actor
from qingfeng.core.roles import ADMIN_ROLES


def visible_to(user: Actor) -> QuerySet[Handover]:
    """Return the hand-overs in scope: all for the administrators, one's own."""
    rows = Handover.objects.select_related("giver", "taker", "by").annotate(item_count=Count("items"))
    if user.holds(*ADMIN_ROLES):
        return rows
    return rows.filter(Q(giver=user.pk) | Q(taker=user.pk))


def by_id(handover_id: int) -> Handover:
    """Return a hand-over for who is told of it; views fetch from `visible_to`."""
    return with_grants(Handover.objects.select_related("giver", "taker", "by")).get(pk=handover_id)


def with_grants(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.prefetch_related("grants__unit")


def state_of(row: Handover) -> HandoverState:
    if row.given_at is None:
        return HandoverState.GIVING
    return HandoverState.TAKING if row.taken_at is None else HandoverState.DONE


def in_state(rows: QuerySet[Handover], state: str) -> QuerySet[Handover]:
    given, taken = state != HandoverState.GIVING, state == HandoverState.DONE
    return rows.filter(given_at__isnull=not given, taken_at__isnull=not taken)


def role_words(row: Handover) -> str:
    return "、".join(f"{grant}（{grant.unit}）" if grant.unit else str(grant) for grant in row.grants.all())


def items_of(row: Handover) -> list[HandoverItem]:
    return list(row.items.order_by("position"))


def digest_of(row: Handover) -> str:
    """Work out the check value (SM3) of who handed what over to whom, and of the whole list."""
    content = {
        "giver": row.giver_id,
        "taker": row.taker_id,
        "last_day": row.last_day.isoformat(),
        "grants": list(row.grants.order_by("pk").values_list("pk", flat=True)),
        "items": [[item.area, item.title, item.meta, str(item.due_date or "")] for item in items_of(row)],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.new("sm3", text.encode()).hexdigest()


def kept_by_giver(row: Handover) -> list[Grant]:
    """Return the giver's own grants that go on after his last day: they were not handed over."""
    rows = Grant.objects.own().filter(user=row.giver_id, ended_at__isnull=True)
    return list(rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=row.last_day)).select_related("unit"))


def waiting_for(user: Actor) -> QuerySet[Handover]:
    """Return the hand-overs whose list the user has to confirm."""
    giving = Q(giver=user.pk, given_at__isnull=True)
    return visible_to(user).filter(giving | Q(taker=user.pk, given_at__isnull=False, taken_at__isnull=True))
