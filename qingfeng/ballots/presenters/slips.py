"""Codes as they are printed: for each a QR code of its address, and the code itself to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qingfeng.ballots.gateways import qr
from qingfeng.ballots.models import Pool


@dataclass(frozen=True)
class Slip:
    """One code with the drawing of its address."""

    code: str
    side: int
    path: str


@dataclass(frozen=True)
class Sheet:
    """The slips of one pool."""

    unit: str
    group: str
    slips: list[Slip]


def address(base: str) -> str:
    """Return the address where a code is typed."""
    return f"{base.rstrip('/')}/b/"


def sheet(pool: Pool, codes: Sequence[str], base: str) -> Sheet:
    """Draw the slips of a pool."""
    return Sheet(pool.unit.short_name, pool.group_name, [_slip(code, base) for code in codes])


def _slip(code: str, base: str) -> Slip:
    drawn = qr.draw(f"{address(base)}{code}/")
    return Slip(code, drawn.side, drawn.path)
