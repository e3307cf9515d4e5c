"""Cut a total into parts of whole steps that sum to it exactly: the largest remainder (最大余额法)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction


def apportioned(shares: Sequence[Decimal | float], total: Decimal, places: int) -> tuple[Decimal, ...]:
    """Return parts (n,) in the ratio of shares (n,), each a multiple of 10^−places, that sum to ``total``.

    Each part is its exact size rounded down or up; the largest remainders are rounded up, the earlier of
    equal ones first (Hamilton's method). Shares are settled at 12 decimals, so that binary noise decides no
    tie. Raises ValueError where the total is no such multiple, a share is negative, or none is positive.
    """
    step = Decimal(1).scaleb(-places)
    units = total / step
    if units != units.to_integral_value():
        raise ValueError(f"{total} is no multiple of {step}")
    exact = [Fraction(str(round(share, 12))) for share in shares]
    whole = sum(exact, Fraction(0))
    if whole <= 0 or any(share < 0 for share in exact):
        raise ValueError("shares must be positive")
    sizes = [share / whole * int(units) for share in exact]
    floors = [size.numerator // size.denominator for size in sizes]
    left = int(units) - sum(floors)
    order = sorted(range(len(sizes)), key=lambda place: (floors[place] - sizes[place], place))
    for place in order[:left]:
        floors[place] += 1
    return tuple((Decimal(count) * step).quantize(step, ROUND_FLOOR) for count in floors)


def places_of(numbers: Sequence[Decimal]) -> int:
    """Return how many decimals the finest of some numbers has."""
    exponents = [number.normalize().as_tuple().exponent for number in numbers]
    return max((-one for one in exponents if isinstance(one, int) and one < 0), default=0)
