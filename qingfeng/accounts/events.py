from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignedInFromNewPlace:
    """A person signed in from an address or with a browser that he had not used before."""

    place_id: int


@dataclass(frozen=True)
class StandInAsked:
    """Somebody asked that one person stand in for another."""

    stand_in_id: int


@dataclass(frozen=True)
class StandInAnswered:
    """A stand-in was confirmed or refused."""

    stand_in_id: int


@dataclass(frozen=True)
class StandInEnded:
    """A stand-in was ended before its last day, or withdrawn before it was confirmed."""

    stand_in_id: int


@dataclass(frozen=True)
class OfficeHandedOver:
    """An office was handed over: one person's grants end, another's begin."""

    handover_id: int


@dataclass(frozen=True)
class HandoverConfirmed:
    """One of the two confirmed the list of what is open."""

    handover_id: int


@dataclass(frozen=True)
class LiaisonNamed:
    """A unit's head named a liaison officer for his unit."""

    grant_id: int


@dataclass(frozen=True)
class LiaisonObjected:
    """The security administrator took back what a unit's head had given."""

    grant_id: int
