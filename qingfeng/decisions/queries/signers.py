"""Whose turn it is to sign, and in what capacity somebody may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from qingfeng.accounts.models import Grant, User
from qingfeng.core import clock
from qingfeng.core.roles import Role
from qingfeng.decisions.models.approvals import Approval, ApprovalStep, WrittenOpinion

StandIns = Callable[[Any], dict[int, frozenset[str]]]
"""For whom a user stands in today: the absent person's id, and the roles in which he does."""
STAND_INS: list[StandIns] = []
"""Where stand-ins are looked up; `shell/wiring.py` says so by `rules.let_stand_in`."""

REACHED = ~Exists(
    ApprovalStep.objects.filter(
        approval=OuterRef("approval"), position__lt=OuterRef("position"), written__isnull=True
    )
)
"""Every step before this one is signed."""


@dataclass(frozen=True)
class Capacity:
    """How a user may sign a step: for himself, or in the place of somebody."""

    stands_in_for: int | None = None


def stood_in_for(user: Any) -> dict[int, frozenset[str]]:
    """Return for whom the user stands in today, and in which roles."""
    found: dict[int, frozenset[str]] = {}
    for source in STAND_INS:
        for person, roles in source(user).items():
            found[person] = found.get(person, frozenset()) | roles
    return found


def roles_of(user: Any) -> list[str]:
    return [role for role in Role.values if user.holds(role)]


def steps_of(user: Any) -> QuerySet[ApprovalStep]:
    """Return the steps that the user signs or signed: by name, or by a role, also in somebody's place."""
    condition = Q(user=user.pk) | Q(written__by=user.pk)
    condition |= Q(role__in=roles_of(user))
    for roles in stood_in_for(user).values():
        condition |= Q(role__in=sorted(roles))
    return ApprovalStep.objects.filter(condition)


def capacity(user: Any, step: ApprovalStep) -> Capacity | None:
    """Say in what capacity the user may sign the step, or None where he may not.

    What is put before a person by name waits for him: only what is put before a role passes to a stand-in.
    """
    if step.user_id is not None and step.user_id == user.pk:
        return Capacity()
    if step.role and user.holds_himself(step.role):
        return Capacity()
    for person, roles in stood_in_for(user).items():
        if step.role and step.role in roles:
            user.holds(step.role)  # so that the audit book, too, names in whose place he signs
            return Capacity(person)
    return None


def current_step(approval: Approval) -> ApprovalStep | None:
    """Return the step that is next to be signed, or None where all are."""
    return approval.steps.filter(written__isnull=True).select_related("user").order_by("position").first()


def hands_so_far(approval: Approval) -> set[int]:
    """Return who signed the steps before, and in whose place: none of them signs a further step."""
    rows = WrittenOpinion.objects.filter(step__approval=approval)
    return {pk for pair in rows.values_list("by_id", "stands_in_for_id") for pk in pair if pk is not None}


def holders(step: ApprovalStep) -> list[User]:
    """Return who may sign the step today by his own name or role."""
    if step.user is not None:
        return [step.user] if step.user.is_active else []
    grants = Grant.objects.active_on(clock.today()).filter(role=step.role)
    people = User.objects.filter(pk__in=grants.values("user"), is_active=True, seat__isnull=True)
    return list(people.order_by("pk"))
