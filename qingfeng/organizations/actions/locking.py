"""Locks: two changes that are sound each for itself must not make a circle or a second head together."""

from __future__ import annotations

from qingfeng.organizations.models import Unit


def hold_tree(*wanted: Unit) -> list[Unit]:
    """Lock every unit until the end of the transaction, and return those wanted as they are stored now."""
    held = {unit.pk: unit for unit in Unit.objects.select_for_update().order_by("pk")}
    return [held[unit.pk] for unit in wanted]


def hold_unit(pk: int) -> Unit:
    """Lock one unit until the end of the transaction: who holds which post in it."""
    unit: Unit = Unit.objects.select_for_update().get(pk=pk)
    return unit
