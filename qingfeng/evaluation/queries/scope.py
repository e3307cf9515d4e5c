"""Whose data a person may see. Every list and page of the evaluation starts here."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qingfeng.core.roles import Role

WHOLE = (
    Role.CONDUCT_OFFICE,
    Role.SECRETARY,
    Role.DEPUTY_LEADER,
    Role.COMMITTEE_CLERK,
    Role.OFFICE,
)
"""Those who organise, decide or issue: they see every part of every round."""

AFTER_ANNOUNCEMENT = (
    Role.PETITION_OFFICE,
    Role.CASE_OFFICE,
    Role.SUPERVISION_OFFICE,
    Role.INVESTIGATION_OFFICE,
    Role.ADJUDICATION_OFFICE,
    Role.REFORM_OFFICE,
)
"""The commission's other offices: announced results of every unit, nothing before."""

OF_UNIT = (Role.UNIT_HEAD, Role.UNIT_LIAISON)
FOR_UNIT = (*OF_UNIT, Role.STATIONED_GROUP, Role.TOWN_COMMISSION)
"""Those who act for single units: announced results of these."""


def sees_whole(user: Any) -> bool:
    return bool(user.holds(*WHOLE))


def sees_announced(user: Any) -> bool:
    return bool(user.holds(*AFTER_ANNOUNCEMENT))


def sees_others(user: Any) -> bool:
    """Say whether the user reads results of units that are not given to him."""
    return sees_whole(user) or sees_announced(user)


def has_any_part(user: Any) -> bool:
    """Say whether the evaluation concerns the user at all; the three administrators have no part."""
    departments = (Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER)
    return bool(user.holds(*WHOLE, *AFTER_ANNOUNCEMENT, *FOR_UNIT, *departments))


def own_units(user: Any) -> set[int]:
    return set(user.units_for(*OF_UNIT))


def narrowed(rows: QuerySet[Any], condition: Q | None) -> QuerySet[Any]:
    """Filter by the condition; None sees nothing."""
    return rows.none() if condition is None else rows.filter(condition)
