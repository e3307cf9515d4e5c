"""Whose documents a person may see. Every list and page of this app starts here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qingfeng.core.roles import UNIT_BOUND_ROLES, Role
from qingfeng.documents.enums import NUMBERED, Genre
from qingfeng.documents.models.official import OfficialDocument

WHOLE = (Role.OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.COMMITTEE_CLERK)
"""Those who issue or decide: drafts as well."""

STAFF = (
    *WHOLE,
    Role.CONDUCT_OFFICE,
    Role.PETITION_OFFICE,
    Role.CASE_OFFICE,
    Role.SUPERVISION_OFFICE,
    Role.INVESTIGATION_OFFICE,
    Role.ADJUDICATION_OFFICE,
    Role.REFORM_OFFICE,
)
"""The commission's own people: what they drafted, and what was issued in the open genres."""

NAMED = (Genre.SUMMONS, Genre.PROPOSAL, Genre.DECISION)
"""Genres that are about named people or units: for those who issue, drafted or received them."""

RECEIVING = tuple(sorted(UNIT_BOUND_ROLES))
"""Those who act for a unit: what was issued to it."""


Readers = Callable[[Any], Iterable[int]]
CLOSED: dict[str, Readers] = {}
"""Origins whose documents only those read whom the origin's owner names: the ids that a user may read."""


def visible_to(user: Any) -> QuerySet[OfficialDocument]:
    """Return the documents in scope: all; own and openly issued ones; those issued to the user's units.

    Documents of a closed origin are for those alone whom its owner names, whatever their role.
    """
    rows = _by_role(user)
    for kind, readers in CLOSED.items():
        rows = rows.exclude(Q(origin_kind=kind) & ~Q(origin_id__in=readers(user)))
    return rows


def _by_role(user: Any) -> QuerySet[OfficialDocument]:
    rows = OfficialDocument.objects.all()
    if user.holds(*WHOLE):
        return rows
    condition = Q(recipients__unit__in=user.units_for(*RECEIVING), state__in=NUMBERED)
    if user.holds(*STAFF):
        condition |= Q(drafted_by=user.pk) | (Q(state__in=NUMBERED) & ~Q(genre__in=NAMED))
    for kind, readers in CLOSED.items():
        condition |= Q(origin_kind=kind, origin_id__in=readers(user), state__in=NUMBERED)
    return rows.filter(condition).distinct()


def is_staff(user: Any) -> bool:
    """Say whether the user works on documents, and does not only receive them."""
    return bool(user.holds(*STAFF))


def sees_drafts(user: Any, document: OfficialDocument) -> bool:
    """Say whether the user may read what was not issued: those who issue or decide, and the drafter."""
    return bool(user.holds(*WHOLE)) or document.drafted_by_id == user.pk


def sees_register(user: Any) -> bool:
    """Say whether documents concern the user at all; the three administrators have no part."""
    return bool(user.holds(*STAFF, *RECEIVING))
