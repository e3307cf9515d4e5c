"""A QR code as one SVG path: sharp on paper, small in the page, no picture to store."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004: four)."""


@dataclass(frozen=True)
class Drawing:
    """The side of the square in modules, and the path of what is dark."""

    side: int
    path: str


def draw(text: str) -> Drawing:
    """Draw the code of a text; a sixth of it may be soiled (level M)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    parts = [part for y, row in enumerate(matrix) for part in _runs(row, y)]
    return Drawing(len(matrix) + 2 * QUIET, "".join(parts))


def _runs(row: list[bool], y: int) -> list[str]:
    """Return each run of dark modules in a row as a rectangle."""
    found, x = [], QUIET
    for is_dark, run in groupby(row):
        width = len(list(run))
        if is_dark:
            found.append(f"M{x} {y + QUIET}h{width}v1h-{width}z")
        x += width
    return found
