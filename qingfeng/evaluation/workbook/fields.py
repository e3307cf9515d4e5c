"""Make the columns that the sheets of the workbook share."""

from __future__ import annotations

from typing import Any

from qingfeng.core.spreadsheets.columns import Column, Kind

LONG = 2_000
LIST = "多个编码用顿号“、”隔开"


def code(key: str, label: str, *, required: bool = True, **more: Any) -> Column:
    """Return a column of codes."""
    return Column(key, label, Kind.CODE, required=required, max_length=40, **more)


def number(key: str, label: str, *, required: bool = False, **more: Any) -> Column:
    """Return a column of numbers."""
    more.setdefault("low", -1_000_000)
    return Column(key, label, Kind.DECIMAL, required=required, high=1_000_000, **more)


def codes(key: str, label: str, **more: Any) -> Column:
    """Return a column that lists codes."""
    return Column(key, label, max_length=LONG, help=LIST, width=24, **more)


def text(key: str, label: str, *, required: bool = False, width: int = 40, help: str = "") -> Column:
    """Return a column of free text."""
    return Column(key, label, required=required, max_length=LONG, width=width, help=help)
