from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignedInFromNewPlace:
    """A person signed in from an address or with a browser that he had not used before."""

    place_id: int
