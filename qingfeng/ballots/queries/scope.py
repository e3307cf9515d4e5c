"""Which urns a person sees."""

from __future__ import annotations

from qingfeng.ballots.models import Keeper, Urn, UrnQuerySet
from qingfeng.core.actors import Actor
from qingfeng.core.references import Reference
from qingfeng.core.roles import COMMISSION_ROLES, Role

WHOLE = (Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.OFFICE)


def visible_to(user: Actor) -> UrnQuerySet:
    """Return the urns that the user organises, leads, or keeps a key of."""
    if user.holds(*WHOLE):
        return Urn.objects.all()
    if not user.holds(*COMMISSION_ROLES):
        return Urn.objects.none()
    return Urn.objects.filter(pk__in=Keeper.objects.filter(user_id=user.pk).values("urn_id"))


def of_subject(subject: Reference) -> Urn | None:
    """Return the subject's live urn: the one whose votes were not thrown away."""
    return Urn.objects.live().filter(subject_kind=subject.kind, subject_id=subject.id).first()


def all_of_subject(subject: Reference) -> UrnQuerySet:
    """Return the subject's urns, discarded ones too, the newest first."""
    return Urn.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("-pk")
